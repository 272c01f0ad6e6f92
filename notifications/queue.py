"""Queue of jobs that wake the worker, deferred after a commit."""

import contextlib
from datetime import timedelta

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def wake_dispatcher() -> None:
    """Defer a job that dispatches new events."""
    _defer("notifications.dispatch", lock="notifications.dispatch")


def wake(channel: str, address: str, delay: timedelta | None = None) -> None:
    """Defer a job that sends the due notifications of an address, after an optional delay."""
    lock = f"{channel} {address}" + (" later" if delay else "")
    _defer("notifications.send", lock=lock, delay=delay, channel=channel, address=address)


def _defer(task: str, *, lock: str, delay: timedelta | None = None, **arguments: str) -> None:
    # One waiting job with a queueing lock is enough. The SELECT keeps most lock errors out of PostgreSQL's log; the
    # lock decides. The time is PostgreSQL's, as in the rows.
    with connection.cursor() as cursor:  # plain SQL: each order runs it
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
