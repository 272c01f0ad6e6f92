"""Health checks (liveness and readiness) for load balancers, monitors and systemd."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateJob

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """Liveness: return 200 without checking other services."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Readiness: return 200 if database, queue and cache can be reached, else 503 with the failed checks."""
    checks = {name: _outcome(name, check) for name, check in CHECKS.items()}
    good = all(outcome == "ok" for outcome in checks.values())
    return JsonResponse(
        {"status": "ok" if good else "unavailable", "checks": checks},
        status=HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE,
    )


def _outcome(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as error:  # noqa: BLE001 - any error must lead to 503, not 500
        logger.warning("Not ready: %s (%s)", name, type(error).__name__)
        return "unavailable"
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _queue() -> None:
    # Checks only that jobs can be queued: without a worker, orders are still placed, and notified later.
    ProcrastinateJob.objects.filter(status="todo").exists()


def _cache() -> None:
    value = uuid4().hex
    cache.set("health", value, 10)
    if cache.get("health") is None:
        raise LookupError("the cache does not keep what it is given")


CHECKS: dict[str, Callable[[], None]] = {"database": _database, "queue": _queue, "cache": _cache}
