"""Configuration: a wrong value stops the start; the error has the variable's name, never its value."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from shop import config, env_file
from shop.runtime import logs
from testing.env_example import NAMES

REPOSITORY = Path(__file__).resolve().parents[2]
# All variables that the shop reads, so that neither the machine nor a `.env` affects the tests.
RATES = {"THROTTLE_ANON": "300/min", "THROTTLE_USER": "300/min", "THROTTLE_ORDERS": "20/min", "THROTTLE_WORK": "15/min"}
NOTHING_SET = dict.fromkeys(NAMES - RATES.keys(), "")  # a rate that is set to nothing is switched off
PRODUCTION = {
    **NOTHING_SET,
    **RATES,
    "SECRET_KEY": "Zq8vT1xW5mK3nR7bY2cH9dJ4fG6sL0pAeUiOwQzXrCvBtNy!@#",
    "ALLOWED_HOSTS": "shop.example.org",
    "DATABASE_URL": "postgresql://botshop:pw@127.0.0.1:9/botshop",
    "TELEGRAM_BOT_TOKEN": "1234567890:SYNTHETIC-shop-test-token-not-a-real-bot",
    "MANAGER_CHAT_ID": "-100200300",
    "PUBLIC_URL": "https://shop.example.org",
    "DJANGO_SETTINGS_MODULE": "shop.settings",
}


def settings_with(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> dict[str, Any]:
    """Reload the settings in this process, with these variables and without the developer's `.env`."""
    monkeypatch.setattr(os, "environ", dict(variables))
    monkeypatch.setattr(env_file, "load", lambda path: None)
    monkeypatch.setattr(logs, "start_sentry", lambda dsn: None)
    return runpy.run_path(str(REPOSITORY / "shop" / "settings.py"))


