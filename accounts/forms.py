"""Admin forms of users and passwords."""

from unfold.forms import AdminOwnPasswordChangeForm, AdminPasswordChangeForm, UserChangeForm

from accounts.models import User
from shop.admin.concurrent_edits import ConcurrentEditForm


class UserForm(ConcurrentEditForm, UserChangeForm):  # type: ignore[misc]  # unfold ships no types
    """Form of a user's admin page."""


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
