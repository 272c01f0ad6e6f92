"""/api/v1/users/me/subscriptions: sold-out variants for which a customer waits."""

from contextlib import ExitStack
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from catalog.models import Product, Variant
from conftest import Headers, JSONClient, Make
from customers import subscriptions as service
from customers.models import StockSubscription
from customers.subscriptions import SubscriptionsLimitReached, VariantInStock, subscribe
from testing.bot_api import DEADLINE
from testing.threads import beside, together, wait_until_blocked

pytestmark = pytest.mark.django_db
URL = "/api/v1/users/me/subscriptions"


def waits_for(client: JSONClient, who: Headers) -> list[int]:
    answer = client.get(URL, **who)
    assert answer.status_code == 200
    return [each["variant_id"] for each in answer.json()]


def test_subscriptions_are_listed_newest_first(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea, jam = make_product(stock=0), make_product(stock=0)
    for product in (tea, jam, tea):
        assert client.put(f"{URL}/{product.variant_id}", **alice).status_code == 204
    answer = client.get(URL, **alice).json()
    times = {each["variant_id"]: each.pop("created_at") for each in answer}
    assert answer == [
        {"variant_id": jam.variant_id, "product_id": jam.pk},
        {"variant_id": tea.variant_id, "product_id": tea.pk},
    ]
    assert times[jam.variant_id] > times[tea.variant_id]
    for _time in range(2):
        assert client.delete(f"{URL}/{jam.variant_id}", **alice).status_code == 204
    assert waits_for(client, alice) == [tea.variant_id]


def test_subscriptions_belong_to_their_customer(
    client: JSONClient, alice: Headers, bob: Headers, make_product: Make
) -> None:
    tea = make_product(stock=0)
    client.put(f"{URL}/{tea.variant_id}", **alice)
    assert waits_for(client, bob) == []
    client.delete(f"{URL}/{tea.variant_id}", **bob)
    assert waits_for(client, alice) == [tea.variant_id]
    assert client.get(URL).status_code == client.put(f"{URL}/{tea.variant_id}").status_code == 401


@pytest.mark.parametrize("stock", [None, 1])
def test_variant_in_stock_is_refused(client: JSONClient, alice: Headers, make_product: Make, stock: int | None) -> None:
    answer = client.put(f"{URL}/{make_product(stock=stock).variant_id}", **alice)
    assert (answer.status_code, answer.json()["code"]) == (409, "variant_in_stock")
    assert waits_for(client, alice) == []


def test_variant_that_is_not_on_sale_is_not_found(client: JSONClient, alice: Headers, make_product: Make) -> None:
    hidden, of_hidden = make_product(stock=0), make_product(stock=0)
    Variant.objects.filter(product=hidden).update(is_active=False)
    Product.objects.filter(pk=of_hidden.pk).update(is_active=False)
    for variant_id in (hidden.variant_id, of_hidden.variant_id, 10**17):
        assert client.put(f"{URL}/{variant_id}", **alice).status_code == 404


def test_customer_who_was_told_may_wait_again(client: JSONClient, alice: Headers, make_product: Make) -> None:
    tea = make_product(stock=0)
    client.put(f"{URL}/{tea.variant_id}", **alice)
    StockSubscription.objects.update(notified_at=timezone.now())
    assert waits_for(client, alice) == []
    client.put(f"{URL}/{tea.variant_id}", **alice)
    assert waits_for(client, alice) == [tea.variant_id]
    assert StockSubscription.objects.get().notified_at is None


def test_limit_is_refused(
    client: JSONClient, alice: Headers, make_product: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MAX_SUBSCRIPTIONS", 1)
    tea, jam = make_product(stock=0), make_product(stock=0)
    client.put(f"{URL}/{tea.variant_id}", **alice)
    answer = client.put(f"{URL}/{jam.variant_id}", **alice)
    assert (answer.status_code, answer.json()["code"], answer.json()["limit"]) == (409, "subscriptions_limit", 1)
    assert client.put(f"{URL}/{tea.variant_id}", **alice).status_code == 204


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_stay_within_the_limit(
    alice_user: User, make_product: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MAX_SUBSCRIPTIONS", 2)
    now = timezone.now()
    variants = [Variant.objects.get(product=make_product(stock=0)) for _ in range(5)]
    results = together(
        [lambda variant=each: subscribe(user=alice_user, variant=variant, now=now) for each in variants]  # type: ignore[misc]
    )
    assert [type(each) for each in results if each] == [SubscriptionsLimitReached] * 3
    assert StockSubscription.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_variant_restocked_at_the_same_time_is_refused(alice_user: User, make_product: Make) -> None:
    tea = Variant.objects.get(product=make_product(stock=0))
    with ExitStack() as stack:
        with transaction.atomic():
            Variant.objects.filter(pk=tea.pk).update(stock=3)
            wait = partial(subscribe, user=alice_user, variant=tea, now=timezone.now())
            request, backend = stack.enter_context(beside(wait))
            wait_until_blocked(backend)
        assert isinstance(request.exception(DEADLINE), VariantInStock)
    assert not StockSubscription.objects.exists()


def test_deleted_customers_and_products_take_their_subscriptions_with_them(
    client: JSONClient, alice: Headers, bob: Headers, make_product: Make
) -> None:
    tea, jam = make_product(stock=0), make_product(stock=0)
    for who in (alice, bob):
        for product in (tea, jam):
            client.put(f"{URL}/{product.variant_id}", **who)
    User.objects.get(telegram_id=1001).delete()
    Product.objects.get(pk=jam.pk).delete()
    assert waits_for(client, bob) == [tea.variant_id]
    assert StockSubscription.objects.count() == 1
