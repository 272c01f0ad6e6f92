"""Fixtures of all tests: a database, a JSON client, signed-in customers, products."""

import itertools
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import environ
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from rest_framework.test import APIClient

from accounts import init_data
from catalog.models import Category, Product, Variant
from catalog.search import failures
from demo import postgres
from shop.api import throttles
from shop.api.windows import ProcessWindows
from shop.postgres import listener as listener_module
from shop.postgres.listener import Listener
from testing.bot_api import DEADLINE
from testing.listening import end_listeners

pytest_plugins = ["testing.merchant", "testing.orders"]

Headers = dict[str, str]
SignIn = Callable[..., Headers]
Make = Callable[..., Any]

VARIANT_FIELDS = frozenset({"sku", "price", "old_price", "stock"})

# Read before a test can change it; testing.settings ignores the value of a `.env`.
SERVER_GIVEN = bool(os.environ.get("DATABASE_URL"))


# Tests with these start processes of the shop, or fill large tables.
SLOW_FIXTURES = frozenset({"subprocess_env", "big_shop"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark slow tests by their fixtures; the few others that are slow have the mark themselves."""
    for item in items:
        if SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


class JSONClient(APIClient):
    """API client that sends JSON."""

    default_format = "json"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Start an embedded server for this session, unless DATABASE_URL is set."""
    if SERVER_GIVEN:
        yield
        return
    with postgres.running(tmp_path_factory.mktemp("postgres") / "data", durable=False) as url:
        given = environ.Env.db_url_config(url)
        # Changed in place: Django's connections refer to this dictionary.
        ours = settings.DATABASES["default"]
        ours |= {name: given[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
        ours["OPTIONS"] |= given["OPTIONS"]
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_root(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Create the static folder, so that collectstatic is not needed: WhiteNoise warns if it is missing."""
    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")


@pytest.fixture(autouse=True)
def _empty_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clear the caches and the counts of the rate limits before each test."""
    cache.clear()
    monkeypatch.setattr(throttles, "windows", ProcessWindows())


@pytest.fixture(autouse=True)
def _nothing_is_written_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave searches that found nothing in memory: a thread would write them beside the transactions of the tests."""
    monkeypatch.setattr(failures, "PAUSE", float(threading.TIMEOUT_MAX))


@pytest.fixture
def client() -> JSONClient:
    """Return a client that has not signed in."""
    return JSONClient()


@pytest.fixture
def sign_in() -> SignIn:
    """Return a function that signs in a Telegram user and returns the headers of their requests."""

    def headers(user_id: int, first_name: str = "", *, auth_date: int | None = None, **reported: Any) -> Headers:
        user = {"id": user_id, "first_name": first_name, **reported}
        fields = {
            "auth_date": str(int(time.time()) if auth_date is None else auth_date),
            "user": json.dumps(user, ensure_ascii=False),
        }
        return {"HTTP_AUTHORIZATION": f"tma {init_data.sign(fields, settings.TELEGRAM_BOT_TOKEN)}"}

    return headers


@pytest.fixture
def alice(sign_in: SignIn) -> Headers:
    """Return the headers of a customer, Telegram id 1001."""
    return sign_in(1001, "Alice")


@pytest.fixture
def bob(sign_in: SignIn) -> Headers:
    """Return the headers of another customer, Telegram id 1002."""
    return sign_in(1002, "Bob")


@pytest.fixture
def make_category() -> Make:
    """Return a function that creates a visible category; its arguments are the model's fields."""
    numbers = itertools.count(1)

    def make(**fields: Any) -> Category:
        number = next(numbers)
        return Category.objects.create(**{"name": f"Category {number}", "slug": f"category-{number}"} | fields)

    return make


@pytest.fixture
def make_product(make_category: Make) -> Make:
    """Return a function that creates a product on sale with one variant, without a stock count.

    Its arguments are the fields of the product, those of the variant whose names the product does not have, and
    `variant`: further ones.
    """
    numbers = itertools.count(1)
    categories: list[Category] = []

    def make(**fields: Any) -> Product:
        number = next(numbers)
        if "category" not in fields and "category_id" not in fields:
            if not categories:
                categories.append(make_category())
            fields["category"] = categories[0]
        texts = {"name": f"Product {number}", "slug": f"product-{number}"}
        offer = {"sku": f"SKU-{number}", "price": "100.00"}
        offer |= {name: fields.pop(name) for name in VARIANT_FIELDS & fields.keys()} | fields.pop("variant", {})
        with transaction.atomic():
            product = Product.objects.create(**texts | fields)
            Variant.objects.create(product=product, **offer)
        product.refresh_from_db()
        return product

    return make


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Iterator[Listener]:
    """Return a listener that the test can start; it is stopped after the test."""
    monkeypatch.setattr(listener_module, "HEARTBEAT", 2 * DEADLINE)
    monkeypatch.setattr(listener_module, "TRUST", 2 * DEADLINE)
    yield Listener()
    end_listeners()


@pytest.fixture
def subprocess_env(transactional_db: None) -> dict[str, str]:
    """Return the environment of `manage.py` and gunicorn as subprocesses on the test database.

    They run with shop.settings and the variables of testing.settings; each of them may be changed.
    """
    return {**os.environ, "DATABASE_URL": _url_of_test_database(), "DJANGO_SETTINGS_MODULE": "shop.settings"}


def _url_of_test_database() -> str:
    database = connection.settings_dict
    user, password, host = (quote(str(database[name]), safe="") for name in ("USER", "PASSWORD", "HOST"))
    credentials = f"{user}:{password}" if password else user
    port = f":{database['PORT']}" if database["PORT"] else ""
    # What was read from a URL is text; what the shop's settings add is not, and they will add it again.
    given = {name: value for name, value in database["OPTIONS"].items() if isinstance(value, str)}
    return f"postgresql://{credentials}@{host}{port}/{quote(database['NAME'])}?{urlencode(given)}"
