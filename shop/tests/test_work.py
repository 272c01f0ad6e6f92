"""Limit on the processing time of one address in a web process."""

from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import reverse

from accounts.models import User
from conftest import Headers, JSONClient
from shop.http import work


class Clock:
    """The monotonic clock of shop.http.work, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(work, "monotonic", clock)
    return clock


@pytest.fixture
def shop(clock: Clock) -> work.Middleware:
    """Return the middleware in front of a view that takes as many seconds as the path says."""

    def view(request: HttpRequest) -> HttpResponse:
        clock.now += float(request.GET.get("takes", 0))
        return HttpResponse()

    with override_settings(THROTTLE_WORK="15/min"):
        return work.limit_work(view)


def ask(shop: work.Middleware, path: str, user: Any = None, **headers: str) -> HttpResponse:
    request = RequestFactory().get(path, **headers)
    request.user = user or AnonymousUser()
    request.COOKIES = {settings.SESSION_COOKIE_NAME: "of this user"} if user else {}
    return shop(request)


def test_address_over_its_budget_is_refused_until_it_is_refilled(shop: work.Middleware, clock: Clock) -> None:
    answers = [ask(shop, "/api/v1/products?takes=2").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    refused = ask(shop, "/api/v1/products?takes=2")
    # 8 seconds were taken, 1.5 paid back since the first 2, and 5 may be owed: 1.5 are left, which take 6 seconds.
    assert refused["Retry-After"] == "6"
    assert refused["Content-Type"] == "application/problem+json"
    clock.now += 6
    assert ask(shop, "/api/v1/products?takes=2").status_code == HTTPStatus.OK
    assert ask(shop, "/api/v1/products").status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_cheap_requests_are_never_refused(shop: work.Middleware, clock: Clock) -> None:
    for _ in range(2000):
        clock.now += 0.2
        assert ask(shop, "/api/v1/products?takes=0.01").status_code == HTTPStatus.OK


def test_other_addresses_are_served(shop: work.Middleware) -> None:
    ask(shop, "/?takes=60")
    assert ask(shop, "/").status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert ask(shop, "/", REMOTE_ADDR="192.0.2.2").status_code == HTTPStatus.OK


@pytest.mark.parametrize("path", ["/api/v1/orders", "/api/v1/users/me", "/health", "/health/ready"])
def test_customers_and_monitors_are_exempt(path: str, shop: work.Middleware) -> None:
    ask(shop, "/?takes=60")
    assert ask(shop, path).status_code == HTTPStatus.OK
    assert ask(shop, f"{path}?takes=60").status_code == HTTPStatus.OK
    assert ask(shop, path).status_code == HTTPStatus.OK


def test_staff_are_exempt(shop: work.Middleware) -> None:
    boss, customer = User(is_staff=True), User()
    assert [ask(shop, "/admin/?takes=9", boss).status_code for _ in range(3)] == [200] * 3
    assert [ask(shop, "/admin/?takes=9", customer).status_code for _ in range(3)] == [200, 429, 429]
    assert ask(shop, "/admin/", boss).status_code == HTTPStatus.OK


def test_long_request_counts_ten_seconds(shop: work.Middleware) -> None:
    ask(shop, "/?takes=60")
    assert ask(shop, "/")["Retry-After"] == "20"


def test_user_is_not_read_without_a_session(shop: work.Middleware) -> None:
    """Reading the user would add `Vary: Cookie`."""
    request = RequestFactory().get("/")  # it has no user at all
    assert shop(request).status_code == HTTPStatus.OK


def test_refused_page_is_plain_text(shop: work.Middleware) -> None:
    ask(shop, "/docs?takes=60")
    refused = ask(shop, "/docs")
    assert refused["Content-Type"] == "text/plain; charset=utf-8"
    assert refused.content.decode() == (
        f"Your requests have taken too much of the shop's time. Try again in {refused['Retry-After']} s."
    )


def test_failed_request_is_counted(clock: Clock) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        clock.now += 60
        raise LookupError

    with override_settings(THROTTLE_WORK="15/min"):
        shop = work.limit_work(view)
    with pytest.raises(LookupError):
        ask(shop, "/")
    assert ask(shop, "/").status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_memory_is_limited_and_the_largest_debts_are_kept(clock: Clock) -> None:
    budget = work.WorkBudget("15/min", max_addresses=100)
    budget.spend("the flood", 60)
    for number in range(1000):
        budget.spend(f"192.0.2.{number}", 0.1)
    assert len(budget._full_at) <= 100
    assert budget.wait("the flood") > 0


@pytest.mark.django_db
def test_requests_through_all_middlewares_are_counted(
    alice: Headers, clock: Clock, monkeypatch: pytest.MonkeyPatch, django_user_model: type[User]
) -> None:
    """Through all middlewares, with a view that takes a minute."""

    def slow(view: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        clock.now += 60
        return HttpResponse()

    monkeypatch.setattr("catalog.views.ProductViewSet.list", slow)
    with override_settings(THROTTLE_WORK="15/min"):
        client = JSONClient()
        statuses = [client.get("/api/v1/products").status_code, client.get("/api/v1/products").status_code]
        assert statuses == [200, 429]
        assert client.get(reverse("admin:login")).status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert client.get("/api/v1/users/me", **alice).status_code == HTTPStatus.OK
        client.force_login(django_user_model.objects.create_superuser("boss", password="boss-of-the-shop"))
        assert client.get(reverse("admin:index")).status_code == HTTPStatus.OK
