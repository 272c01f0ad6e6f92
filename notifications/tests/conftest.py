"""Job slots that each test begins with."""

import pytest

from notifications import outbox, tasks
from notifications.job_slots import JobSlots


@pytest.fixture(autouse=True)
def _no_address_is_paused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the addresses that another test could not reach."""
    monkeypatch.setattr(tasks, "JOB_SLOTS", job_slots := JobSlots())
    monkeypatch.setattr(outbox, "JOB_SLOTS", job_slots)
