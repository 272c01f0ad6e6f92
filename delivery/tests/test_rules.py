"""Rules of a delivery, without a database: prices, and what refuses a choice."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from delivery.models import MAX_DAYS, DeliveryMethod, PickupPoint
from delivery.rules import DeliveryMethodUnavailable, point_of, price_of, refusals
from orders.placing.cart import DeliveryChoice

TODAY = datetime.date(2026, 1, 31)
KOPECK = Decimal("0.01")


def method(**fields: Any) -> DeliveryMethod:
    made = DeliveryMethod(**{"pk": 1, "kind": "courier", "name": "Courier", "price": Decimal(300)} | fields)
    made.points = []
    return made


def refused(
    made: DeliveryMethod, *, address: str = "Mira 1", goods: int = 1000, weight_g: int | None = None, **choice: Any
) -> list[Any]:
    """Return code and data of the refusals."""
    found = refusals(
        made, DeliveryChoice(1, **choice), address=address, goods=Decimal(goods), weight_g=weight_g, today=TODAY
    )
    return [(each.code, each.data) for each in found]


@pytest.mark.parametrize(
    ("fields", "goods", "weight_g", "is_free", "price"),
    [
        ({}, 100, None, False, "300"),
        ({"price": Decimal(0)}, 100, None, False, "0"),
        ({"price": None}, 100, None, False, None),
        ({"price": None}, 100, None, True, None),
        ({"free_from": Decimal(1000)}, 1000, None, False, "0"),
        ({"free_from": Decimal(1000)}, 1000 - KOPECK, None, False, "300"),
        ({"price": None, "free_from": Decimal(1000)}, 2000, None, False, None),
        ({}, 100, None, True, "0"),
        ({"per_kg": Decimal(50)}, 100, 0, False, "300"),
        ({"per_kg": Decimal(50)}, 100, 1, False, "350"),
        ({"per_kg": Decimal(50)}, 100, 1000, False, "350"),
        ({"per_kg": Decimal(50)}, 100, 1001, False, "400"),
        ({"per_kg": Decimal(50), "included_g": 1000}, 100, 1000, False, "300"),
        ({"per_kg": Decimal(50), "included_g": 1000}, 100, 1001, False, "350"),
        ({"per_kg": Decimal(50)}, 100, None, False, None),
        ({"per_kg": Decimal(50), "free_from": Decimal(50)}, 100, None, False, None),
        ({"per_kg": Decimal(50), "free_from": Decimal(50)}, 100, 5000, False, "0"),
    ],
)
def test_price(fields: dict[str, Any], goods: Decimal, weight_g: int | None, is_free: bool, price: str | None) -> None:
    found = price_of(method(**fields), Decimal(goods), weight_g, is_free=is_free)
    assert (None if found is None else str(found)) == price


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("courier", ["address"]),
        ("pickup", ["pickup_point_id"]),
        ("carrier_point", ["town", "address"]),
        ("post", ["postcode", "town", "address"]),
        ("digital", []),
    ],
)
def test_each_kind_needs_its_fields(kind: str, fields: list[str]) -> None:
    made = method(kind=kind)
    assert made.fields == fields
    full = {"postcode": "160000", "town": "Vologda", "pickup_point_id": 7}
    assert refused(made, **full) == []
    for name in fields:
        empty: Any = {"address": {"address": " "}}.get(name, {name: None if name == "pickup_point_id" else " "})
        assert refused(made, **full | empty) == [("delivery_field_required", {"fields": [name]})]


def test_courier_of_some_places_needs_the_place() -> None:
    assert method(places=["Vologda", "160"]).fields == ["town", "address"]
    assert method(places=["160", "161"]).fields == ["postcode", "address"]


@pytest.mark.parametrize(
    ("place", "is_served"),
    [
        ({"town": "Череповец"}, True),
        ({"town": " ЧЕРЕПОВЕЦ "}, True),
        ({"town": "Орел"}, True),
        ({"town": "Череповец-2"}, False),
        ({"town": "Омск"}, False),
        ({"town": "Омск", "postcode": "160123"}, True),
        ({"town": "Омск", "postcode": "644000"}, False),
    ],
)
def test_places_are_towns_and_beginnings_of_postcodes(place: dict[str, str], is_served: bool) -> None:
    codes = [code for code, _ in refused(method(places=["Череповец", "Орёл", "160"]), **place)]
    assert codes == ([] if is_served else ["delivery_place_not_served"])


@pytest.mark.parametrize(
    ("days", "is_right"), [(None, False), (-1, False), (0, False), (1, True), (MAX_DAYS, True), (MAX_DAYS + 1, False)]
)
def test_day_is_between_the_first_and_the_last_one(days: int | None, is_right: bool) -> None:
    day = None if days is None else TODAY + datetime.timedelta(days=days)
    wrong = [("delivery_field_required", {"fields": ["deliver_on"]})]
    assert refused(method(first_day=1), deliver_on=day) == ([] if is_right else wrong)


@pytest.mark.parametrize(("slot", "is_right"), [("", False), ("10–14", True), ("14–18", False)])
def test_time_is_one_of_the_methods(slot: str, is_right: bool) -> None:
    wrong = [("delivery_field_required", {"fields": ["slot"]})]
    assert refused(method(slots=["10–14"]), slot=slot) == ([] if is_right else wrong)


def test_minimum_and_weight_refuse_one_below_and_one_above() -> None:
    assert refused(method(min_total=Decimal(1000))) == []
    assert refused(method(min_total=Decimal(1001))) == [
        ("delivery_min_total", {"min_total": "1001.00", "missing": "1.00"})
    ]
    assert refused(method(max_weight_g=1500), weight_g=1500) == []
    assert refused(method(max_weight_g=1500), weight_g=1501) == [("delivery_too_heavy", {"max_weight_g": 1500})]
    assert refused(method(max_weight_g=1500), weight_g=None) == []


def test_pickup_point_of_another_method_is_refused() -> None:
    made = method(kind="pickup")
    made.points = [PickupPoint(pk=7, name="Shop", town="Vologda", address="Mira 1")]
    assert point_of(made, DeliveryChoice(1, pickup_point_id=7)) is made.points[0]
    assert point_of(made, DeliveryChoice(1)) is None
    with pytest.raises(DeliveryMethodUnavailable):
        point_of(made, DeliveryChoice(1, pickup_point_id=8))
    assert point_of(method(), DeliveryChoice(1, pickup_point_id=7)) is None
