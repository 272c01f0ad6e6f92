"""Pictures that two members of staff change at once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.tests.test_admin import page_of
from catalog.tests.test_uploads import drawn, media, saved
from conftest import Make
from testing.html_forms import OpenPage

__all__ = ["media"]  # a fixture

pytestmark = pytest.mark.django_db


def uploaded(colour: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.png", saved(drawn().resize((4, len(colour))), "PNG"))


def test_pictures_that_two_people_add_are_both_kept(
    admin_client: Client, colleague: Client, make_product: Make
) -> None:
    tea = make_product(images=["old.jpg"])
    pages = [OpenPage(client, page_of(tea)) for client in (admin_client, colleague)]
    for number, page in enumerate(pages, 3):
        assert page.save(uploads=uploaded("x" * number)).status_code == 302
    tea.refresh_from_db()
    assert (tea.images[0], len(set(tea.images))) == ("old.jpg", 3)


def test_new_order_of_pictures_does_not_drop_one_that_was_added(
    admin_client: Client, colleague: Client, make_product: Make
) -> None:
    tea = make_product(images=["a.jpg", "b.jpg"])
    page, other = (OpenPage(client, page_of(tea)) for client in (admin_client, colleague))
    assert other.save(uploads=uploaded("xxx")).status_code == 302
    tea.refresh_from_db()
    before = tea.images
    assert page.save(images="b.jpg\r\na.jpg").status_code == 200
    assert before[2] in page.html
    tea.refresh_from_db()
    assert tea.images == before


def test_null_character_in_a_picture_is_refused(admin_client: Client, make_product: Make) -> None:
    page = OpenPage(admin_client, page_of(make_product())).save(images="a\0.jpg")
    assert "Null characters are not allowed." in page.content.decode()
