"""Jobs of the worker (`python -m shop.worker`) for the catalog."""

from procrastinate.contrib.django import app

from catalog.search.failures import delete_old


@app.periodic(cron="7 * * * *")
@app.task(name="catalog.tidy", queue="catalog", queueing_lock="catalog.tidy")
def tidy(timestamp: int) -> None:
    """Delete old searches without results (catalog.search.failures.KEPT)."""
    delete_old()
