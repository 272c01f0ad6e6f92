"""Form of a promotion."""

from typing import Any

from promotions.models import Promotion, key_of, normal_code
from shop.admin.concurrent_edits import ConcurrentEditForm


class PromotionForm(ConcurrentEditForm):
    """A promotion."""

    class Meta:
        model = Promotion
        fields = "__all__"  # the admin's fieldsets say which

    def clean_code(self) -> str:
        """Take the code in any case, with the key that makes it unique."""
        code = normal_code(self.cleaned_data["code"])
        self.instance.code_key = key_of(code)
        return code

    def _get_validation_exclusions(self) -> set[str]:
        # Their constraints say that another promotion has this code, and that the limit is below the uses so far.
        exclude: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # private, and not in the stubs
        return exclude - {"code_key", "used"}

    def clean(self) -> dict[str, Any]:
        """Forget the value of a kind that has none."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind") == Promotion.Kind.FREE_DELIVERY:
            cleaned["value"] = 0
        return cleaned
