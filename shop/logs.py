"""Where log lines go, and what must never be in them."""

from typing import Any


def logging_config(log_format: str) -> dict[str, Any]:
    """Make Django's LOGGING: everything to stderr, as text or as one JSON object a line."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "text": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": log_format}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            # A line for each job is too much: the outcome is on the notification.
            "procrastinate": {"level": "WARNING"},
        },
    }


def start_sentry(dsn: str) -> None:
    """Report errors to Sentry without headers, bodies or local variables: init data and phones stay here."""
    import sentry_sdk  # it patches what it finds: loaded only when wanted

    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        # Calls of the Bot API: their addresses have the token in them.
        before_breadcrumb=lambda crumb, _hint: None if crumb.get("category") == "httplib" else crumb,
    )
