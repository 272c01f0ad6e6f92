"""Staff sign-in: POST /admin/login/."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from axes.models import AccessAttempt, AccessLog
from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from rest_framework.settings import api_settings

from accounts.models import User
from accounts.sign_in import forget_expired_failures
from accounts.tasks import tidy
from testing.bot_api import DEADLINE
from testing.threads import alone, together

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/?next=/admin/"
PASSWORD, WRONG = "boss-of-the-shop", "boss-of-a-shop"
HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def boss(db: None) -> User:
    return User.objects.create_superuser("boss", password=PASSWORD)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the passwords that were hashed, in order."""
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return hashed


def sign_in(name: str = "boss", password: str = WRONG, address: str = HOME, **more: Any) -> Any:
    return post(LOGIN, {"username": name, "password": password}, REMOTE_ADDR=address, **more)


def post(path: str, form: dict[str, str], **more: Any) -> Any:
    """Send a urlencoded form as browsers do; the test client sends multipart by default."""
    return Client().post(path, urlencode(form), content_type="application/x-www-form-urlencoded", **more)


def fail(times: int, name: str = "boss", address: str = HOME) -> list[int]:
    return [sign_in(name, address=address).status_code for _ in range(times)]


def test_right_password_signs_in(boss: User) -> None:
    assert sign_in(password=PASSWORD).status_code == 302


def test_fifth_failure_locks_the_name_out_at_that_address_only(boss: User) -> None:
    assert fail(6) == [200, 200, 200, 200, 429, 429]
    assert sign_in(password=PASSWORD).status_code == 429
    assert sign_in(password=PASSWORD, address=ELSEWHERE).status_code == 302
    assert sign_in("somebody else").status_code == 200


def test_twentieth_failure_locks_the_address_out_for_all_names(boss: User) -> None:
    assert fail(20, "boss 0")[:4] == [200] * 4
    statuses = [sign_in(f"boss {number}").status_code for number in range(1, 16)]
    assert statuses == [200] * 14 + [429]
    assert sign_in(password=PASSWORD).status_code == 429
    assert Client().get(LOGIN, REMOTE_ADDR=HOME).status_code == 429
    assert sign_in(password=PASSWORD, address=ELSEWHERE).status_code == 302


def test_refused_attempt_computes_no_hash(boss: User, hashes: list[str]) -> None:
    fail(5)
    assert len(hashes) == 5
    fail(30)
    sign_in(password=PASSWORD)
    assert len(hashes) == 5


@pytest.mark.parametrize(("language", "word"), [("en", "Try again in 15 minutes."), ("ru", "через 15 минут")])
def test_refusal_page_says_when_to_try_again(boss: User, language: str, word: str) -> None:
    fail(5)
    with translation.override(language):
        refused = sign_in(password=PASSWORD)
    assert refused["Content-Type"] == "text/html; charset=utf-8"
    assert refused["Retry-After"] == "900"
    assert word in refused.content.decode()
    assert f'lang="{language}"' in refused.content.decode()


def test_lockout_ends_after_15_minutes_despite_more_attempts(boss: User, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(5)
    now = timezone.now()
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: now + timedelta(minutes=14))
    assert fail(3) == [429] * 3
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: now + timedelta(minutes=15, seconds=1))
    assert fail(1) == [200]
    assert sign_in(password=PASSWORD).status_code == 302


def test_sign_in_resets_the_failures_of_that_name_only(boss: User) -> None:
    """Otherwise staff could guess the owner's password without limit, by signing in between attempts."""
    fail(4, "owner")
    fail(4)
    assert sign_in(password=PASSWORD).status_code == 302
    assert fail(4) == [200] * 4
    assert fail(1, "owner") == [429]


