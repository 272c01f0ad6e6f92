"""Query parameters of the API: each view declares the ones that it takes, all others are refused."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

Handler = TypeVar("Handler", bound=Callable[..., Any])
MAX_NAMED = 20  # unknown names in one answer: a body has room for 10,000 of them
MAX_NAME = 60  # characters


def takes(*names: str) -> Callable[[Handler], Handler]:
    """Declare the query parameters of a handler: of `get`, or of `list` in a viewset."""

    def declare(handler: Handler) -> Handler:
        handler.query_parameters = frozenset(names)  # type: ignore[attr-defined]  # read by KnownParameters
        return handler

    return declare


class KnownParameters(APIView):
    """View that refuses query parameters which its handler does not take.

    Otherwise a misspelled filter would be ignored: `catgory_id=3` would list the whole catalog.
    """

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the parameters after sign-in and rate limits; a method without a handler gets its 405 later.

        :raises ValidationError: with the unknown parameters.
        """
        super().initial(request, *args, **kwargs)
        handler = getattr(self, (request.method or "").lower(), None)
        if request.query_params and handler is not None:
            known: frozenset[str] = getattr(handler, "query_parameters", frozenset())
            unknown = [name for name in request.query_params if name not in known]
            if unknown:
                sentence = _("There is no such parameter.")
                raise ValidationError(unknown_names(unknown, sentence, known))


def unknown_names(unknown: Iterable[str], sentence: str, known: Iterable[str]) -> dict[str, list[ErrorDetail]]:
    """Return an error for each unknown name of a request, with the names that are allowed."""
    allowed = ", ".join(sorted(known))
    if allowed:
        sentence += " " + _("Allowed: %(names)s.") % {"names": allowed}
    error = ErrorDetail(sentence, code="unknown")
    return {_printable(name): [error] for name, __ in zip(unknown, range(MAX_NAMED), strict=False)}


def _printable(name: str) -> str:
    # A name in JSON may have half of a surrogate pair, which no answer can.
    name = name.encode("utf-8", "replace").decode()
    return name if len(name) <= MAX_NAME else f"{name[:MAX_NAME]}…"
