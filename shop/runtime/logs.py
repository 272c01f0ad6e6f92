"""Logging and Sentry: configuration, and a filter for personal data.

Query strings, headers and bodies contain phones, names and init data. A log line has only the method and path of a
request, and the message of a database error without the values of the row.
"""

import logging
import re
from collections.abc import Iterator
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Any

import psycopg
from pythonjsonlogger.json import JsonFormatter

if TYPE_CHECKING:
    from sentry_sdk.types import Breadcrumb, Event, Hint

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

JSON_FIELDS = ("asctime", "levelname", "name", "message", "status_code", "exc_info", "stack_info")
WITHHELD = "(values withheld)"


def logging_config(log_format: str) -> dict[str, Any]:
    """Return Django's LOGGING, also for gunicorn: all to stderr, as text or as one JSON object per line."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "text": {"()": "shop.runtime.logs.TextLines", "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
            "json": {"()": "shop.runtime.logs.JSONLines", "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        },
        "filters": {"requests": {"()": "shop.runtime.logs.RequestFilter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": log_format, "filters": ["requests"]}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            # gunicorn gives it its own handler and format.
            "gunicorn.error": {"handlers": [], "propagate": True},
            # A line for each job is too much: the notification has the result.
            "procrastinate": {"level": "WARNING"},
        },
    }


class RequestFilter(logging.Filter):
    """Logging filter that removes everything of a request from a record but its method and path.

    Records are changed in place, so that Sentry, which reads them after the handlers, gets no more than the log.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record; keep every record."""
        request = record.__dict__.pop("request", None)
        if record.name == "gunicorn.error":
            _cut_gunicorn(record)
        elif request is not None and getattr(record, "status_code", 500) < HTTPStatus.INTERNAL_SERVER_ERROR:
            _shorten_refusal(record, request)
        return True


def _shorten_refusal(record: logging.LogRecord, request: Any) -> None:
    """Reduce a request that Django refused to one WARNING line: the reason and the path.

    Django logs, for example, a wrong Host as an error with a traceback, and CSRF failures with the Referer.
    """
    if record.exc_info and record.exc_info[0]:
        reason = record.exc_info[0].__name__
    elif record.name == "django.security.csrf" and isinstance(record.args, tuple):
        reason = str(record.args[0]).partition(" - ")[0].rstrip(".")
    else:
        return  # such as "Not Found: /path"
    path = request.path.encode("unicode_escape").decode("ascii")
    phrase = HTTPStatus(record.status_code).phrase  # type: ignore[attr-defined]  # Django sets it
    record.msg, record.args, record.exc_info = "%s (%s): %s", (phrase, reason, path), None
    record.levelno, record.levelname = logging.WARNING, "WARNING"  # a refused request is not an error of the shop


def _cut_gunicorn(record: logging.LogRecord) -> None:
    """Remove the query of a URL and the quoted part of a malformed request."""
    if isinstance(record.args, tuple):
        record.args = tuple(each.partition("?")[0] if isinstance(each, str) else each for each in record.args)
    refusal = re.match(r"Invalid request from ip=\S+: [^:,('\"]*", record.msg) if isinstance(record.msg, str) else None
    if refusal:
        record.msg = refusal[0].rstrip()


class _NoRowValues(logging.Formatter):
    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - logging's name
        """Format a traceback, without values of rows in database errors."""
        return without_values(super().formatException(ei), ei[1])


class TextLines(_NoRowValues):
    """Formatter of plain text lines."""


class JSONLines(_NoRowValues, JsonFormatter):
    """Formatter of one JSON object per line, with known attributes only: libraries add whole objects to records."""

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Return the known fields."""
        return {name: log_data[name] for name in JSON_FIELDS if name in log_data}


def without_values(text: str, error: BaseException | None) -> str:
    """Remove the values of rows from a text that contains a PostgreSQL error or one of its causes.

    Its DETAIL reads `Key (phone)=(+7…) already exists` or `Failing row contains (…)`, in the server's language.
    """
    for each in _with_causes(error):
        if isinstance(each, psycopg.Error) and each.diag.message_primary:
            # Class 22, data exceptions: the value is in the message itself.
            has_value = (each.sqlstate or "").startswith("22")
            safe = f"SQLSTATE {each.sqlstate}" if has_value else each.diag.message_primary
            text = text.replace(str(each), f"{safe} {WITHHELD}")
    return text


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def start_sentry(dsn: str) -> None:
    """Report errors to Sentry without headers, queries, bodies or local variables: no init data, no phones."""
    import sentry_sdk  # it patches other libraries: imported only if configured

    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=_before_send,
        before_breadcrumb=_before_breadcrumb,
    )


def _before_send(event: "Event", hint: "Hint") -> "Event":
    request = event.get("request")
    if request:  # a worker has none
        event["request"] = {"method": request.get("method"), "url": str(request.get("url", "")).partition("?")[0]}
    event.pop("extra", None)  # attributes of log records
    error = hint["exc_info"][1] if hint.get("exc_info") else None
    for each in event.get("exception", {}).get("values", []):
        each["value"] = without_values(each.get("value") or "", error)
    return event


def _before_breadcrumb(crumb: "Breadcrumb", _hint: "Hint") -> "Breadcrumb | None":
    """Drop calls of the Bot API, whose URLs contain the token, and SQL, which contains search terms."""
    if crumb.get("category") in ("httplib", "query"):
        return None
    crumb.pop("data", None)  # attributes of log records
    return crumb
