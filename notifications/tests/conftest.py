"""Fixture that resets the job slots before each test."""

import pytest

from notifications import outbox, tasks
from notifications.job_slots import JobSlots


@pytest.fixture(autouse=True)
def _no_address_is_paused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clear the pauses of other tests."""
    monkeypatch.setattr(tasks, "JOB_SLOTS", job_slots := JobSlots())
    monkeypatch.setattr(outbox, "JOB_SLOTS", job_slots)
