"""Rate limits of the API."""

import time
from typing import Any
from unittest.mock import ANY

import pytest
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.test import APIRequestFactory
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from conftest import Headers, JSONClient
from shop.api import throttles
from shop.api.windows import RedisWindows
from testing.threads import together

pytestmark = pytest.mark.django_db

PRODUCTS, PROFILE, ORDERS = "/api/v1/products", "/api/v1/users/me", "/api/v1/orders"


@pytest.fixture
def rates(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """Return the rates, all off, to be changed by the test."""
    rates: dict[str, str | None] = {"anon": None, "user": None, "orders": None}
    # DRF reads them from the class, where the import has put them.
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", rates)
    return rates


def statuses(client: JSONClient, path: str, times: int, **headers: Any) -> list[int]:
    return [client.get(path, **headers).status_code for _ in range(times)]


def test_empty_rate_is_off(client: JSONClient, alice: Headers, rates: dict[str, str | None]) -> None:
    assert set(rates.values()) == {None}
    assert statuses(client, PRODUCTS, 30) == [200] * 30
    assert statuses(client, PROFILE, 30, **alice) == [200] * 30


def test_429_is_a_problem_with_retry_after(client: JSONClient, rates: dict[str, str | None]) -> None:
    rates["anon"] = "2/min"
    assert statuses(client, PRODUCTS, 2) == [200, 200]
    answer = client.get(PRODUCTS)
    assert answer.status_code == 429
    assert answer["Content-Type"] == "application/problem+json"
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert answer.json() == {
        "type": "about:blank",
        "title": "Too Many Requests",
        "status": 429,
        "detail": ANY,
        "code": "throttled",
    }


def test_anonymous_requests_are_counted_by_address(client: JSONClient, rates: dict[str, str | None]) -> None:
    rates["user"] = "1/min"
    assert statuses(client, PRODUCTS, 3) == [200] * 3


def test_addresses_are_counted_separately(client: JSONClient, rates: dict[str, str | None]) -> None:
    rates["anon"] = "2/min"
    assert statuses(client, PRODUCTS, 3, REMOTE_ADDR="192.0.2.1") == [200, 200, 429]
    assert statuses(client, PRODUCTS, 3, REMOTE_ADDR="192.0.2.2") == [200, 200, 429]


def test_forwarded_for_is_ignored_without_a_proxy(client: JSONClient, rates: dict[str, str | None]) -> None:
    rates["anon"] = "2/min"
    made_up = [client.get(PRODUCTS, HTTP_X_FORWARDED_FOR=f"192.0.2.{number}").status_code for number in range(4)]
    assert made_up == [200, 200, 429, 429]


def test_behind_a_proxy_only_its_own_entry_is_used(
    client: JSONClient, rates: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    rates["anon"] = "2/min"
    monkeypatch.setattr(api_settings, "NUM_PROXIES", 1)
    made_up = [f"192.0.2.{number}, 198.51.100.7" for number in range(3)]
    found = [client.get(PRODUCTS, HTTP_X_FORWARDED_FOR=forwarded).status_code for forwarded in made_up]
    assert found == [200, 200, 429]
    assert client.get(PRODUCTS, HTTP_X_FORWARDED_FOR="198.51.100.8").status_code == 200


def test_customers_are_counted_separately(
    client: JSONClient, alice: Headers, bob: Headers, rates: dict[str, str | None]
) -> None:
    """From one address, such as that of a mobile operator, and without using up that of the address."""
    rates |= {"user": "2/min", "anon": "1/min"}
    assert statuses(client, PROFILE, 3, **alice) == [200, 200, 429]
    assert statuses(client, PROFILE, 3, **bob) == [200, 200, 429]
    assert statuses(client, PRODUCTS, 1) == [200]


def test_orders_are_counted_separately_from_reads(
    client: JSONClient, alice: Headers, bob: Headers, rates: dict[str, str | None]
) -> None:
    rates["orders"] = "2/min"
    placed = [client.post(ORDERS, {}, **alice) for _ in range(3)]
    assert [answer.status_code for answer in placed] == [400, 400, 429]
    assert int(placed[2]["Retry-After"]) > 0
    assert statuses(client, f"{ORDERS}/my", 5, **alice) == [200] * 5
    assert client.post(ORDERS, {}, **bob).status_code == 400


def test_wrong_credentials_are_refused_and_not_counted(client: JSONClient, rates: dict[str, str | None]) -> None:
    """Refused before the rate limits, without a database query: each guess costs one hash."""
    rates |= {"anon": "1/min", "user": "1/min"}
    assert statuses(client, PROFILE, 3, HTTP_AUTHORIZATION="tma rubbish") == [401] * 3


def test_without_redis_each_process_counts(
    client: JSONClient, rates: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttles, "windows", RedisWindows("redis://127.0.0.1:9/0"))
    rates["anon"] = "2/min"
    assert statuses(client, PRODUCTS, 3) == [200, 200, 429]


@pytest.mark.parametrize("day", [-86400, 86400])
def test_changed_wall_clock_does_not_change_the_counts(
    client: JSONClient, rates: dict[str, str | None], monkeypatch: pytest.MonkeyPatch, day: int
) -> None:
    rates["anon"] = "2/min"
    now, ticks = time.time(), time.monotonic()
    assert statuses(client, PRODUCTS, 2) == [200, 200]
    monkeypatch.setattr(time, "time", lambda: now + day)
    refused = client.get(PRODUCTS)
    assert (refused.status_code, 1 <= int(refused["Retry-After"]) <= 60) == (429, True)
    monkeypatch.setattr("shop.api.windows.monotonic", lambda: ticks + 61)
    assert statuses(client, PRODUCTS, 3) == [200, 200, 429]


def test_concurrent_requests_are_all_counted(rates: dict[str, str | None]) -> None:
    rates["anon"] = "5/min"

    def allowed() -> bool:
        request = Request(APIRequestFactory().get(PRODUCTS))
        return throttles.PerAddress().allow_request(request, APIView())

    assert sum(outcome is True for outcome in together([allowed] * 20)) == 5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:0DB8:0:0::0001"),
        ("fe80::1%eth0", "fe80::2"),
        ("", "not an address"),
        ("192.0.2.1 ", "192.0.2.1"),
    ],
)
def test_addresses_of_one_client_are_counted_together(
    client: JSONClient, rates: dict[str, str | None], one: str, other: str
) -> None:
    rates["anon"] = "1/min"
    assert statuses(client, PRODUCTS, 1, REMOTE_ADDR=one) == [200]
    assert statuses(client, PRODUCTS, 1, REMOTE_ADDR=other) == [429]


def test_neighbouring_ipv6_networks_are_counted_separately(client: JSONClient, rates: dict[str, str | None]) -> None:
    rates["anon"] = "1/min"
    assert statuses(client, PRODUCTS, 1, REMOTE_ADDR="2001:db8:1:2::1") == [200]
    assert statuses(client, PRODUCTS, 1, REMOTE_ADDR="2001:db8:1:3::1") == [200]


@pytest.mark.parametrize("forwarded", ["rubbish", "192.0.2.9, ", "192.0.2.9, 1.2.3.4.5", "\xff\x01", ",", "9" * 5000])
def test_invalid_forwarded_for_falls_back_to_the_connection(
    client: JSONClient, rates: dict[str, str | None], monkeypatch: pytest.MonkeyPatch, forwarded: str
) -> None:
    rates["anon"] = "1/min"
    monkeypatch.setattr(api_settings, "NUM_PROXIES", 1)
    assert statuses(client, PRODUCTS, 1, HTTP_X_FORWARDED_FOR=forwarded) == [200]
    assert statuses(client, PRODUCTS, 1, HTTP_X_FORWARDED_FOR="made up") == [429]
