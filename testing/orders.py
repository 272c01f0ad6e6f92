"""Fixtures of tests with orders: users, orders, an empty queue, and a fake Bot API."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.init_data import TelegramUser
from accounts.models import User
from accounts.services import sign_in as customer_of
from catalog.models import Product, Variant
from orders.models import Order
from orders.placing.cart import Cart
from orders.placing.service import place_order
from testing.bot_api import BotAPIServer
from testing.threads import serving

MakeOrder = Callable[..., Order]
Snapshot = Callable[[], dict[str, Any]]
# What the API answers of an order without a promo code, delivery and payment method.
WITHOUT_CHOICES = {
    "discount": "0.00",
    "delivery_price": "0.00",
    "promo_code": "",
    "delivery_kind": "",
    "delivery_method_id": None,
    "delivery_name": "",
    "pickup_point": "",
    "postcode": "",
    "town": "",
    "deliver_on": None,
    "slot": "",
    "delivery_agreed": True,
    "payment_method_id": None,
    "payment_name": "",
    "payment_text": "",
}


def item_json(product: Product, quantity: int, total: str, **fields: Any) -> dict[str, Any]:
    """Return an item of an order or a quote as the API answers it, of a product without options."""
    return {
        "variant_id": product.variant_id,
        "product_id": product.pk,
        "name": product.name,
        "options": [],
        "sku": product.sku,
        "price": f"{product.price:.2f}",
        "quantity": quantity,
        "discount": "0.00",
        "total": total,
        **fields,
    }


@pytest.fixture
def alice_user(db: None) -> User:
    """Return the customer behind the headers `alice`."""
    return customer_of(telegram_user=TelegramUser(1001, "Alice"), now=timezone.now())


@pytest.fixture
def bob_user(db: None) -> User:
    """Return the customer behind the headers `bob`."""
    return customer_of(telegram_user=TelegramUser(1002, "Bob"), now=timezone.now())


@pytest.fixture
def boss(db: None) -> User:
    """Return a superuser."""
    return User.objects.create_superuser("boss", password="correct horse")


@pytest.fixture
def office(boss: User) -> Client:
    """Return a test client signed in as the superuser."""
    client = Client()
    client.force_login(boss)
    return client


@pytest.fixture
def viewer() -> Client:
    """Return a test client of staff with view permissions on orders only."""
    user = User.objects.create_user("viewer", password="correct horse", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__startswith="view_", content_type__app_label__in=["orders", "notifications"])
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def make_order(alice_user: User, make_product: Callable[..., Product]) -> MakeOrder:
    """Return a function that places an order: quantities by product, by default two pieces of a new product."""

    def make(
        quantities: dict[Product, int] | None = None, *, user: User | None = None, key: str | None = None, **fields: Any
    ) -> Order:
        wish = quantities or {make_product(): 2}
        cart = Cart(quantities={product.pk: quantity for product, quantity in wish.items()}, **fields)
        return place_order(user=user or alice_user, cart=cart, idempotency_key=key)[0]

    return make


@pytest.fixture
def snapshot(db: None) -> Snapshot:
    """Return a function that returns the number of rows of each table, and the stock of each variant."""

    def take() -> dict[str, Any]:
        counts: dict[str, Any] = {
            model._meta.db_table: model._default_manager.count()
            for model in apps.get_models()
            if model._meta.managed and model._meta.app_label != "admin"  # its log has refused steps, too
        }
        return counts | {"stock": dict(Variant.objects.values_list("pk", "stock"))}

    return take


@pytest.fixture
def empty_queue(transactional_db: None) -> None:
    """Delete all jobs and workers of the queue: Django's flush does not clear Procrastinate's tables."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers RESTART IDENTITY CASCADE")


@pytest.fixture
def bot_api(settings: Settings) -> Iterator[BotAPIServer]:
    """Run a fake Bot API that the shop sends to."""
    with serving(BotAPIServer()) as server:
        settings.TELEGRAM_API_URL = server.url
        yield server
