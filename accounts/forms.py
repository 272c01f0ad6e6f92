"""Admin forms of users and passwords."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminOwnPasswordChangeForm, AdminPasswordChangeForm, UserChangeForm

from accounts.models import User
from accounts.services import CUSTOMER_NAME
from shop.admin.concurrent_edits import ConcurrentEditForm


class UserForm(ConcurrentEditForm, UserChangeForm):  # type: ignore[misc]  # unfold ships no types
    """Form of a user's admin page."""

    def clean_telegram_id(self) -> int | None:
        """Refuse another customer's Telegram id: the row was made for its own, which then could not sign in."""
        telegram_id: int | None = self.cleaned_data["telegram_id"]
        name = self.instance.username
        if telegram_id and name.startswith(CUSTOMER_NAME) and name != f"{CUSTOMER_NAME}{telegram_id}":
            raise ValidationError(_("This is the account of another Telegram user: keep its id, or leave it empty."))
        return telegram_id


class _PasswordOnly:
    """Save the password column only: Django writes the whole row and would undo changes made meanwhile."""

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit=False)  # type: ignore[misc]  # a mixin
        if commit:
            user.save(update_fields=["password"])
        return user


class PasswordForm(_PasswordOnly, AdminPasswordChangeForm):  # type: ignore[misc]  # unfold ships no types
    """Form in which a superuser sets the password of another account."""


class OwnPasswordForm(_PasswordOnly, AdminOwnPasswordChangeForm):  # type: ignore[misc]  # unfold ships no types
    """Form in which staff change their own password."""
