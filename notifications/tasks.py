"""Jobs of the worker (`python -m shop.worker`) for notifications.

A job only wakes the worker: the notifications are in the outbox. So a lost job costs time, never a message, and a
hundred orders in a second need one job.
"""

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from notifications import dispatcher, outbox
from notifications.job_slots import JOB_SLOTS
from notifications.queue import wake


@app.task(name="notifications.dispatch", queue="notifications")
def dispatch() -> None:
    """Write the notifications of new events, and wake the jobs that send them."""
    for destination in dispatcher.dispatch():
        wake(*destination)


@app.task(name="notifications.send", queue="notifications")
def send(channel: str, address: str) -> None:
    """Send the due notifications of an address; defer the next job if some are left or to be retried."""
    if not JOB_SLOTS.take((channel, address)):
        return  # the job with the address continues, or the sweep finds the rows
    try:
        delay = outbox.send_due(channel, address)
    finally:
        wanted = JOB_SLOTS.give_back((channel, address))
    if wanted:
        wake(channel, address)
    if delay is not None:
        wake(channel, address, delay)


@app.periodic(cron="* * * * * */30")  # every 30 seconds: croniter's sixth field is seconds
@app.task(name="notifications.sweep", queue="notifications", queueing_lock="notifications.sweep")
def sweep(timestamp: int) -> None:
    """Process the events and notifications that a dead process has left."""
    dispatcher.dispatch()
    outbox.fall_back_if_blocked()
    for destination in outbox.destinations_due():
        wake(*destination)


@app.periodic(cron="*/5 * * * *")
@app.task(name="notifications.tidy", queue="notifications", queueing_lock="notifications.tidy", pass_context=True)
async def tidy(context: JobContext, timestamp: int) -> None:
    """Delete jobs whose worker died, and jobs that failed a week ago, so that the queue stays small."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.finish_job(job, Status.FAILED, delete_job=True)
    await manager.delete_old_jobs(nb_hours=7 * 24, include_failed=True, include_cancelled=True, include_aborted=True)
