"""Requests that the API refuses, by name: at least one for each error code."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from pytest_django import Settings
from rest_framework.throttling import SimpleRateThrottle

from accounts import init_data
from accounts import services as accounts_services
from accounts.models import User
from catalog.models import Product, Variant
from conftest import Headers, JSONClient, SignIn
from delivery.models import DeliveryMethod
from merchant.models import Page, ShopSettings
from orders.delivery_price import set_delivery_price
from orders.models import Order
from orders.statuses import Status
from payments.models import PaymentMethod
from promotions.models import Promotion
from shop.api.parsers import MAX_BODY
from shop.api.slots import slots
from shop.api.throttles import WindowThrottle

PRODUCTS, ORDERS, PROFILE = "/api/v1/products", "/api/v1/orders", "/api/v1/users/me"


@dataclass
class Shop:
    """Environment of the requests: a client in one language, Alice's headers, a product and fixtures."""

    client: JSONClient
    alice: Headers
    sign_in: SignIn
    tea: Product
    settings: Settings
    monkeypatch: pytest.MonkeyPatch

    def order(self, quantity: int = 1, product_id: int | None = None, key: str | None = None, **fields: Any) -> Any:
        """Place an order of tea."""
        body = {"items": [{"product_id": product_id or self.tea.pk, "quantity": quantity}], **fields}
        headers = self.alice if key is None else self.alice | {"HTTP_IDEMPOTENCY_KEY": key}
        return self.client.post(ORDERS, body, **headers)

    def patch(self, body: bytes, content_type: str = "application/json") -> Any:
        """Send a PATCH of the profile."""
        return self.client.generic("PATCH", PROFILE, body, content_type, **self.alice)

    def ask_with(self, init_data: str) -> Any:
        """Request the profile with this init data."""
        return self.client.get(PROFILE, HTTP_AUTHORIZATION=f"tma {init_data}")


def init_data_of(user: str | None) -> str:
    fields = {"auth_date": str(int(time.time()))} | ({} if user is None else {"user": user})
    return init_data.sign(fields, settings.TELEGRAM_BOT_TOKEN)


def too_many_orders(shop: Shop) -> Any:
    shop.settings.OPEN_ORDERS_PER_CUSTOMER = 1
    shop.order()
    return shop.order()


def too_many_pieces(shop: Shop) -> Any:
    shop.settings.OPEN_PIECES_PER_CUSTOMER = 2
    return shop.order(3)


def too_much_money(shop: Shop) -> Any:
    shop.settings.OPEN_TOTAL_PER_CUSTOMER = 150
    return shop.order(2)


def several_variants(shop: Shop) -> Any:
    Product.objects.update(option_names=["Weight"])
    Variant.objects.update(option_values=["50 g"])
    Variant.objects.create(product=shop.tea, option_values=["100 g"], sku="TEA-100", price=200)
    return shop.order()


def sum_above_the_column(shop: Shop) -> Any:
    Variant.objects.update(price="9999999999.99", stock=None)
    return shop.order(2)


def confirmed_order(shop: Shop) -> Any:
    order_id = shop.order().json()["id"]
    Order.objects.update(status=Status.CONFIRMED)
    return shop.client.post(f"{ORDERS}/{order_id}/cancel", **shop.alice)


def closed(shop: Shop) -> Any:
    ShopSettings.objects.update_or_create(pk=1, defaults={"accepts_orders": False})
    return shop.order()


def small_order(shop: Shop) -> Any:
    ShopSettings.objects.update_or_create(pk=1, defaults={"min_total": "250"})
    return shop.order(2)


def old_terms(shop: Shop) -> Any:
    Page.objects.update_or_create(slug="terms", defaults={"title": "Terms", "text": "New.", "is_shown": True})
    return shop.order(consent={"terms": "0123456789ab"})


def promo(shop: Shop, **fields: Any) -> Any:
    """Order with the code SPRING, whose promotion has these fields."""
    Promotion.objects.create(**{"name": "Spring", "code": "SPRING", "kind": "fixed", "value": 10} | fields)
    return shop.order(promo_code="spring")


def used_promo(shop: Shop) -> Any:
    promo(shop, once_per_customer=True)
    return shop.order(promo_code="spring")


def delivery(shop: Shop, choice: dict[str, Any] | None = None, **fields: Any) -> Any:
    """Order with a courier whose method has these fields."""
    method = DeliveryMethod.objects.create(**{"pk": 5, "kind": "courier", "name": "Courier", "price": 300} | fields)
    return shop.order(delivery={"method_id": method.pk, "address": "Mira 1"} | (choice or {}))


def no_delivery(shop: Shop) -> Any:
    DeliveryMethod.objects.create(kind="digital", name="E-mail", price=0)
    return shop.order()


def heavy(shop: Shop) -> Any:
    Variant.objects.update(weight_g=2000)
    return delivery(shop, max_weight_g=1500)


