"""`.env.example`: complete, and valid when it is copied unchanged."""

import re
from pathlib import Path

import pytest

from shop import env_file
from shop.tests.test_config import settings_with
from testing.env_example import EXAMPLE, NAMES

SOURCES = [path for path in (EXAMPLE.parent / "shop").rglob("*.py") if "tests" not in path.parts]
READS = re.compile(r"""(?:optional|required|rate)\(\s*"([A-Z0-9_]+)"|os\.environ(?:\.get\(|\[)["']([A-Z0-9_]+)["']""")
# Not settings of the shop: boto3 reads the keys, and Django's own variable says which settings there are.
OF_BOTO3 = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"}
BOT = {"TELEGRAM_BOT_TOKEN": "1234567890:SYNTHETIC-shop-test-token-not-a-real-bot", "MANAGER_CHAT_ID": "12345"}


def read_by_the_shop() -> set[str]:
    return {a or b for path in SOURCES for a, b in READS.findall(path.read_text())}


def test_control_settings_are_found_in_the_sources() -> None:
    assert {"DEBUG", "SECRET_KEY", "MEDIA_S3_BUCKET", "THROTTLE_ANON", "WEB_CONCURRENCY"} <= read_by_the_shop()


def test_example_has_exactly_the_settings_of_the_sources() -> None:
    assert read_by_the_shop() | OF_BOTO3 == NAMES


def test_example_has_each_name_once() -> None:
    names = re.findall(r"^#?([A-Z][A-Z0-9_]*)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(names) == len(NAMES)


def test_example_with_a_bot_is_a_demo_with_that_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its other lines are defaults: with and without them the settings are the same."""
    example = env_file.read(EXAMPLE)
    assert example.keys() > BOT.keys()
    with_example = settings_with(monkeypatch, example | BOT | {"DEBUG": "on"})
    without = settings_with(monkeypatch, BOT | {"DEBUG": "on"})
    # Behind nginx it must not be forgotten, and no proxy means no header to believe.
    assert with_example["REST_FRAMEWORK"].pop("NUM_PROXIES") == 1
    assert without["REST_FRAMEWORK"].pop("NUM_PROXIES") == 0
    names = {name for name in without if name.isupper()}
    assert {name: with_example[name] for name in names} == {name: without[name] for name in names}
    assert with_example["MANAGER_CHAT_IDS"] == ["12345"]
    assert with_example["TELEGRAM_TO_CONSOLE"] is False


def test_server_lines_of_the_example_configure_production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With each # removed, as docs/deployment.md says, and the secrets filled in."""
    server = tmp_path / ".env"
    part = EXAMPLE.read_text(encoding="utf-8").split("--- On a server ---")[1].split("--- Optional")[0]
    server.write_text(re.sub(r"^#(?=[A-Z_]+=)", "", part, flags=re.MULTILINE), encoding="utf-8")
    values = env_file.read(server)
    assert values.pop("SECRET_KEY") == ""
    found = settings_with(monkeypatch, values | BOT | {"SECRET_KEY": "x" * 50})
    assert (found["DEBUG"], found["SECURE_SSL_REDIRECT"]) == (False, True)
    assert found["ALLOWED_HOSTS"] == ["shop.example.org"]
    assert found["REST_FRAMEWORK"]["NUM_PROXIES"] == 1