def run(*command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a Python program of the shop to its end, with production's variables unless told otherwise."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], **PRODUCTION, **variables},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


WRONG = [
    ("DEBUG", "maybe"),
    ("SECRET_KEY", "short-secret"),
    ("ALLOWED_HOSTS", "https://shop.example.org"),
    ("ALLOWED_HOSTS", "shop.example.org:8000"),
    ("ALLOWED_HOSTS", "good.example.org,bad host"),
    ("DATABASE_URL", "nonsense-secret"),
    ("DATABASE_DIRECT_URL", "nonsense-secret"),
    ("DATABASE_REPLICA_URL", "nonsense-secret"),
    ("DATABASE_URL", "mysql://botshop:secret-word@db/botshop"),
    ("DATABASE_URL", "sqlite:///secret-word.sqlite3"),
    ("DATABASE_URL", "postgresql://botshop:secret-word@db:port-secret/botshop"),
    ("DATABASE_URL", "postgresql://botshop:secret/word@db/botshop"),
    ("REDIS_URL", "localhost:6379"),
    ("REDIS_URL", "http://:secret-word@localhost"),
    ("TELEGRAM_BOT_TOKEN", "secret-word"),
    ("TELEGRAM_BOT_TOKEN", "1234567890:short-secret"),
    ("TELEGRAM_BOT_USERNAME", "@my_shop_bot"),
    ("TELEGRAM_BOT_USERNAME", "https://t.me/secret_bot"),
    ("TELEGRAM_API_URL", "api.telegram.org"),
    ("TELEGRAM_API_URL", "https://"),
    ("TELEGRAM_INIT_DATA_TTL", "59"),
    ("TELEGRAM_INIT_DATA_TTL", "1h"),
    ("TELEGRAM_INIT_DATA_TTL", "9999999"),
    ("MANAGER_CHAT_ID", "0"),
    ("MANAGER_CHAT_ID", "12345,my-chat"),
    ("MANAGER_CHAT_ID", "12345678901234567"),
    ("ADMIN_EMAILS", "owner"),
    ("ADMIN_EMAILS", "owner@example.org;other@example.org"),
    ("EMAIL_URL", "nonsense-secret"),
    ("EMAIL_URL", "smtp://user:secret-word@mail:port"),
    ("EMAIL_FROM", "nobody"),
    ("PUBLIC_URL", "shop.example.org"),
    ("PUBLIC_URL", "ftp://shop.example.org"),
    ("PUBLIC_URL", "https://shop example.org"),
    ("MEDIA_URL", "/"),
    ("MEDIA_URL", "//cdn.example.org/"),
    ("MEDIA_URL", "../media/"),
    ("MEDIA_URL", "media files/"),
    ("MEDIA_URL", "ftp://cdn.example.org/"),
    ("MEDIA_URL", "https://"),
    ("MEDIA_URL", "https://cdn.example.org/?key=secret-word"),
    ("MEDIA_URL", "https://cdn.example.org/#media"),
    ("MEDIA_S3_BUCKET", "My Bucket"),
    ("MEDIA_S3_BUCKET", "s3://bucket"),
    ("MEDIA_S3_ENDPOINT", "storage.example.org"),
    ("CORS_ALLOWED_ORIGINS", "*"),
    ("CORS_ALLOWED_ORIGINS", "https://shop.example.org/path"),
    ("THROTTLE_ANON", "60"),
    ("THROTTLE_USER", "0/min"),
    ("THROTTLE_ORDERS", "60/week"),
    ("THROTTLE_WORK", "15 s"),
    ("NUM_PROXIES", "-1"),
    ("NUM_PROXIES", "ten"),
    ("CURRENCY", "rub"),
    ("CURRENCY", "₽"),
    ("LANGUAGE_CODE", "de"),
    ("SEARCH_LANGUAGE", "de-DE"),
    ("LOG_FORMAT", "xml"),
    ("SENTRY_DSN", "secret-word"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_wrong_value_is_named_in_one_line(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        settings_with(monkeypatch, PRODUCTION | {name: value})
    sentence = str(caught.value)
    assert sentence.startswith(f"{name}: ")
    assert "\n" not in sentence
    assert "secret" not in sentence
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("SECRET_KEY", "short", "50 characters"),
        ("ALLOWED_HOSTS", "https://x", "host names"),
        ("TELEGRAM_BOT_TOKEN", "x", "@BotFather"),
        ("TELEGRAM_BOT_USERNAME", "@x", "my_shop_bot"),
        ("MANAGER_CHAT_ID", "0", "chat ids"),
        ("DATABASE_URL", "x", "postgresql://"),
        ("CURRENCY", "rub", "ISO 4217"),
        ("TIME_ZONE", "Moscow", "Europe/Moscow"),
        ("LANGUAGE_CODE", "de", "ru or en"),
        ("MEDIA_URL", "/", "media/"),
        ("MEDIA_S3_BUCKET", "s3://bucket", "name of a bucket"),
        ("THROTTLE_USER", "x", "60/min"),
    ],
)
def test_error_says_what_to_write(name: str, value: str, advice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^{name}: .*{advice}"):
        settings_with(monkeypatch, PRODUCTION | {name: value})


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "TELEGRAM_BOT_TOKEN", "MANAGER_CHAT_ID"]
)
@pytest.mark.parametrize("value", ["", "  ", None])
def test_production_needs_the_setting(name: str, value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = PRODUCTION | {name: value} if value is not None else {k: v for k, v in PRODUCTION.items() if k != name}
    with pytest.raises(ImproperlyConfigured, match=f"^{name}: is not set"):
        settings_with(monkeypatch, variables)


@pytest.mark.parametrize("name", ["ALLOWED_HOSTS", "MANAGER_CHAT_ID"])
def test_empty_list_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^{name}: "):
        settings_with(monkeypatch, PRODUCTION | {name: " , "})


def test_email_without_chats_needs_a_mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    by_mail = PRODUCTION | {"MANAGER_CHAT_ID": "", "ADMIN_EMAILS": "owner@example.org"}
    with pytest.raises(ImproperlyConfigured, match=r"^EMAIL_URL: is not set"):
        settings_with(monkeypatch, by_mail)
    found = settings_with(monkeypatch, by_mail | {"EMAIL_URL": "smtp+tls://u:p@mail.example.org:587"})
    assert (found["ADMIN_EMAILS"], found["MANAGER_CHAT_IDS"]) == (["owner@example.org"], [])
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.example.org", 587, True)


def test_production_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_with(monkeypatch, PRODUCTION)
    assert found["DEBUG"] is False
    assert found["TELEGRAM_TO_CONSOLE"] is False
    names = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    assert [found[name] for name in names] == [True] * 3
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://shop.example.org"]
    rates = found["REST_FRAMEWORK"]["DEFAULT_THROTTLE_RATES"]
    assert rates == {"anon": "300/min", "user": "300/min", "orders": "20/min"}
    assert found["THROTTLE_WORK"] == "15/min"
    given = {PRODUCTION[name] for name in ("SECRET_KEY", "TELEGRAM_BOT_TOKEN")}
    assert {found["SECRET_KEY"], found["TELEGRAM_BOT_TOKEN"]} == given


def test_demo_needs_no_settings_and_prints_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_with(monkeypatch, NOTHING_SET | {"DEBUG": "on"})
    assert found["TELEGRAM_TO_CONSOLE"] is True
    assert found["MANAGER_CHAT_IDS"] == [found["DEMO_CHAT"]]
    assert found["TELEGRAM_BOT_TOKEN"] == ""  # which believes nothing: no token that anybody knows is made up
    assert found["DATABASES"]["default"]["ENGINE"] == "shop.postgres"
    assert found["REST_FRAMEWORK"]["DEFAULT_THROTTLE_RATES"]["anon"] == "300/min"


def test_demo_with_a_bot_prints_messages_until_chats_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with_bot = NOTHING_SET | {"DEBUG": "on", "TELEGRAM_BOT_TOKEN": PRODUCTION["TELEGRAM_BOT_TOKEN"]}
    found = settings_with(monkeypatch, with_bot)
    assert (found["TELEGRAM_TO_CONSOLE"], found["MANAGER_CHAT_IDS"]) == (True, [found["DEMO_CHAT"]])
    found = settings_with(monkeypatch, with_bot | {"MANAGER_CHAT_ID": "12345"})
    assert (found["TELEGRAM_TO_CONSOLE"], found["MANAGER_CHAT_IDS"]) == (False, ["12345"])
    found = settings_with(monkeypatch, with_bot | {"ADMIN_EMAILS": "owner@example.org"})
    assert (found["TELEGRAM_TO_CONSOLE"], found["MANAGER_CHAT_IDS"]) == (False, [])


def test_lists_are_comma_separated(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {"MANAGER_CHAT_ID": " 12345 , -1001234567890,@my_shop,", "THROTTLE_ANON": ""}
    found = settings_with(monkeypatch, PRODUCTION | variables)
    assert found["MANAGER_CHAT_IDS"] == ["12345", "-1001234567890", "@my_shop"]
    assert found["REST_FRAMEWORK"]["DEFAULT_THROTTLE_RATES"]["anon"] is None


def test_every_accepted_rate_is_valid_in_drf() -> None:
    from rest_framework.throttling import SimpleRateThrottle

    parse = object.__new__(SimpleRateThrottle).parse_rate
    for unit, seconds in {
        "s": 1,
        "sec": 1,
        "m": 60,
        "min": 60,
        "h": 3600,
        "hour": 3600,
        "d": 86400,
        "day": 86400,
    }.items():
        assert parse(config.rate("NOT_SET", f"5/{unit}")) == (5, seconds)


@pytest.mark.parametrize(
    ("command", "variables"),
    [
        (("manage.py", "check"), {"TELEGRAM_BOT_TOKEN": "secret-word"}),
        (("manage.py", "migrate"), {"DATABASE_URL": ""}),
        (("-m", "shop.serve"), {"SECRET_KEY": "secret-word"}),
        (("-m", "shop.serve"), {"PORT": "secret-word"}),
        (("-m", "shop.serve"), {"PORT": "65536"}),
        (("-m", "shop.serve"), {"WEB_CONCURRENCY": "0"}),
        (("-m", "shop.serve"), {"WEB_CONCURRENCY": "secret-word"}),
        (("-c", "import shop.wsgi"), {"ALLOWED_HOSTS": ""}),
    ],
)
def test_program_with_a_wrong_setting_does_not_start(command: tuple[str, ...], variables: dict[str, str]) -> None:
    done = run(*command, **variables)
    (name,) = variables
    assert done.returncode != 0
    assert re.fullmatch(rf"botshop cannot start: {name}: .+\n", done.stderr)
    assert "secret" not in done.stderr + done.stdout


def test_deployment_check_finds_no_issue() -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "INFO")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout


@pytest.mark.parametrize(("origins", "asked"), [("", False), ("https://pages.example.org", True)])
def test_cors_middleware_is_on_only_with_other_origins(
    monkeypatch: pytest.MonkeyPatch, origins: str, asked: bool
) -> None:
    settings = settings_with(monkeypatch, PRODUCTION | {"CORS_ALLOWED_ORIGINS": origins})
    assert ("corsheaders.middleware.CorsMiddleware" in settings["MIDDLEWARE"]) == asked