def agreed(shop: Shop, price: str | None) -> Any:
    """Agree to 100 as the delivery price of an order; the shop has set another one, or none was to be set."""
    delivery(shop, price=None if price else 300)
    order = Order.objects.get()
    if price:
        set_delivery_price(order_id=order.pk, price=Decimal(price), actor=order.user)
    path = f"{ORDERS}/{order.pk}/agree-to-delivery-price"
    return shop.client.post(path, {"delivery_price": "100.00"}, **shop.alice)


def no_payment_method(shop: Shop) -> Any:
    PaymentMethod.objects.create(kind="cash", name="Cash")
    return shop.order()


def many_favourites(shop: Shop) -> Any:
    shop.monkeypatch.setattr("customers.favourites.MAX_FAVOURITES", 0)
    return shop.client.put(f"{PROFILE}/favourites/{shop.tea.pk}", **shop.alice)


def wait_for_tea(shop: Shop) -> Any:
    return shop.client.put(f"{PROFILE}/subscriptions/{shop.tea.variant_id}", **shop.alice)


def many_subscriptions(shop: Shop) -> Any:
    Variant.objects.update(stock=0)
    shop.monkeypatch.setattr("customers.subscriptions.MAX_SUBSCRIPTIONS", 0)
    return wait_for_tea(shop)


def used_key(shop: Shop) -> Any:
    shop.order(1, key="k-1")
    return shop.order(2, key="k-1")


def switched_off(shop: Shop) -> Any:
    shop.client.get(PROFILE, **shop.alice)
    User.objects.update(is_active=False)
    return shop.client.get(PROFILE, **shop.alice)


def throttled(shop: Shop) -> Any:
    shop.monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": "1/min", "user": None, "orders": None})
    shop.monkeypatch.setattr(WindowThrottle, "wait", lambda self: 21.5)
    shop.client.get(PRODUCTS)
    return shop.client.get(PRODUCTS)


def searches_at_a_time(shop: Shop) -> Any:
    shop.settings.THROTTLE_WORK = "15/min"
    with ExitStack() as taken:
        for number in range(3):
            taken.enter_context(slots.taken_by(f"192.0.2.{number}"))
        return shop.client.get(PRODUCTS, {"search": "tea"})


def failing(error: Exception) -> Callable[[Shop], Any]:
    def call(shop: Shop) -> Any:
        def change_profile(**_: object) -> None:
            raise error

        shop.client.raise_request_exception = False
        shop.monkeypatch.setattr(accounts_services, "change_profile", change_profile)
        return shop.patch(b"{}")

    return call


def wrong_fields(shop: Shop) -> Any:
    body = {
        "items": [{"product_id": "1", "quantity": 0}, {"product_id": 2}, {"product_id": 2, "quantity": None}],
        "contact_name": "x" * 151,
        "phone": "12",
        "address": 5,
        "expected_total": 1,
    }
    return shop.client.post(ORDERS, body, **shop.alice)


def wrong_parameters(shop: Shop) -> Any:
    wrong = {
        "category_id": "x",
        "min_price": "-1",
        "max_price": "0.001",
        "in_stock": "maybe",
        "ids": "a",
        "ordering": "colour",
        "search": "x" * 201,
    }
    return shop.client.get(PRODUCTS, wrong)


def unknown_parameters(shop: Shop) -> Any:
    return shop.client.get(PRODUCTS, {"catgory_id": "3", "utm_source": "x", "category_id": "3"})


def unknown_fields(shop: Shop) -> Any:
    body = {"items": [{"product_id": 1, "quantity": 0, "price": "0.01"}], "coupon": "SALE"}
    return shop.client.post(ORDERS, body, **shop.alice)


def many_items(shop: Shop) -> Any:
    return shop.client.post(ORDERS, {"items": [{"product_id": 1, "quantity": 1}] * 101}, **shop.alice)


def many_pieces(shop: Shop) -> Any:
    return shop.client.post(ORDERS, {"items": [{"product_id": 1, "quantity": 999}] * 2}, **shop.alice)


def no_list(shop: Shop) -> Any:
    return shop.client.post(ORDERS, {"items": 5}, **shop.alice)


def empty_list(shop: Shop) -> Any:
    return shop.client.post(ORDERS, {"items": []}, **shop.alice)


