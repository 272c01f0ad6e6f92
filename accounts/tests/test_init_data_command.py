"""`manage.py init_data`: the printed init data signs in."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import User
from accounts.tests.local_requests import LOCAL
from conftest import JSONClient

REPOSITORY = Path(__file__).resolve().parents[2]


def init_data(*arguments: str) -> str:
    """Run the command, return its output."""
    output = io.StringIO()
    call_command("init_data", *arguments, stdout=output)
    return output.getvalue()


@pytest.mark.django_db
def test_printed_init_data_signs_in(client: JSONClient) -> None:
    names = ("--first-name", "Аня & Co", "--last-name", "100%", "--username", "anya", "--language-code", "en")
    line = init_data("--user-id", "42", *names)
    assert line.count("\n") == 1
    answer = client.get("/api/v1/users/me", HTTP_AUTHORIZATION=f"tma {line.strip()}")
    assert answer.json() == {
        "id": User.objects.get().pk,
        "telegram_id": 42,
        "first_name": "Аня & Co",
        "last_name": "100%",
        "username": "anya",
        "language_code": "en",
        "photo_url": "",
        "is_premium": False,
        "phone": "",
    }


@pytest.mark.parametrize("debug", ["on", "off"])
def test_command_runs_from_the_shell(
    debug: str, client: JSONClient, subprocess_env: dict[str, str], settings: Settings
) -> None:
    """With DEBUG on, the printed init data is valid on this machine only; with DEBUG off, everywhere."""
    line = subprocess.run(
        [sys.executable, "manage.py", "init_data", "--user-id", "42", "--first-name", "Аня"],
        cwd=REPOSITORY,
        env=subprocess_env | {"DEBUG": debug},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    ).stdout
    header = f"tma {line.strip()}"
    settings.DEBUG = debug == "on"
    answer = client.get("/api/v1/users/me", HTTP_AUTHORIZATION=header, **LOCAL)
    assert (answer.json()["telegram_id"], answer.json()["first_name"]) == (42, "Аня")
    settings.DEBUG = False
    in_production = client.get("/api/v1/users/me", HTTP_AUTHORIZATION=header, **LOCAL)
    assert in_production.status_code == (401 if debug == "on" else 200)


@pytest.mark.parametrize("number", ["0", "-1", str(2**52)])
def test_wrong_ids_are_refused(number: str) -> None:
    with pytest.raises(CommandError, match="--user-id: write a number from 1 to 4503599627370495"):
        init_data("--user-id", number)


def test_missing_or_non_numeric_id_is_refused() -> None:
    for arguments in ([], ["--user-id", "many"]):
        with pytest.raises(CommandError, match="--user-id"):
            init_data(*arguments)
