"""Storage and URLs of pictures: folder, CDN, S3."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from PIL import Image
from pytest_django import Settings

from catalog.images.uploads import prepare
from catalog.images.urls import absolute_urls, site_root
from shop import media
from shop.tests.test_config import NOTHING_SET, PRODUCTION, settings_with

BUCKET = {"MEDIA_S3_BUCKET": "my-shop", "MEDIA_URL": "https://cdn.example.org/pictures"}
Objects = dict[str, tuple[dict[str, str], bytes]]  # headers and bodies by path
FOLDER = {"BACKEND": "django.core.files.storage.FileSystemStorage"}


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("", "media/"),
        ("pictures", "pictures/"),
        ("/shop/media.v2/", "/shop/media.v2/"),
        ("https://cdn.example.org", "https://cdn.example.org/"),
        ("https://cdn.example.org:8443/a/b/", "https://cdn.example.org:8443/a/b/"),
    ],
)
def test_media_url_ends_with_a_slash(given: str, taken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_with(monkeypatch, PRODUCTION | {"MEDIA_URL": given})
    assert (found["MEDIA_URL"], found["STORAGES"]["default"]) == (taken, FOLDER)


@pytest.mark.parametrize(
    ("media_url", "address"),
    [
        ("media/", "https://shop.example.org/media/tea/%D1%87%D0%B0%D0%B9%201.jpg"),
        ("https://cdn.example.org/a/", "https://cdn.example.org/a/tea/%D1%87%D0%B0%D0%B9%201.jpg"),
    ],
)
def test_address_of_a_picture(media_url: str, address: str, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://shop.example.org"
    settings.MEDIA_URL = media_url
    absolute_urls.cache_clear()
    assert absolute_urls('["tea/чай 1.jpg"]', site_root(RequestFactory().get("/"))) == (address,)


@pytest.mark.parametrize("media_url", ["", "media/"])
def test_bucket_needs_a_media_url(media_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^MEDIA_URL: .*MEDIA_S3_BUCKET.*https://[^\n]*$"):
        settings_with(monkeypatch, PRODUCTION | BUCKET | {"MEDIA_URL": media_url})


@pytest.mark.parametrize("package", ["storages", "botocore.config"])
def test_bucket_needs_its_packages(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImproperlyConfigured, match=r"^MEDIA_S3_BUCKET: [^\n]*requirements-s3\.txt[^\n]*$"):
        settings_with(monkeypatch, PRODUCTION | BUCKET)


def test_demo_and_production_work_without_s3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "storages", None)
    for variables in (PRODUCTION, NOTHING_SET | {"DEBUG": "on"}):
        assert settings_with(monkeypatch, variables)["STORAGES"]["default"] == FOLDER


class Bucket(BaseHTTPRequestHandler):
    """A stand-in for S3: what was put there, by path."""

    protocol_version = "HTTP/1.1"
    objects: Objects

    def do_PUT(self) -> None:
        """Keep an object."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.objects[self.path] = (dict(self.headers), body)
        self._answer(200)

    def do_HEAD(self) -> None:
        """Tell the size of an object."""
        if self.path in self.objects:
            self._answer(200, len(self.objects[self.path][1]))
        else:
            self._answer(404)

    def do_DELETE(self) -> None:
        """Forget an object."""
        del self.objects[self.path]
        self._answer(204)

    def _answer(self, status: int, length: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Keep quiet."""


@pytest.fixture
def bucket(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Objects]:
    """Keep pictures in a bucket during the test; gives its objects, headers and bodies."""
    pytest.importorskip("storages.backends.s3", exc_type=ImportError)
    Bucket.objects = {}
    with ThreadingHTTPServer(("127.0.0.1", 0), Bucket) as server:
        threading.Thread(target=server.serve_forever).start()
        for name, value in {
            "MEDIA_S3_BUCKET": "my-shop",
            "MEDIA_S3_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
            "AWS_ACCESS_KEY_ID": "synthetic-key",
            "AWS_SECRET_ACCESS_KEY": "synthetic-secret",
            "AWS_DEFAULT_REGION": "eu-central-1",
        }.items():
            monkeypatch.setenv(name, value)
        settings.STORAGES = {**settings.STORAGES, "default": media.storage("https://cdn.example.org/pictures/")}
        absolute_urls.cache_clear()
        try:
            yield Bucket.objects
        finally:
            server.shutdown()


def test_picture_is_stored_and_deleted_in_the_bucket(bucket: Objects) -> None:
    name = "products/ab/чай.jpg"
    assert not default_storage.exists(name)
    default_storage.save(name, ContentFile(b"a picture"))
    ((path, (headers, body)),) = bucket.items()
    assert path == "/my-shop/products/ab/%D1%87%D0%B0%D0%B9.jpg"
    assert body == b"a picture"
    assert (headers["Content-Type"], headers["Cache-Control"]) == ("image/jpeg", "public, max-age=3600")
    assert "synthetic-key" in headers["Authorization"]
    assert "eu-central-1" in headers["Authorization"]
    assert default_storage.exists(name)
    assert default_storage.size(name) == 9
    (address,) = absolute_urls(json.dumps([name]), site_root(RequestFactory().get("/")))
    assert address == "https://cdn.example.org/pictures/products/ab/%D1%87%D0%B0%D0%B9.jpg"
    default_storage.delete(name)
    assert bucket == {}


def test_uploaded_picture_is_stored_in_the_bucket_once(bucket: Objects) -> None:
    content = BytesIO()
    Image.new("RGB", (9, 9)).save(content, "PNG")
    picture = prepare(SimpleUploadedFile("a.png", content.getvalue()))
    picture.store()
    stored = dict(bucket)
    assert {path: body for path, (_, body) in stored.items()} == {
        f"/my-shop/{name}": file for name, file in picture.files.items()
    }
    assert {headers["Content-Type"] for headers, _ in stored.values()} == {"image/jpeg", "image/webp"}
    picture.store()
    assert all(bucket[path] is stored[path] for path in stored)
