"""gunicorn configuration; `python -m shop.serve` starts gunicorn with it."""

import logging.config
import os
import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from gunicorn.glogging import Logger

from shop.config import integer, optional  # a name `config` here would be taken for a setting of gunicorn
from shop.postgres.addresses import WebServer

WebServer.here = True  # decides DATABASES in the settings
try:
    from shop import settings
    from shop.runtime import cpu_affinity

    port = optional("PORT", integer(1, 65535), 8000)
    workers = optional("WEB_CONCURRENCY", integer(1, 64), min(4, os.cpu_count() or 1))
except ImproperlyConfigured as error:
    sys.exit(f"botshop cannot start: {error}")


def listen(_worker: Any) -> None:
    """Start the listener in each worker, after the application and its models are loaded."""
    from shop.postgres.listener import listener

    listener.start()


class logger_class(Logger):  # type: ignore[misc]  # noqa: N801 - the setting's name; it ships no types
    """Logger that gives gunicorn's lines and Python's warnings the format and filter of all others."""

    def setup(self, cfg: Any) -> None:
        """Configure the loggers, at the start and at each reload."""
        super().setup(cfg)
        logging.config.dictConfig(settings.LOGGING)
        logging.captureWarnings(True)


bind = f"127.0.0.1:{port}"  # not $HOST: csh and conda set that to something else
worker_class = "shop.runtime.draining.DrainingWorker"
threads = settings.THREADS
# Loading before the fork shares memory, and a wrong configuration fails the start, not each worker.
preload_app = True
timeout = 60
graceful_timeout = 30
max_requests = 20_000
max_requests_jitter = 2_000
keepalive = 75  # longer than nginx's
if cpu_affinity.one_for_each(workers):
    pre_fork, post_fork = cpu_affinity.choose, cpu_affinity.stay
post_worker_init = listen
# Otherwise clients could set SCRIPT_NAME and PATH_INFO through a proxy that forwards headers; our proxy sets neither.
forwarder_headers = ""
control_socket_disable = True  # unused, and it would be shared by all shops of one user


def on_starting(_arbiter: Any) -> None:
    """Abort the start if the connections are misconfigured; only warn if the database is unreachable."""
    from shop.postgres import checks  # needs the loaded application

    for issue in checks.check_direct() or checks.check_pooled():
        if issue.is_serious() and issue.id != checks.UNREACHABLE:
            sys.exit(f"botshop cannot start: {issue.msg}")
        logging.getLogger(__name__).warning(issue.msg)
