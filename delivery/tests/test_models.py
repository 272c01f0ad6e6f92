"""Constraints of delivery methods and pick-up points."""

from collections.abc import Callable

import pytest

from delivery.models import DeliveryMethod, PickupPoint
from testing.constraints import assert_all_tested, assert_refused

pytestmark = pytest.mark.django_db

VIOLATIONS: dict[str, Callable[[], object]] = {
    "delivery_deliverymethod_kind_known": lambda: DeliveryMethod.objects.update(kind="pigeon"),
    **{
        f"delivery_deliverymethod_{column}_not_negative": lambda column=column: DeliveryMethod.objects.update(  # type: ignore[misc]
            **{column: "-0.01"}
        )
        for column in ("price", "free_from", "min_total", "per_kg")
    },
    "delivery_pickuppoint_latitude_range": lambda: PickupPoint.objects.update(latitude=91),
    "delivery_pickuppoint_longitude_range": lambda: PickupPoint.objects.update(longitude=-181),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_database_enforces_the_constraint(name: str) -> None:
    method = DeliveryMethod.objects.create(kind="pickup", name="Pick-up", price=0)
    PickupPoint.objects.create(method=method, name="Shop", town="Vologda", address="Mira 1")
    assert_refused(name, VIOLATIONS[name])


def test_every_constraint_is_tested_and_has_an_error_message() -> None:
    assert_all_tested("delivery", VIOLATIONS)
