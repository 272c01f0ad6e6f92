"""Admin pages of users and groups.

Only superusers see or change rights, on the pages of users and of groups. Staff with the permission to change users
manage customers; they cannot take over the account of a superuser or of other staff.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.forms import UserCreationForm

from accounts.forms import OwnPasswordForm, PasswordForm, UserForm
from accounts.models import User
from accounts.services import CUSTOMER_NAME
from shop.admin.pages import ShopAdmin, lock

admin.site.unregister(Group)

RIGHTS = ["is_staff", "is_superuser", "groups", "user_permissions"]
STAFF = Q(is_staff=True) | Q(is_superuser=True)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ShopAdmin):  # type: ignore[misc, type-arg]  # generic in the stubs only
    """Customers and staff. Fields that Telegram reports are read-only: the next sign-in would overwrite them."""

    form = UserForm
    add_form = UserCreationForm
    change_password_form = PasswordForm
    list_display = [
        "__str__",
        "telegram_username",
        "telegram_id",
        "phone",
        "is_staff",
        "is_active",
        "last_seen_at",
    ]
    list_filter = ["is_staff", "is_active", "is_premium"]
    search_fields = ["username", "first_name", "last_name", "telegram_username", "=telegram_id", "phone"]
    ordering = ["-id"]
    readonly_fields = [
        "telegram_username",
        "telegram_language_code",
        "photo_url",
        "is_premium",
        "allows_write_to_pm",
        "bot_blocked_at",
        "last_seen_at",
        "last_login",
        "date_joined",
    ]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email", "phone", "language_code"]}),
        (
            "Telegram",
            {
                "fields": [
                    "telegram_id",
                    "telegram_username",
                    "telegram_language_code",
                    "photo_url",
                    "is_premium",
                    "allows_write_to_pm",
                    "bot_blocked_at",
                    "last_seen_at",
                ]
            },
        ),
        (_("Rights"), {"fields": ["is_active", *RIGHTS]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Add the fields that this member of staff may not change, and the generated user name of a customer."""
        readonly = list(super().get_readonly_fields(request, obj))
        if obj and obj.username.startswith(CUSTOMER_NAME):
            readonly.append("username")  # form validation would reject its colon
        if not _is_superuser(request):
            readonly += ["username", "telegram_id"]
            if obj and is_staff(obj):
                readonly += ["email", "is_active"]
        return list(dict.fromkeys(readonly))

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Show rights and passwords to superusers only."""
        fieldsets = super().get_fieldsets(request, obj)
        if _is_superuser(request):
            return fieldsets
        hidden = {*RIGHTS, "password"}
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in hidden]})
            for title, options in fieldsets
        ]

    def get_list_display(self, request: HttpRequest) -> Any:
        """Show the staff column to superusers only."""
        return _without_rights(request, super().get_list_display(request))

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Show the staff filter to superusers only."""
        return _without_rights(request, super().get_list_filter(request))

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Allow filters by rights to superusers only: a filter reveals which accounts have them."""
        if lookup.partition("__")[0] in RIGHTS and not _is_superuser(request):
            return False
        return bool(super().lookup_allowed(lookup, value, request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Allow superusers only: customers come from Telegram, so an account added by hand is for staff."""
        return _is_superuser(request) and super().has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Allow superusers only to delete staff."""
        if isinstance(obj, User) and is_staff(obj) and not _is_superuser(request):
            return False
        return bool(super().has_delete_permission(request, obj))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Delete the selected users.

        :raises PermissionDenied: if one of them has become staff since the permissions were checked.
        """
        with transaction.atomic():
            lock(User.objects.filter(pk__in=queryset.values("pk")))
            if not _is_superuser(request) and queryset.filter(STAFF).exists():
                raise PermissionDenied
            super().delete_queryset(request, queryset)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:  # noqa: A002 - Django's
        """Set the password of another account; one's own is changed on a page that asks for the old password.

        :raises PermissionDenied: if the request is not a superuser's.
        """
        if not _is_superuser(request):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ShopAdmin):  # type: ignore[misc]  # the stubs disagree with unfold
    """Groups of staff and their permissions; for superusers only."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_superuser(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_superuser(request)


def change_own_password(request: HttpRequest) -> HttpResponseBase:
    """View in which staff change their own password.

    Replaces the view of unfold, whose form writes the whole row, rights included: rights that a superuser removes at
    the same moment would come back.
    """
    view = PasswordChangeView.as_view(
        form_class=OwnPasswordForm,
        success_url=reverse("admin:password_change_done"),
        extra_context=admin.site.each_context(request),
    )
    return view(request)


def is_staff(user: User) -> bool:
    """Return whether an account can sign in to the back office, or has a superuser's rights."""
    return user.is_staff or user.is_superuser


def _is_superuser(request: HttpRequest) -> bool:
    # Django's own rule: an inactive superuser has no permissions.
    return bool(request.user.is_active and getattr(request.user, "is_superuser", False))


def _without_rights(request: HttpRequest, names: Any) -> list[str]:
    return [name for name in names if _is_superuser(request) or name not in RIGHTS]
