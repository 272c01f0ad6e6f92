"""Pictures and a disk that takes no more: the kernel itself refuses to write here."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from catalog.images.uploads import Picture, prepare
from catalog.tests.test_admin import page_of
from conftest import Make
from testing.html_forms import OpenPage


@pytest.fixture
def picture(settings: Settings, tmp_path: Path) -> Picture:
    """Return an uploaded picture of some kilobytes, for a media folder of this test."""
    settings.MEDIA_ROOT = tmp_path
    output = BytesIO()
    Image.effect_noise((200, 200), 80).save(output, "PNG")
    return prepare(SimpleUploadedFile("a.png", output.getvalue()))


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """Have no file of this process grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [0, 1000])
def test_full_disk_is_a_sentence_and_the_picture_is_stored_later(
    picture: Picture, tmp_path: Path, caplog: pytest.LogCaptureFixture, room: int
) -> None:
    with full_disk(room), pytest.raises(ValidationError) as caught:
        picture.store()
    assert caught.value.messages == [
        "The server cannot store the picture (File too large). Tell whoever runs the shop, then try again."
    ]
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "A picture could not be stored: File too large"
    ]
    picture.store()
    for name, content in picture.files.items():
        assert (tmp_path / name).read_bytes() == content


def test_media_folder_that_cannot_be_written_to_is_a_sentence(
    picture: Picture, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "file"
    settings.MEDIA_ROOT.write_text("a file where the folder should be")
    with pytest.raises(ValidationError, match="cannot store the picture"):
        picture.store()


@pytest.mark.django_db
def test_product_page_says_that_a_picture_could_not_be_stored(
    admin_client: Client, make_product: Make, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "file"
    settings.MEDIA_ROOT.write_text("a file where the folder should be")
    product = make_product()
    page = OpenPage(admin_client, page_of(product))
    output = BytesIO()
    Image.new("RGB", (9, 9)).save(output, "PNG")
    answer = page.save(uploads=[SimpleUploadedFile("a.png", output.getvalue())], description="New")
    assert answer.status_code == 200
    assert "The server cannot store the picture" in page.html
    product.refresh_from_db()
    assert (product.images, product.description) == ([], "")
