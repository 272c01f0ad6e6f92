"""How gunicorn serves the shop; `python -m shop.serve` starts it with this."""

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
    """Hear of changed customers from the first request on; the application is loaded, and its models are."""
    from shop.postgres.listener import listener

    listener.start()


class logger_class(Logger):  # type: ignore[misc]  # noqa: N801 - the setting's name; it ships no types
    """gunicorn's lines and Python's warnings, in the form of all others and under the same filter."""

    def setup(self, cfg: Any) -> None:
        """Configure the loggers, at the start and at each reload."""
        super().setup(cfg)
        logging.config.dictConfig(settings.LOGGING)
        logging.captureWarnings(True)


bind = f"127.0.0.1:{port}"  # not $HOST: csh and conda set that to something else
worker_class = "shop.runtime.draining.DrainingWorker"
threads = settings.THREADS
# Loading once before the fork shares memory, and a wrong configuration ends the start, not each worker.
preload_app = True
timeout = 60
graceful_timeout = 30
max_requests = 20_000
max_requests_jitter = 2_000
keepalive = 75  # longer than nginx keeps its side
if cpu_affinity.one_for_each(workers):
    pre_fork, post_fork = cpu_affinity.choose, cpu_affinity.stay
post_worker_init = listen
# A proxy that passes headers on would let clients choose SCRIPT_NAME and PATH_INFO: no proxy of the shop sets them.
forwarder_headers = ""
control_socket_disable = True  # nothing uses it, and it would be shared by all shops of one user


def on_starting(_arbiter: Any) -> None:
    """End the start if the connections cannot work; wait for a database that is only late."""
    from shop.postgres import checks  # needs the application, which is loaded by now

    for issue in checks.check_direct() or checks.check_pooled():
        if issue.is_serious() and issue.id != checks.UNREACHABLE:
            sys.exit(f"botshop cannot start: {issue.msg}")
        logging.getLogger(__name__).warning(issue.msg)
