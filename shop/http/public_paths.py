"""Paths whose GET responses are the same for all clients, as declared by the apps (PUBLIC_PATHS)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class PublicPath:
    """Path with cacheable responses, and the inputs that they depend on besides host, scheme and origin."""

    path: str  # a trailing slash is optional below /api/
    parameters: frozenset[str] = frozenset()  # the query parameters that its view reads
    has_items: bool = False  # the paths of its items (slash and id, without parameters) are public, too
    by_language: bool = False  # the response depends on Accept-Language
    by_presence: bool = False  # the response depends only on whether a parameter is sent

    @property
    def refuses_others(self) -> bool:
        """Return whether requests with other parameters are refused; the pages ignore them."""
        return self.path.startswith("/api/")


def public_paths() -> Iterable[PublicPath]:
    """Return the public paths of all apps."""
    return [path for name in settings.PUBLIC_PATHS for path in import_string(name)]
