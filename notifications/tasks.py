"""Jobs of the worker (`python -m shop.worker`) for notifications.

A job is a wake-up call, not the message: what is to be sent is in the outbox. So a job that is lost costs time, never a
message, and a hundred orders in a second need no hundred jobs.
"""

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from notifications import dispatcher, outbox
from notifications.job_slots import JOB_SLOTS
from notifications.queue import wake


@app.task(name="notifications.dispatch", queue="notifications")
def dispatch() -> None:
    """Write the notifications of new events, and have them sent."""
    for destination in dispatcher.dispatch():
        wake(*destination)


@app.task(name="notifications.send", queue="notifications")
def send(channel: str, address: str) -> None:
    """Send what is due to an address; come back when the channel says so, or when it is likely to be well again."""
    if not JOB_SLOTS.take((channel, address)):
        return  # the job that has the address goes on, or the sweep comes back to it
    try:
        delay = outbox.send_due(channel, address)
    finally:
        wanted = JOB_SLOTS.give_back((channel, address))
    if wanted:
        wake(channel, address)
    if delay is not None:
        wake(channel, address, delay)


@app.periodic(cron="* * * * * */30")  # every 30 seconds: croniter has the seconds in the sixth field
@app.task(name="notifications.sweep", queue="notifications", queueing_lock="notifications.sweep")
def sweep(timestamp: int) -> None:
    """Find the events and messages that a dead process has left: nothing else would."""
    dispatcher.dispatch()
    for destination in outbox.destinations_due():
        wake(*destination)


@app.periodic(cron="*/5 * * * *")
@app.task(name="notifications.tidy", queue="notifications", queueing_lock="notifications.tidy", pass_context=True)
async def tidy(context: JobContext, timestamp: int) -> None:
    """Clear away jobs whose worker died, and what failed a week ago: the queue must stay small."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.finish_job(job, Status.FAILED, delete_job=True)
    await manager.delete_old_jobs(nb_hours=7 * 24, include_failed=True, include_cancelled=True, include_aborted=True)