CALLS: dict[str, Callable[[Shop], Any]] = {
    "fields": wrong_fields,
    "parameters": wrong_parameters,
    "unknown parameters": unknown_parameters,
    "parameter where there are none": lambda shop: shop.client.get(f"{PRODUCTS}/7", {"page": "2"}),
    "unknown fields": unknown_fields,
    "many items": many_items,
    "many pieces": many_pieces,
    "no list": no_list,
    "empty list": empty_list,
    "page size": lambda shop: shop.client.get(PRODUCTS, {"page_size": "0"}),
    "cursor": lambda shop: shop.client.get(PRODUCTS, {"cursor": "x"}),
    "no q": lambda shop: shop.client.get(f"{PRODUCTS}/suggest"),
    "key": lambda shop: shop.order(key="a b"),
    "language code": lambda shop: shop.patch(b'{"language_code": "?", "phone": null}'),
    "surrogate": lambda shop: shop.patch(rb'{"phone": "12345\ud800"}'),
    "NUL": lambda shop: shop.patch(rb'{"phone": "12345\u0000"}'),
    "no JSON": lambda shop: shop.patch(b'{"phone": '),
    "deep JSON": lambda shop: shop.patch(b'{"a": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
    "no UTF-8": lambda shop: shop.patch(b'{"phone": "\xff"}'),
    "NaN": lambda shop: shop.patch(b'{"a": NaN}'),
    "key twice": lambda shop: shop.patch(b'{"a": 1, "a": 2}'),
    "long number": lambda shop: shop.patch(b'{"a": ' + b"9" * 5000 + b"}"),
    "no object": lambda shop: shop.patch(b"[]"),
    "host": lambda shop: shop.client.get(PRODUCTS, HTTP_HOST="evil.example"),
    "suspicious": failing(SuspiciousOperation("secret")),
    "no init data": lambda shop: shop.client.get(PROFILE),
    "rubbish": lambda shop: shop.ask_with("rubbish"),
    "long init data": lambda shop: shop.ask_with("a=" + "x" * 5000),
    "no hash": lambda shop: shop.ask_with("a=b"),
    "init data twice": lambda shop: shop.ask_with("a=b&a=b"),
    "init data bytes": lambda shop: shop.ask_with("a=%ff"),
    "user text": lambda shop: shop.ask_with(init_data_of("x")),
    "user list": lambda shop: shop.ask_with(init_data_of("[]")),
    "user id": lambda shop: shop.ask_with(init_data_of('{"id": "7"}')),
    "user name": lambda shop: shop.ask_with(init_data_of('{"id": 7, "first_name": 5}')),
    "no date": lambda shop: shop.ask_with(init_data.sign({"user": '{"id": 7}'}, settings.TELEGRAM_BOT_TOKEN)),
    "other bot": lambda shop: shop.ask_with(init_data.sign({"user": "{}"}, "1:another")),
    "old": lambda shop: shop.client.get(PROFILE, **shop.sign_in(7, auth_date=int(time.time()) - 4000)),
    "from future": lambda shop: shop.client.get(PROFILE, **shop.sign_in(7, auth_date=int(time.time()) + 4000)),
    "no user": lambda shop: shop.ask_with(init_data_of(None)),
    "switched off": switched_off,
    "forbidden": failing(PermissionDenied()),
    "no route": lambda shop: shop.client.get("/api/v1/nothing"),
    "no page": lambda shop: shop.client.get("/nothing"),
    "no product": lambda shop: shop.client.get(f"{PRODUCTS}/999"),
    "method": lambda shop: shop.client.put(PRODUCTS),
    "too few left": lambda shop: shop.order(6),
    "not sold": lambda shop: shop.order(product_id=999),
    "several variants": several_variants,
    "other price": lambda shop: shop.order(expected_total="90.00"),
    "large sum": sum_above_the_column,
    "orders": too_many_orders,
    "pieces": too_many_pieces,
    "total": too_much_money,
    "closed": closed,
    "small order": small_order,
    "old terms": old_terms,
    "unknown promo code": lambda shop: shop.order(promo_code="nothing"),
    "old promo code": lambda shop: promo(shop, ends_on=date(2020, 1, 1)),
    "promo code of larger orders": lambda shop: promo(shop, min_total=250),
    "used up promo code": lambda shop: promo(shop, usage_limit=0),
    "used promo code": used_promo,
    "no delivery": no_delivery,
    "unknown delivery": lambda shop: shop.order(delivery={"method_id": 999}),
    "no address": lambda shop: delivery(shop, {"address": " "}),
    "far place": lambda shop: delivery(shop, {"town": "Omsk"}, places=["Vologda"]),
    "delivery of larger orders": lambda shop: delivery(shop, min_total=250),
    "heavy": heavy,
    "other delivery price": lambda shop: agreed(shop, "150"),
    "settled delivery price": lambda shop: agreed(shop, None),
    "no payment method": no_payment_method,
    "unknown payment method": lambda shop: shop.order(payment_method_id=999),
    "confirmed": confirmed_order,
    "favourites": many_favourites,
    "subscriptions": many_subscriptions,
    "in stock": wait_for_tea,
    "long body": lambda shop: shop.patch(b" " * (MAX_BODY + 1)),
    "plain text": lambda shop: shop.patch(b"x", "text/plain"),
    "used key": used_key,
    "requests": throttled,
    "searches": searches_at_a_time,
    "fault": failing(ValueError("secret")),
    "busy": failing(OperationalError("secret")),
}
