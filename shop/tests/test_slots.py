"""Concurrency limit of expensive requests."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.exceptions import Throttled

from catalog import views
from catalog.search.suggestions import Suggestions
from conftest import JSONClient, Make
from shop.api import slots
from shop.api.slots import Slots
from testing.bot_api import DEADLINE
from testing.threads import alone

SEARCH, FACETS, SUGGEST = "/api/v1/products?search=a", "/api/v1/products/facets", "/api/v1/products/suggest?q=a"


def test_slots_are_limited_per_address_and_in_total() -> None:
    limited = Slots(by_address=2, in_all=3)
    with ExitStack() as held:
        for address in ("a", "a", "b"):
            held.enter_context(limited.taken_by(address))
        for address in ("a", "b", "c"):
            with pytest.raises(Throttled), limited.taken_by(address):
                pass
    with limited.taken_by("c"):
        pass


def test_slot_is_released_after_a_failure() -> None:
    limited = Slots(by_address=1, in_all=1)
    for _ in range(3):
        with pytest.raises(LookupError), limited.taken_by("a"):
            raise LookupError
    assert not limited._taken


@pytest.mark.django_db(transaction=True)
def test_searches_of_one_address_do_not_block_all_threads(
    make_product: Make, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two are held in the middle of their work; then further ones are refused, and everything else is answered."""
    make_product(name="a")
    settings.THROTTLE_WORK = "15/min"
    monkeypatch.setattr(slots, "slots", Slots(by_address=2, in_all=3))
    inside, go_on = threading.Barrier(3), threading.Event()

    def held(*_args: Any) -> Suggestions:
        inside.wait(DEADLINE)
        assert go_on.wait(DEADLINE)
        return Suggestions([], [], None)

    def get(path: str, address: str = "192.0.2.1") -> Any:
        return JSONClient().get(path, REMOTE_ADDR=address)

    with ThreadPoolExecutor(2) as pool, monkeypatch.context() as patched:
        patched.setattr(views, "suggest", held)
        calls: list[Callable[[], Any]] = [partial(get, SUGGEST)] * 2
        running = [pool.submit(alone, call) for call in calls]
        inside.wait(DEADLINE)
        try:
            for path in (SEARCH, FACETS, SUGGEST):
                refused = get(path)
                assert (refused.status_code, refused["Retry-After"]) == (429, "1")
                assert refused.json()["code"] == "throttled"
            assert get("/api/v1/products").status_code == 200
            assert get(SEARCH, "192.0.2.2").status_code == 200
        finally:
            go_on.set()
        assert [each.result(DEADLINE).status_code for each in running] == [200, 200]
    assert [get(path).status_code for path in (SEARCH, FACETS, SUGGEST)] == [200] * 3
