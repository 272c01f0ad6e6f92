"""Settings and pages in the back office, as staff use them."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from accounts.models import User
from merchant.models import Page, ShopSettings
from testing.html_forms import OpenPage
from testing.merchant import SetShop, ShowPage

pytestmark = pytest.mark.django_db

SETTINGS, PAGES = "/admin/merchant/shopsettings/", "/admin/merchant/page/"
ONE = f"{SETTINGS}1/change/"
EVIL = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _shop(set_shop: SetShop, settings: Settings, tmp_path: Path) -> None:
    set_shop(name="Tea")
    settings.MEDIA_ROOT = tmp_path


def staff(*permissions: str) -> Client:
    """Return a test client of staff with these permissions on the merchant's models."""
    user = User.objects.create_user("staff", password="correct horse", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions, content_type__app_label="merchant"))
    client = Client()
    client.force_login(user)
    return client


def page_of(page: Page) -> str:
    return f"{PAGES}{page.pk}/change/"


def picture(colour: str) -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (40, 40), colour).save(file, "PNG")
    return SimpleUploadedFile("logo.png", file.getvalue(), "image/png")


def test_list_leads_to_the_one_row(admin_client: Client) -> None:
    answer = admin_client.get(SETTINGS)
    assert (answer.status_code, answer["Location"]) == (302, ONE)
    for path in (f"{SETTINGS}add/", f"{SETTINGS}1/delete/", f"{PAGES}add/"):
        assert admin_client.get(path).status_code == 403, path


