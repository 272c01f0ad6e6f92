"""Jobs of the worker (`python -m shop.worker`).

A job is a wake-up call for one recipient, not the message: what is to be sent is in the outbox. So a job that is
lost costs time, never a message, and a hundred orders in a second need no hundred jobs.
"""

import contextlib
from datetime import timedelta

from django.conf import settings
from django.db import connection
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

from orders import outbox, services
from orders.recipients import RECIPIENTS


@app.task(name="orders.send", queue="notifications")
def send(channel: str, recipient: str) -> None:
    """Send what is due to a recipient; come back when Telegram says so, or when it is likely to be well again."""
    if not RECIPIENTS.take((channel, recipient)):
        return  # the job that has the recipient goes on, or the sweep comes back to it
    try:
        delay = outbox.send_due(channel, recipient)
    finally:
        wanted = RECIPIENTS.give_back((channel, recipient))
    if wanted:
        wake(channel, recipient)
    if delay is not None:
        _defer(channel, recipient, delay)
    # A chat that was given up may have left the message to the mailboxes.
    if channel != "email":
        for address in outbox.addresses_due("email"):
            wake(*address)


def wake(channel: str, recipient: str) -> None:
    """Have what is due to a recipient sent soon."""
    _defer(channel, recipient, None)


def _defer(channel: str, recipient: str, delay: timedelta | None) -> None:
    lock = f"{channel} {recipient}" + (" later" if delay else "")
    # One waiting job for a recipient is enough. Asking first keeps the refusals out of PostgreSQL's log; the lock
    # is what decides. The time is PostgreSQL's, as that of the rows.
    with connection.cursor() as cursor:  # plain SQL: each order asks
        cursor.execute(
            "SELECT statement_timestamp(),"
            " EXISTS (SELECT FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo')",
            [lock],
        )
        now, is_waiting = cursor.fetchone()
    if is_waiting:
        return
    job = send.configure(queueing_lock=lock, schedule_at=now + delay if delay else None)
    with contextlib.suppress(AlreadyEnqueued):
        job.defer(channel=channel, recipient=recipient)


@app.periodic(cron="* * * * * */30")  # every 30 seconds: croniter has the seconds in the sixth field
@app.task(name="orders.sweep", queue="notifications", queueing_lock="orders.sweep")
def sweep(timestamp: int) -> None:
    """Wake whoever has something due: after a process died, nothing else would."""
    for address in outbox.addresses_due():
        wake(*address)


@app.periodic(cron="*/5 * * * *")
@app.task(name="orders.cancel_unconfirmed", queue="notifications", queueing_lock="orders.cancel_unconfirmed")
def cancel_unconfirmed(timestamp: int) -> None:
    """Release the goods of orders that were not confirmed in time, if the merchant has set a time."""
    if settings.CANCEL_UNCONFIRMED_AFTER_HOURS:
        services.cancel_unconfirmed(older_than=timedelta(hours=settings.CANCEL_UNCONFIRMED_AFTER_HOURS))


@app.periodic(cron="*/5 * * * *")
@app.task(name="orders.tidy", queue="notifications", queueing_lock="orders.tidy", pass_context=True)
async def tidy(context: JobContext, timestamp: int) -> None:
    """Clear away jobs whose worker died, and what failed a week ago: the queue must stay small."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.finish_job(job, Status.FAILED, delete_job=True)
    await manager.delete_old_jobs(nb_hours=7 * 24, include_failed=True, include_cancelled=True, include_aborted=True)
