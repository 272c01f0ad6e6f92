"""API errors as RFC 9457 problems, each with a stable `code`, in the language of the request."""

import logging
import sys
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from shop.api.parsers import BodyTooLarge
from shop.errors import DomainError

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
# Phrases of the HTTP statuses, as RFC 9457 recommends; 413 and 422 have other names since Python 3.13.
TITLES = {
    400: gettext_lazy("Bad Request"),
    401: gettext_lazy("Unauthorized"),
    403: gettext_lazy("Forbidden"),
    404: gettext_lazy("Not Found"),
    405: gettext_lazy("Method Not Allowed"),
    409: gettext_lazy("Conflict"),
    413: gettext_lazy("Request Entity Too Large"),
    415: gettext_lazy("Unsupported Media Type"),
    422: gettext_lazy("Unprocessable Entity"),
    429: gettext_lazy("Too Many Requests"),
    500: gettext_lazy("Internal Server Error"),
    503: gettext_lazy("Service Unavailable"),
}


class DomainProblem(exceptions.APIException):
    """DRF exception for a DomainError."""

    def __init__(self, error: DomainError) -> None:
        super().__init__(error.detail, code=error.code)
        self.status_code = error.status
        self.data = error.data


class Busy(exceptions.APIException):
    """The database is unavailable, or a row stayed locked for too long: the client can retry."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_detail = gettext_lazy("The shop is busy; try again in a moment.")
    default_code = "busy"
    data: dict[str, Any] = {}
    wait = 1  # seconds, sent as Retry-After


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the problem of an exception; DRF's own handler rolls back and sets the headers.

    :returns: None for an unexpected exception: it becomes a 500, with its traceback in the log.
    """
    if isinstance(error, DomainError):
        error = DomainProblem(error)
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, Http404):
        error = exceptions.NotFound(_("There is no such thing here, or it is not yours."))
    elif isinstance(error, OperationalError | InterfaceError):
        logger.warning("The database did not serve a request: %s", type(error.__cause__ or error).__name__)
        error = Busy()
    elif isinstance(error, RequestDataTooBig):  # beyond DATA_UPLOAD_MAX_MEMORY_SIZE no parser is called
        error = BodyTooLarge()
    elif isinstance(error, SuspiciousOperation):
        error = exceptions.ParseError(_("The request is malformed."))
    response = drf_exception_handler(error, context)
    if response is None:
        return None
    # Set here and not in `detail`, where DRF would convert numbers to strings.
    response.data = _problem(error, response.status_code)
    response.content_type = CONTENT_TYPE
    return response


def _problem(error: Exception, status: int) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        return problem(
            status,
            "invalid",
            _("Some values are not right; `errors` says which."),
            errors=_by_field(error.get_full_details()),
        )
    assert isinstance(error, exceptions.APIException)  # noqa: S101 - all others were converted above
    throttled = isinstance(error, exceptions.Throttled)
    detail = _throttled(error.wait) if throttled else str(error.detail)  # type: ignore[attr-defined]  # the stubs lack it
    return problem(status, str(error.get_codes()), detail, **getattr(error, "data", {}))


def _throttled(seconds: int | None) -> str:
    # DRF inserts the number before it looks up the translation, and so finds none.
    if seconds is None:
        return _("Too many requests; try again later.")
    sentence = ngettext(
        "Too many requests; try again in %(seconds)s second.",
        "Too many requests; try again in %(seconds)s seconds.",
        seconds,
    )
    return sentence % {"seconds": seconds}


def _by_field(details: Any) -> Any:
    """Return the tree of fields with `{code, message}` for each leaf."""
    # Fields may have these names, too; a leaf has a text as its code.
    if isinstance(details, dict) and isinstance(details.get("code"), str):
        return {"code": details["code"], "message": str(details["message"])}
    if isinstance(details, dict):
        return {field: _by_field(inner) for field, inner in details.items()}
    return [_by_field(inner) for inner in details]


def problem(status: int, code: str, detail: str, **data: Any) -> dict[str, Any]:
    """Return the body of a problem (RFC 9457, section 3)."""
    return {
        "type": "about:blank",
        "title": str(TITLES[status]),
        "status": status,
        "detail": detail,
        "code": code,
        **data,
    }


def problem_response(status: int, code: str, detail: str) -> JsonResponse:
    """Return a problem response outside DRF."""
    return JsonResponse(problem(status, code, detail), status=status, content_type=CONTENT_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Django's handler400, such as for a wrong Host header."""
    return problem_response(400, "bad_request", _("The request is malformed, or was sent to a host that is not ours."))


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Django's handler404."""
    return problem_response(404, "not_found", _("There is nothing at this address."))


def server_error(request: HttpRequest) -> JsonResponse:
    """Django's handler500: 503 while the database is unavailable, else 500; only the log has the cause."""
    # Django calls this while it handles the exception. API errors are handled by exception_handler() before.
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        response = problem_response(Busy.status_code, Busy.default_code, str(Busy.default_detail))
        response["Retry-After"] = str(Busy.wait)
        return response
    return problem_response(500, "server_error", _("Something went wrong on our side; it was written down."))
