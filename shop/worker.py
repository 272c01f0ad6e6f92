"""`python -m shop.worker`: the worker of the queue, restarted when PostgreSQL is back."""

import asyncio
import logging
import os
import signal
import sys
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from procrastinate import JobContext, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.middleware import SyncCallNext
from procrastinate.worker import Worker

logger = logging.getLogger("shop.worker")  # __name__ is "__main__" where it matters

NICENESS = 10
RETRY = 1.0  # seconds between two starts
# Seconds to wait for a connection (30 by default). A worker that has lost PostgreSQL waits for up to two connections
# before it ends: the job's and the listener's.
POOL_TIMEOUT = 10.0


def give_way(call_next: SyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Run a job at a lower priority: under load, customers come first, messages may be seconds late."""
    os.setpriority(os.PRIO_PROCESS, 0, NICENESS)  # on Linux of this thread, elsewhere of the process
    return call_next()


# Jobs only wake the worker; the state is in the outbox (notifications.Notification). Finished jobs are deleted.
DEFAULTS = {"delete_jobs": "successful", "concurrency": 4, "task_middleware": [give_way]}


def main() -> None:
    """Check the configuration, then run until SIGTERM or Ctrl-C."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    import django

    try:
        django.setup()
    except ImproperlyConfigured as error:
        sys.exit(f"botshop cannot start: {error}")
    from shop.postgres import checks

    if issues := checks.check_direct():
        sys.exit(f"botshop cannot start: {issues[0].msg}")
    asyncio.run(work())


async def work() -> None:
    """Run a worker, and restart it when it ends with PostgreSQL.

    Procrastinate's own command exits then, with 0 if PostgreSQL was back within half a minute, else with 1.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    stopped = asyncio.ensure_future(stop.wait())
    while not stopped.done():
        try:
            await _work_once(stopped)
        except (ConnectorException, psycopg.Error) as error:
            if not isinstance(error.__cause__ or error, psycopg.OperationalError):
                raise  # such as a missing table
            logger.warning("PostgreSQL cannot be reached (%s)", type(error.__cause__ or error).__name__)
        if not stopped.done():
            logger.warning("The worker has stopped, and starts again")
            await asyncio.wait({stopped}, timeout=RETRY)


async def _work_once(stopped: "asyncio.Future[Any]") -> None:
    """Run a worker until it fails, or until it has finished its jobs after `stopped`."""
    from procrastinate.contrib.django import app, connector_params

    with app.replace_connector(PsycopgConnector(kwargs=connector_params(), timeout=POOL_TIMEOUT)):
        async with app.open_async():
            worker = asyncio.ensure_future(app.run_worker_async(install_signal_handlers=False))
            await asyncio.wait({worker, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if stopped.done():
                worker.cancel()
                await asyncio.wait({worker})
            if not worker.cancelled():
                worker.result()


if __name__ == "__main__":
    main()