@pytest.mark.parametrize(
    ("one", "other"),
    [("2001:db8::1", "2001:db8::ffff:2"), ("::ffff:192.0.2.9", "192.0.2.9"), ("", "not an address")],
)
def test_addresses_of_one_client_are_counted_together(boss: User, one: str, other: str) -> None:
    fail(4, address=one)
    assert fail(1, address=other) == [429]
    assert sign_in(password=PASSWORD, address="2001:db8:0:1::1").status_code == 302


def test_address_behind_a_proxy_is_the_proxys_entry(boss: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_settings, "NUM_PROXIES", 1)
    made_up = [sign_in(HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 192.0.2.7").status_code for number in range(5)]
    assert made_up == [200] * 4 + [429]
    assert sign_in(password=PASSWORD, HTTP_X_FORWARDED_FOR="192.0.2.8").status_code == 302


@pytest.mark.parametrize("name", ["", " ", "\0", "x" * 151, "x" * 50_000, "\ud800", "' OR 1=1 --"])
def test_invalid_names_get_the_form_again(boss: User, name: str) -> None:
    body = f"username={name}&password=x".encode(errors="surrogatepass")
    answer = Client().post(LOGIN, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200


def test_typed_text_is_neither_stored_nor_logged(boss: User, caplog: pytest.LogCaptureFixture) -> None:
    """People type their password into the user name field, and forms may have fields that axes does not know."""
    caplog.set_level(logging.DEBUG)
    for _ in range(6):
        post(
            f"{LOGIN}&note=hunter2", {"username": "hunter2", "password": "hunter2", "other": "hunter2"},
            HTTP_ACCEPT="hunter2",
        )  # fmt: skip
    (attempt,) = AccessAttempt.objects.values()
    assert attempt["failures_since_start"] == 5
    assert attempt["username"] == salted_hmac("accounts.sign_in", "hunter2", algorithm="sha256").hexdigest()
    assert "hunter2" not in str(attempt)
    assert "hunter2" not in caplog.text
    assert attempt["username"] not in caplog.text
    assert not AccessLog.objects.exists()


def test_axes_has_no_admin_pages() -> None:
    assert not [model for model in apps.get_app_config("axes").get_models() if model in site._registry]


def test_expired_failures_are_deleted_by_the_job(boss: User) -> None:
    fail(1, address=HOME)
    fail(1, address=ELSEWHERE)
    AccessAttempt.objects.filter(ip_address=HOME).update(attempt_time=timezone.now() - timedelta(minutes=16))
    tidy(0)
    assert [attempt.ip_address for attempt in AccessAttempt.objects.all()] == [ELSEWHERE]
    assert forget_expired_failures() == 0


class HeldHash:
    """A hash function that starts, and waits until `go_on` is set."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def encode(self, hasher: MD5PasswordHasher, password: str, salt: str) -> str:
        self.begun.set()
        assert self.go_on.wait(DEADLINE)
        return f"md5${salt}$x"


@pytest.mark.django_db(transaction=True)
def test_hashes_are_computed_one_at_a_time_and_no_thread_waits(boss: User, monkeypatch: pytest.MonkeyPatch) -> None:
    held = HeldHash()
    with ThreadPoolExecutor(1) as pool, monkeypatch.context() as patched:
        patched.setattr(MD5PasswordHasher, "encode", lambda *arguments: held.encode(*arguments))
        running = pool.submit(alone, lambda: sign_in(address=ELSEWHERE))
        try:
            assert held.begun.wait(DEADLINE)
            busy = sign_in(password=PASSWORD)
        finally:
            held.go_on.set()
        assert running.result(DEADLINE).status_code == 200
    assert busy.status_code == 200
    assert "Somebody else is signing in right now." in busy.content.decode()
    assert not AccessAttempt.objects.filter(ip_address=HOME).exists()
    assert sign_in(password=PASSWORD).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_each_hash_of_concurrent_attempts_is_counted(boss: User, hashes: list[str]) -> None:
    together([sign_in] * 12)
    assert 1 <= len(hashes) == sum(AccessAttempt.objects.values_list("failures_since_start", flat=True))
