"""People in the back office."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserCreationForm

from accounts.forms import UserForm
from accounts.models import User
from accounts.services import CUSTOMER_NAME
from shop.admin import ShopAdmin

admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ShopAdmin):  # type: ignore[misc, type-arg]  # generic in the stubs only
    """Customers and staff. What Telegram reports is read-only: it would be overwritten."""

    form = UserForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
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
        (_("Rights"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Keep the made-up name of a customer as it is: no form would take its colon."""
        made_up = ["username"] if obj and obj.username.startswith(CUSTOMER_NAME) else []
        return [*super().get_readonly_fields(request, obj), *made_up]


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ShopAdmin):  # type: ignore[misc]  # the stubs disagree with unfold
    """Groups of staff and what they may do."""
