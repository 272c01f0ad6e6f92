"""Wake-up calls for the worker: jobs that are deferred after a commit."""

import contextlib
from datetime import timedelta

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def wake_dispatcher() -> None:
    """Have new events dispatched soon."""
    _defer("notifications.dispatch", lock="notifications.dispatch")


def wake(channel: str, address: str, delay: timedelta | None = None) -> None:
    """Have what is due to an address sent, soon or after a delay."""
    lock = f"{channel} {address}" + (" later" if delay else "")
    _defer("notifications.send", lock=lock, delay=delay, channel=channel, address=address)


def _defer(task: str, *, lock: str, delay: timedelta | None = None, **arguments: str) -> None:
    # One waiting job with a lock is enough. Asking first keeps the refusals out of PostgreSQL's log; the lock is what
    # decides. The time is PostgreSQL's, as that of the rows.
    with connection.cursor() as cursor:  # plain SQL: each order asks
        cursor.execute(
            "SELECT statement_timestamp(),"
            " EXISTS (SELECT FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo')",
            [lock],
        )
        now, is_waiting = cursor.fetchone()
    if is_waiting:
        return
    job = app.configure_task(task, allow_unknown=False, queueing_lock=lock, schedule_at=now + delay if delay else None)
    with contextlib.suppress(AlreadyEnqueued):
        job.defer(**arguments)
