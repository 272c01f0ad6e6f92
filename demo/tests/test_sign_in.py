"""Sign-in without Telegram is possible only in a demo on the same machine."""

import time

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from accounts.models import User
from accounts.tests.local_requests import FROM_AFAR, LOCAL
from accounts.tests.test_authentication import PATH, signed
from conftest import Headers, JSONClient
from demo import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings: Settings) -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS = True, ["*"]


def test_demo_customer_is_accepted_from_the_same_machine(client: JSONClient) -> None:
    header = f"tma {sign_in.sign(sign_in.CUSTOMER)}"
    assert client.get(PATH, HTTP_AUTHORIZATION=header, **LOCAL).json()["telegram_id"] == sign_in.CUSTOMER["id"]
    # Init data of Telegram is still accepted, here and through a tunnel.
    for address in (LOCAL, *FROM_AFAR):
        assert client.get(PATH, HTTP_AUTHORIZATION=signed(), **LOCAL | address).status_code == 200, address


@pytest.mark.parametrize("request_from_afar", FROM_AFAR, ids=str)
def test_demo_customer_is_refused_through_a_tunnel(request_from_afar: Headers, client: JSONClient) -> None:
    header = f"tma {sign_in.sign(sign_in.CUSTOMER)}"
    answer = client.get(PATH, HTTP_AUTHORIZATION=header, **LOCAL | request_from_afar)
    assert (answer.status_code, answer.json()["code"]) == (401, "init_data_bad_hash")
    assert not User.objects.exists()


@pytest.mark.parametrize("to_console", [False, True])
def test_demo_customer_is_refused_with_debug_off(to_console: bool, client: JSONClient, settings: Settings) -> None:
    header = f"tma {sign_in.sign(sign_in.CUSTOMER)}"
    settings.DEBUG, settings.TELEGRAM_TO_CONSOLE = False, to_console
    answer = client.get(PATH, HTTP_AUTHORIZATION=header, **LOCAL)
    assert (answer.status_code, answer.json()["code"]) == (401, "init_data_bad_hash")
    with pytest.raises(ImproperlyConfigured):
        sign_in.sign(sign_in.CUSTOMER)


def test_demo_without_a_bot_accepts_only_its_own_key(client: JSONClient, settings: Settings) -> None:
    """Neither the empty token nor the demo's former token is accepted: both are public."""
    settings.TELEGRAM_BOT_TOKEN = ""
    for token in ("", "1000000001:demo-token-that-telegram-has-never-seen"):
        assert client.get(PATH, HTTP_AUTHORIZATION=signed(token), **LOCAL).status_code == 401
    assert client.get(PATH, HTTP_AUTHORIZATION=f"tma {sign_in.sign(sign_in.CUSTOMER)}", **LOCAL).status_code == 200


def test_demo_init_data_expires(client: JSONClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as past:
        past.setattr(time, "time", lambda: 1_760_000_000.0)
        header = f"tma {sign_in.sign(sign_in.CUSTOMER)}"
    answer = client.get(PATH, HTTP_AUTHORIZATION=header, **LOCAL)
    assert (answer.status_code, answer.json()["code"]) == (401, "init_data_expired")
