"""Test settings: the shop's own, independent of the developer's `.env`."""

import os

from testing.env_example import NAMES

os.environ.setdefault("DATABASE_URL", "")  # from the environment only: tests never use the server of a `.env`
os.environ.update(
    dict.fromkeys(NAMES - {"DATABASE_URL"}, "")
    | {
        "DEBUG": "on",
        "SECRET_KEY": "a-secret-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
        "TELEGRAM_BOT_TOKEN": "1234567890:SYNTHETIC-shop-test-token-not-a-real-bot",
        # No server listens there: a test that sends messages starts its own Bot API.
        "TELEGRAM_API_URL": "http://127.0.0.1:9",
        "TELEGRAM_INIT_DATA_TTL": "3600",
        "MANAGER_CHAT_ID": "-100200300",
        "ADMIN_EMAILS": "owner@example.org",
        "EMAIL_URL": "memorymail://",
        "CORS_ALLOWED_ORIGINS": "https://shop.example.org",
        "CURRENCY": "RUB",
        "LANGUAGE_CODE": "en",
        "TIME_ZONE": "Europe/Moscow",
        "LOG_FORMAT": "text",
        "NUM_PROXIES": "0",
    }
)

from shop.settings import *  # noqa: F403
from shop.settings import DATABASES

DEBUG = False  # as in Django's test runner
# Tests open and close connections per thread; none may outlive its test.
DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast
DATABASES.pop("replica", None)  # the tests of the replica add one
