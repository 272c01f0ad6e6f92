"""Fixtures of orders whose events are dispatched, with notifications in the outbox."""

from typing import Any

import pytest

from notifications import tasks
from orders.models import Order
from testing.orders import MakeOrder


@pytest.fixture
def make_order(make_order: MakeOrder) -> MakeOrder:
    """Return a function that places an order, like the global fixture, and dispatches its event."""

    def make(*arguments: Any, **fields: Any) -> Order:
        order = make_order(*arguments, **fields)
        tasks.dispatch()
        return order

    return make
