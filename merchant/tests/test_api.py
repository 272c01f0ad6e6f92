"""The settings in GET /api/v1/shop, and GET /api/v1/pages/{slug}."""

from pathlib import Path
from typing import Any

import pytest
import requests
from django.db import connection

from conftest import JSONClient
from merchant.models import Page
from testing.bot_api import DEADLINE, wait_until
from testing.listening import listeners
from testing.merchant import SetShop, ShowPage
from testing.web import web

pytestmark = pytest.mark.django_db

SHOP, PAGES = "/api/v1/shop", "/api/v1/pages"
LOGO = f"products/ab/{'ab' * 32}.webp"
EVIL = "<script>alert(1)</script>"


def test_settings_are_in_the_shop(client: JSONClient, set_shop: SetShop, show_page: ShowPage) -> None:
    set_shop(
        name=EVIL,
        logo=LOGO,
        accent="#B3541e",
        banner_text="New tea",
        banner_link="/?category=3",
        phone="+7 8172 12-34-56",
        telegram_username="my_shop",
        email="shop@example.org",
        address="Mira 1",
        saturday_opens="09:00",
        saturday_closes="18:30",
        min_total="500",
        accepts_orders=False,
        notice="Back on Monday",
    )
    privacy = show_page("privacy", position=2)
    about = show_page("about", position=1)
    answer = client.get(SHOP).json()
    assert {name: answer[name] for name in answer.keys() & set(EXPECTED)} == EXPECTED | {
        "hours": [
            *({"day": day, "opens": None, "closes": None} for day in WEEKDAYS),
            {"day": "saturday", "opens": "09:00", "closes": "18:30"},
            {"day": "sunday", "opens": None, "closes": None},
        ],
        "pages": [
            {
                "slug": "about",
                "title": "About",
                "version": about.version,
                "needs_consent": False,
            },
            {"slug": "privacy", "title": "Privacy", "version": privacy.version, "needs_consent": True},
        ],
    }


WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
EXPECTED: dict[str, Any] = {
    "name": EVIL,
    "logo": f"http://testserver/media/{LOGO}",
    "accent": "#B3541e",
    "banner": {"image": None, "text": "New tea", "link": "/?category=3"},
    "contacts": {
        "phone": "+7 8172 12-34-56",
        "telegram_username": "my_shop",
        "email": "shop@example.org",
        "address": "Mira 1",
    },
    "time_zone": "Europe/Moscow",
    "hours": [],
    "min_total": "500.00",
    "accepts_orders": False,
    "notice": "Back on Monday",
    "pages": [],
}


@pytest.mark.parametrize("slash", ["", "/"])
def test_shown_page(slash: str, client: JSONClient, show_page: ShowPage) -> None:
    page = show_page("privacy", text=EVIL)
    answer = client.get(f"{PAGES}/privacy{slash}")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "public, max-age=0, must-revalidate")
    body = answer.json()
    assert body.pop("updated_at").endswith("Z")
    assert body == {"slug": "privacy", "title": "Privacy", "text": EVIL, "version": page.version}


@pytest.mark.parametrize("slug", ["terms", "blog", "", "privacy/x", "%00", "Privacy"])
def test_other_pages_are_not_found(slug: str, client: JSONClient, show_page: ShowPage) -> None:
    show_page("privacy")
    show_page("terms", is_shown=False)
    answer = client.get(f"{PAGES}/{slug}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.django_db(transaction=True)
def test_two_processes_see_each_change(
    subprocess_env: dict[str, str], set_shop: SetShop, show_page: ShowPage, tmp_path: Path
) -> None:
    set_shop(name="Tea")
    page = show_page("privacy", text="One")

    def seen(url: str, number: int = 12) -> set[tuple[str, str]]:
        """Ask so many times, each over a new connection, so that both processes get their share."""
        return {
            (
                requests.get(f"{url}{SHOP}", timeout=DEADLINE).json()["name"],
                requests.get(f"{url}{PAGES}/privacy", timeout=DEADLINE).json().get("text", "hidden"),
            )
            for _ in range(number)
        }

    with web(subprocess_env, tmp_path / "web.log", workers=2) as url:
        wait_until(lambda: seen(url) and len(listeners()) == 2)
        assert seen(url) == {("Tea", "One")}
        with connection.cursor() as cursor:  # not by the ORM: the trigger moves the revision
            cursor.execute("UPDATE merchant_shopsettings SET name = 'Coffee'")
        wait_until(lambda: seen(url) == {("Coffee", "One")})
        assert seen(url, 30) == {("Coffee", "One")}
        Page.objects.filter(pk=page.pk).update(text="Two")
        wait_until(lambda: seen(url) == {("Coffee", "Two")})
        Page.objects.filter(pk=page.pk).update(is_shown=False)
        wait_until(lambda: seen(url) == {("Coffee", "hidden")})
