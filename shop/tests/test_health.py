"""Health checks: liveness without services, readiness with the failed check."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from shop.http import health

OK = {"database": "ok", "queue": "ok", "cache": "ok"}


@pytest.mark.parametrize("path", ["/health", "/health/"])
def test_liveness_uses_no_database(path: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no database for this test: a query would fail it."""
    monkeypatch.setattr(cache, "get", None)
    answer = client.get(path)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/ready", "/health/ready/"])
def test_readiness_is_200_if_all_checks_pass(path: str, client: Client) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "checks": OK})
    assert "no-store" in answer["Cache-Control"]


def fail(*arguments: Any, **options: Any) -> None:
    raise OperationalError("connection to server at 10.1.2.3 failed, password secret-word")


def without_database(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(connection, "cursor", fail)


def without_queue(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ProcrastinateJob.objects, "filter", fail)


def without_cache(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cache, "set", fail)


def with_forgetful_cache(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cache, "get", lambda *_: None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("breakage", "parts", "error"),
    [
        (without_database, {"database", "queue"}, "OperationalError"),
        (without_queue, {"queue"}, "OperationalError"),
        (without_cache, {"cache"}, "OperationalError"),
        (with_forgetful_cache, {"cache"}, "LookupError"),
    ],
)
def test_readiness_is_503_with_the_failed_check(
    breakage: Callable[[pytest.MonkeyPatch], None],
    parts: set[str],
    error: str,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    breakage(monkeypatch)
    with caplog.at_level(logging.DEBUG):
        answer = client.get("/health/ready")
    checks = OK | dict.fromkeys(parts, "unavailable")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "checks": checks})
    assert "secret-word" not in answer.content.decode() + caplog.text
    assert {record.getMessage() for record in caplog.records if record.name == health.__name__} == {
        f"Not ready: {part} ({error})" for part in parts
    }


@pytest.mark.django_db
def test_readiness_fails_without_the_table_of_the_queue(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE procrastinate_jobs RENAME TO gone")
    assert client.get("/health/ready").json()["checks"]["queue"] == "unavailable"


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
def test_health_accepts_get_and_head_only(path: str, client: Client) -> None:
    assert client.post(path).status_code == 405
