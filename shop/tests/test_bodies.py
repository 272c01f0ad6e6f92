"""Size limits of request bodies outside the API."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from testing.bot_api import DEADLINE
from testing.web import web

MEGABYTE = 1_000_000
TOKEN = "t" * 32
ADD = "/admin/catalog/product/add/"


def upload_begun(url: str, path: str, *, sent: int, declared: int | str, cookies: str = "") -> str:
    """Send the beginning of an upload; return the first line of the answer that comes though the rest is missing."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken={TOKEN}{cookies}\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {declared}\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="uploads"; filename="a.jpg"\r\n\r\n'
    )
    with socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), timeout=DEADLINE) as connection:
        connection.sendall(head.encode() + b"x" * sent)
        return connection.makefile("rb").readline().decode().strip()


def test_anonymous_upload_is_refused_unread(subprocess_env: dict[str, str], tmp_path: Path) -> None:
    """Without the limit, the server waits for the whole body and writes it to the disk."""
    files = tmp_path / "temporary"
    files.mkdir()
    with web(subprocess_env | {"TMPDIR": str(files)}, tmp_path / "log") as url:
        for path in (ADD, "/admin/login/", "/", "/docs"):
            assert upload_begun(url, path, sent=MEGABYTE, declared=50 * MEGABYTE) == "HTTP/1.1 302 Found"
        assert not list(files.glob("*upload*"))
        # All threads are free.
        assert requests.get(f"{url}/health", timeout=DEADLINE).ok


def test_upload_with_an_invalid_session_is_refused_unread(subprocess_env: dict[str, str], tmp_path: Path) -> None:
    with web(subprocess_env, tmp_path / "log") as url:
        answer = upload_begun(url, ADD, sent=MEGABYTE, declared=50 * MEGABYTE, cookies="; sessionid=" + "s" * 32)
        assert answer == "HTTP/1.1 302 Found"


def test_upload_of_staff_has_a_size_limit(
    subprocess_env: dict[str, str], tmp_path: Path, django_user_model: type[User]
) -> None:
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("boss", password="boss-of-the-shop"))
    session = f"; sessionid={Session.objects.get().session_key}"
    with web(subprocess_env, tmp_path / "log") as url:
        answer = upload_begun(url, ADD, sent=MEGABYTE, declared=70 * MEGABYTE, cookies=session)
        assert answer == "HTTP/1.1 413 Request Entity Too Large"


@pytest.mark.django_db
def test_anonymous_upload_is_redirected_to_sign_in() -> None:
    answer = Client().post(ADD, {"uploads": SimpleUploadedFile("a.jpg", b"x")})
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('admin:login')}?next={ADD}")


@pytest.mark.django_db
def test_long_anonymous_form_is_refused() -> None:
    answer = Client().post(
        "/admin/login/", b"username=" + b"x" * 70_000, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413
    assert answer.content.decode() == "This is too much at once: at most 64.0\xa0KB, please."


def test_invalid_content_length_is_no_server_error(subprocess_env: dict[str, str], tmp_path: Path) -> None:
    with web(subprocess_env, tmp_path / "log") as url:
        answers = [upload_begun(url, ADD, sent=0, declared=length) for length in ("-1", "many", "9" * 30, "1e3", "")]
    assert {answer.split()[1][0] for answer in answers} <= {"3", "4"}, answers
