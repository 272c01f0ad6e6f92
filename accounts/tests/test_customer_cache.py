"""Cache of customers' rows: invalidated by each change, and off while the listener is not connected."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from accounts import customer_cache, services
from accounts.customer_cache import CustomerCache
from accounts.models import User
from conftest import Headers
from shop.postgres.listener import Listener
from testing.bot_api import DEADLINE, wait_until
from testing.listening import end_listeners, listeners, listening_begins
from testing.threads import together
from testing.web import web

pytestmark = pytest.mark.django_db(transaction=True)
ALICE = 1001


@pytest.fixture
def alice_row() -> User:
    return User.objects.create(username="tg:1001", telegram_id=ALICE, first_name="Alice")


@pytest.fixture
def customers(listener: Listener, alice_row: User) -> CustomerCache:
    """Return a cache whose listener is connected."""
    cache = CustomerCache(listener)
    listening_begins(listener)
    return cache


def found(customers: CustomerCache) -> User:
    user = customers.find(ALICE)
    assert user is not None
    return user


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_row_is_queried_once(customers: CustomerCache, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert [found(customers).first_name for _ in range(3)] == ["Alice"] * 3


def test_each_caller_has_an_object_of_its_own(customers: CustomerCache) -> None:
    first = found(customers)
    first.first_name = "Changed in memory"
    assert found(customers).first_name == "Alice"


@pytest.mark.parametrize(
    ("change", "is_changed"),
    [
        (
            lambda: User.objects.filter(telegram_id=ALICE).update(is_active=False),
            lambda user: user is not None and not user.is_active,
        ),
        (lambda: run("UPDATE accounts_user SET phone = '12345'"), lambda user: user is not None and user.phone),
        (lambda: User.objects.filter(telegram_id=ALICE).update(telegram_id=7), lambda user: user is None),
        (lambda: User.objects.all().delete(), lambda user: user is None),
        (lambda: run("TRUNCATE accounts_user CASCADE"), lambda user: user is None),
    ],
    ids=["switched off", "plain SQL", "another Telegram id", "deleted", "truncated"],
)
def test_change_by_another_connection_drops_the_row(
    customers: CustomerCache, change: Callable[[], object], is_changed: Callable[[User | None], Any]
) -> None:
    found(customers)
    change()
    wait_until(lambda: is_changed(customers.find(ALICE)))


def test_change_by_this_process_is_seen_at_once(customers: CustomerCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customers, "_hear", lambda payload: None)  # the notification is late
    monkeypatch.setattr(services, "customers", customers)
    services.change_profile(user=found(customers), phone="+7 912 345-67-89")
    assert found(customers).phone == "+7 912 345-67-89"


def test_row_that_changed_during_its_query_is_not_cached(
    customers: CustomerCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    select = customer_cache._select

    def select_and_be_overtaken(telegram_id: int) -> Any:
        row, changes = select(telegram_id), customers._changes
        together([lambda: User.objects.filter(telegram_id=ALICE).update(first_name="New")])
        wait_until(lambda: customers._changes > changes)
        return row

    monkeypatch.setattr(customer_cache, "_select", select_and_be_overtaken)
    assert found(customers).first_name == "Alice"
    monkeypatch.setattr(customer_cache, "_select", select)
    assert found(customers).first_name == "New"


def test_without_the_listener_each_request_queries(customers: CustomerCache, listener: Listener) -> None:
    found(customers)
    end_listeners()
    wait_until(lambda: not listener.is_listening)
    for name in ("Anna", "Vera"):
        User.objects.filter(telegram_id=ALICE).update(first_name=name)
        assert found(customers).first_name == name


def test_reconnected_listener_empties_the_cache(customers: CustomerCache, listener: Listener) -> None:
    found(customers)
    end_listeners()
    wait_until(lambda: not listener.is_listening)
    User.objects.filter(telegram_id=ALICE).update(first_name="New")
    listening_begins(listener)
    assert found(customers).first_name == "New"


def test_number_of_cached_rows_is_limited(customers: CustomerCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customer_cache, "MAX_ROWS", 3)
    User.objects.bulk_create(User(username=f"tg:{n}", telegram_id=n) for n in range(1, 11))
    for telegram_id in range(1, 11):
        customers.find(telegram_id)
    assert len(customers._rows) <= 3


def test_unknown_customer_is_not_cached(customers: CustomerCache) -> None:
    assert customers.find(2002) is None
    User.objects.create(username="tg:2002", telegram_id=2002)
    assert customers.find(2002) is not None


def test_deactivated_customer_is_refused_by_each_process(
    subprocess_env: dict[str, str], alice: Headers, tmp_path: Path
) -> None:
    headers = {"Authorization": alice["HTTP_AUTHORIZATION"]}
    with web(subprocess_env, tmp_path / "web.log", workers=2) as url:

        def answers(number: int = 12) -> set[int]:
            """Send that many requests, each over a new connection, so that both processes get some of them."""
            paths = [f"{url}/api/v1/users/me"] * number
            return {requests.get(path, headers=headers, timeout=DEADLINE).status_code for path in paths}

        wait_until(lambda: len(listeners()) == 2)
        assert answers() == {200}
        User.objects.filter(telegram_id=ALICE).update(is_active=False)
        wait_until(lambda: answers() == {403})
        assert answers(40) == {403}
