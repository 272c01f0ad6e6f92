"""Admin pages of rows whose changes are recorded (django-simple-history)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from simple_history.admin import SimpleHistoryAdmin

from shop.admin.pages import ShopAdmin

# A word of unfold's that has no Russian there: marked here, it gets one in this project's translations.
WORDS_OF_UNFOLD = (gettext_noop("Changes"),)


class HistoryAdmin(SimpleHistoryAdmin, ShopAdmin):  # type: ignore[misc]  # simple_history ships no types
    """Admin page of rows whose changes are recorded, with the list of the changes."""

    def history_form_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show a row as it was. A POST would write it back without the checks of the present form."""
        if request.method == "POST":
            raise PermissionDenied
        response: HttpResponse = super().history_form_view(request, *args, **kwargs)
        return response