def test_settings_are_saved(admin_client: Client) -> None:
    page = OpenPage(admin_client, ONE)
    answer = page.save(
        name=f" {EVIL}\u202e ",
        accent="#b3541e",
        telegram_username="@my_shop",
        monday_opens="10:00",
        monday_closes="20:00",
        banner_link="/?category=3",
        min_total="500",
        accepts_orders=None,
        notice="Back on Monday",
    )
    assert (answer.status_code, answer["Location"]) == (302, ONE)
    row = ShopSettings.objects.get()
    assert (row.name, row.telegram_username, row.accepts_orders, row.notice) == (
        EVIL,
        "my_shop",
        False,
        "Back on Monday",
    )
    assert [f"{time:%H:%M}" for time in row.hours[0][1:] if time] == ["10:00", "20:00"]
    html = admin_client.get(ONE).content.decode()
    assert EVIL not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"accent": "red"}, "Write a colour such as #b3541e."),
        ({"banner_link": "javascript:alert(1)"}, "Write an address of this shop, such as /?category=3"),
        ({"monday_opens": "18:00", "monday_closes": "09:00"}, "Monday: write both times"),
        ({"friday_opens": "09:00"}, "Friday: write both times"),
        ({"sunday_opens": "25:00"}, "Enter a valid time."),
        ({"min_total": "-1"}, "The minimum order cannot be below zero."),
        ({"min_total": "1e99"}, "Ensure that there are no more than"),
        ({"min_total": "NaN"}, "Enter a number."),
        ({"name": "\u202e"}, "The shop needs a name."),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"phone": "call me"}, "Write a phone number"),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"logo": "../secret"}, "Write the path of a picture"),
        ({"name": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_wrong_value_gets_its_sentence(fields: dict[str, str], sentence: str, admin_client: Client) -> None:
    page = OpenPage(admin_client, ONE)
    before = ShopSettings.objects.values().get()
    assert page.save(**fields).status_code == 200
    assert sentence in page.html
    assert ShopSettings.objects.values().get() == before


def test_logo_is_uploaded_replaced_and_removed(admin_client: Client, tmp_path: Path) -> None:
    names = []
    for colour in ("red", "blue"):
        assert OpenPage(admin_client, ONE).save(logo_upload=picture(colour)).status_code == 302
        names.append(ShopSettings.objects.get().logo)
        assert (tmp_path / names[-1]).is_file()
        assert names[-1].removesuffix(".jpg") in admin_client.get(ONE).content.decode()
    assert names[0] != names[1]
    assert OpenPage(admin_client, ONE).save(logo="").status_code == 302
    assert ShopSettings.objects.get().logo == ""


def test_upload_that_is_no_picture_is_refused(admin_client: Client) -> None:
    page = OpenPage(admin_client, ONE)
    assert page.save(banner_upload=SimpleUploadedFile("b.png", b"<svg onload=alert(1)>")).status_code == 200
    assert "is not a JPEG, PNG, WebP or GIF picture." in page.html
    assert ShopSettings.objects.get().banner_picture == ""


def test_two_people_at_once_lose_nothing(admin_client: Client) -> None:
    first, second = OpenPage(admin_client, ONE), OpenPage(admin_client, ONE)
    assert first.save(phone="+7 8172 12-34-56").status_code == 302
    assert second.save(min_total="500").status_code == 302
    row = ShopSettings.objects.get()
    assert (row.phone, row.min_total) == ("+7 8172 12-34-56", Decimal(500))
    third = OpenPage(admin_client, ONE)
    ShopSettings.objects.update(name="Coffee")
    assert third.save(name="Cocoa").status_code == 200
    assert "it was “Tea” and is “Coffee” now" in third.html
    assert third.save().status_code == 302
    assert ShopSettings.objects.get().name == "Cocoa"


@pytest.mark.parametrize("permissions", [[], ["view_page"]])
def test_staff_without_permission_see_no_settings(permissions: list[str]) -> None:
    client = staff(*permissions)
    assert {client.get(path).status_code for path in (SETTINGS, ONE, f"{ONE[:-7]}history/")} <= {302, 403}
    assert client.post(ONE, {"name": "Mine"}).status_code == 403
    assert ShopSettings.objects.get().name == "Tea"


def test_staff_who_may_only_look_change_nothing() -> None:
    client = staff("view_shopsettings")
    assert 'name="name"' not in client.get(ONE).content.decode()
    assert client.post(ONE, {"name": "Mine"}).status_code == 403
    record = ShopSettings.history.create(**ShopSettings.objects.values().get(), history_date="2026-01-01T00:00Z")
    past = f"{SETTINGS}1/history/{record.pk}/"
    assert client.get(past).status_code == 200
    assert client.post(past, {"name": "Mine"}).status_code == 403
    assert ShopSettings.objects.get().name == "Tea"


def test_history_tells_who_changed_what(admin_client: Client, admin_user: User) -> None:
    OpenPage(admin_client, ONE).save(accent="#b3541e")
    OpenPage(admin_client, ONE).save(accent="#123456", name=EVIL)
    html = admin_client.get(f"{SETTINGS}1/history/").content.decode()
    assert ("#b3541e" in html, "#123456" in html, str(admin_user) in html) == (True, True, True)
    assert EVIL not in html
    assert [record.history_user for record in ShopSettings.history.all()[:2]] == [admin_user] * 2


def test_page_is_written_and_shown(admin_client: Client, show_page: ShowPage) -> None:
    terms = show_page("terms", title="", text="", is_shown=False)
    page = OpenPage(admin_client, page_of(terms))
    assert page.save(is_shown="on").status_code == 200
    assert "A page that is shown needs a title and a text." in page.html
    assert page.save(title="Terms", text=f"One\r\n\r\n{EVIL}\u202e\r\n", is_shown="on").status_code == 302
    terms.refresh_from_db()
    assert (terms.title, terms.text, terms.is_shown) == ("Terms", f"One\n\n{EVIL}", True)
    assert terms.version in admin_client.get(page_of(terms)).content.decode()


def test_pages_are_shown_and_ordered_in_the_list(admin_client: Client, show_page: ShowPage) -> None:
    Page.objects.all().delete()
    terms = show_page("terms")
    changes: dict[str, Any] = {"form-0-is_shown": None, "form-0-position": "7"}
    assert OpenPage(admin_client, PAGES).save(**changes).status_code == 302
    terms.refresh_from_db()
    assert (terms.is_shown, terms.position) == (False, 7)


def test_history_of_a_page_finds_the_text_of_a_version(admin_client: Client, show_page: ShowPage) -> None:
    terms = show_page("terms")
    agreed = terms.version
    OpenPage(admin_client, page_of(terms)).save(text="Another text.")
    terms.refresh_from_db()
    html = admin_client.get(f"{PAGES}{terms.pk}/history/").content.decode()
    assert terms.version != agreed
    assert (terms.version in html, agreed in html) == (True, True)
    past = Page.history.get(id=terms.pk, text="Text of terms.")
    assert "Text of terms." in admin_client.get(f"{PAGES}{terms.pk}/history/{past.pk}/").content.decode()


def test_back_office_has_the_name_of_the_shop(admin_client: Client, set_shop: SetShop) -> None:
    set_shop(name=EVIL)
    html = admin_client.get("/admin/").content.decode()
    assert EVIL not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2
