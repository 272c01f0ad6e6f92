"""Public paths: whose answers to a GET request are the same for all, as the apps declare them (PUBLIC_PATHS)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class PublicPath:
    """A path whose answers may be kept in memory, with all that they depend on beside host, scheme and origin."""

    path: str  # a slash at the end of a path below /api/ changes nothing
    parameters: frozenset[str] = frozenset()  # the query parameters that its view reads
    has_items: bool = False  # the paths of its items are public as well: a slash and an id; they read no parameters
    by_language: bool = False  # Accept-Language chooses the language of the answer
    by_presence: bool = False  # only whether any of the parameters is sent matters, and not which one


def public_paths() -> Iterable[PublicPath]:
    """Return what all apps declare."""
    return [path for name in settings.PUBLIC_PATHS for path in import_string(name)]
