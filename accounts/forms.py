"""Forms of people's pages in the back office."""

from unfold.forms import AdminOwnPasswordChangeForm, AdminPasswordChangeForm, UserChangeForm

from accounts.models import User
from shop.admin.concurrent_edits import ConcurrentEditForm


class UserForm(ConcurrentEditForm, UserChangeForm):  # type: ignore[misc]  # unfold ships no types
    """A person's page."""


class _PasswordOnly:
    """Write the password column alone: Django writes the whole row, and would undo changes made meanwhile."""

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit=False)  # type: ignore[misc]  # a mixin
        if commit:
            user.save(update_fields=["password"])
        return user


class PasswordForm(_PasswordOnly, AdminPasswordChangeForm):  # type: ignore[misc]  # unfold ships no types
    """Somebody's password, set by a superuser."""


class OwnPasswordForm(_PasswordOnly, AdminOwnPasswordChangeForm):  # type: ignore[misc]  # unfold ships no types
    """One's own password."""
