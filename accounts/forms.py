"""Forms of people's pages in the back office."""

from unfold.forms import UserChangeForm

from shop.concurrent_edits import ConcurrentEditForm


class UserForm(ConcurrentEditForm, UserChangeForm):  # type: ignore[misc]  # unfold ships no types
    """A person's page."""
