"""Jobs of the worker (`python -m shop.worker`)."""

from procrastinate.contrib.django import app

from accounts.sign_in import forget_expired_failures


@app.periodic(cron="*/15 * * * *")
@app.task(name="accounts.tidy", queue="accounts", queueing_lock="accounts.tidy")
def tidy(timestamp: int) -> None:
    """Delete expired failed sign-ins."""
    forget_expired_failures()
