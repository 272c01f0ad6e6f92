"""Promotions in the back office, also beside customers who use them."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from conftest import Make
from orders.placing.cart import Cart
from orders.placing.service import place_order
from promotions.models import Promotion, key_of
from testing.html_forms import OpenPage

pytestmark = pytest.mark.django_db
LIST = "/admin/promotions/promotion/"


def errors_of(answer: Any) -> str:
    """Return all errors of a form that was refused."""
    assert answer.status_code == 200
    return str(answer.context["adminform"].form.errors)


def test_code_is_saved_in_upper_case_with_its_history(office: Client) -> None:
    page = OpenPage(office, f"{LIST}add/")
    assert page.save(name="Spring sale", code=" spring ", kind="percent", value="10").status_code == 302
    promotion = Promotion.objects.get()
    assert (promotion.code, promotion.code_key, promotion.history.count()) == ("SPRING", "SPRING", 1)


def test_free_delivery_has_no_value(office: Client) -> None:
    page = OpenPage(office, f"{LIST}add/")
    assert page.save(name="Delivery", kind="free_delivery", value="10").status_code == 302
    assert Promotion.objects.get().value == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"code": "SРRING"}, "looks the same"),
        ({"code": "a"}, "3 to 32"),
        ({"code": "50%"}, "3 to 32"),
        ({"value": "101"}, "from 1 to 100"),
        ({"value": "0"}, "from 1 to 100"),
        ({"value": "-5"}, "from 1 to 100"),
        ({"min_total": "-1"}, "below zero"),
        ({"starts_on": "2026-02-01", "ends_on": "2026-01-31"}, "before the first"),
        ({"usage_limit": "5"}, "has no limit"),
    ],
)
def test_wrong_promotion_is_refused_with_a_sentence(office: Client, fields: dict[str, str], sentence: str) -> None:
    Promotion.objects.create(name="Spring", code="SPRING", kind="percent", value=10)
    page = OpenPage(office, f"{LIST}add/")
    assert sentence in errors_of(page.save(**{"name": "New", "kind": "percent", "value": "10"} | fields))
    assert Promotion.objects.count() == 1


def test_page_that_is_open_while_customers_use_the_code_keeps_their_uses(
    office: Client, make_product: Make, alice_user: User
) -> None:
    tea = make_product()
    promotion = Promotion.objects.create(name="Spring", code="SPRING", kind="percent", value=10, usage_limit=5)
    page, other = (OpenPage(office, f"{LIST}{promotion.pk}/change/") for _ in range(2))
    for _ in range(2):
        place_order(user=alice_user, cart=Cart({tea.pk: 1}, promo_code="SPRING"))
    assert page.save(value="20").status_code == 302
    promotion.refresh_from_db()
    assert (promotion.used, promotion.value) == (2, Decimal(20))
    assert "uses so far" in errors_of(other.save(usage_limit="1"))
    promotion.refresh_from_db()
    assert promotion.usage_limit == 5


def test_changed_code_is_found_and_the_old_one_is_not(office: Client) -> None:
    promotion = Promotion.objects.create(name="Spring", code="SPRING", kind="percent", value=10)
    assert OpenPage(office, f"{LIST}{promotion.pk}/change/").save(code="summer").status_code == 302
    promotion.refresh_from_db()
    assert (promotion.code, promotion.code_key) == ("SUMMER", key_of("SUMMER"))
