"""Jobs of the worker (`python -m shop.worker`) for orders."""

from datetime import timedelta

from procrastinate.contrib.django import app

from merchant.current import current
from orders import lifecycle


@app.periodic(cron="*/5 * * * *")
@app.task(name="orders.cancel_unconfirmed", queue="notifications", queueing_lock="orders.cancel_unconfirmed")
def cancel_unconfirmed(timestamp: int) -> None:
    """Cancel orders that were not confirmed in time, if the merchant has set a time."""
    if hours := current().settings.cancel_unconfirmed_after:
        lifecycle.cancel_unconfirmed(older_than=timedelta(hours=hours))
