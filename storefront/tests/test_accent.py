"""Accent colour of the merchant: readable on light and dark pages, for any colour."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import JSONClient
from storefront.accent import DARK, LIGHT, contrast, parse, stylesheet
from storefront.tests.test_page import STOREFRONT, policy
from testing.merchant import SetShop

COLOURS = st.binary(min_size=3, max_size=3).map(lambda colour: f"#{colour.hex()}")


def variables(css: str) -> list[dict[str, str]]:
    """Return the variables of the rules of a style sheet: light, dark by the system, dark by Telegram."""
    rules = re.findall(r":root[^{]*{([^}]*--accent:[^}]*)}", css)
    return [dict(re.findall(r"--([a-z-]+): ?(#[0-9a-f]{3,6})", rule)) for rule in rules]


@given(COLOURS)
def test_every_colour_is_made_readable(accent: str) -> None:
    light, *dark = variables(stylesheet(accent))
    assert dark[0] == dark[1]
    for found, grounds in ((light, LIGHT), (dark[0], DARK)):
        for ground in grounds:
            assert contrast(parse(found["accent"]), parse(ground)) >= 4.5
        assert contrast(parse(found["button"]), parse(found["button-text"])) >= 4.5
        assert contrast(parse(found["button"]), parse(grounds[0])) >= 1.5


def test_readable_colour_stays_as_it_is() -> None:
    light, dark, _ = variables(stylesheet("#14619C"))
    assert (light["accent"], light["button"], light["button-text"]) == ("#14619c", "#14619c", "#ffffff")
    assert dark["accent"] != "#14619c"


def test_yellow_button_has_black_text() -> None:
    light, _, _ = variables(stylesheet("#ffd400"))
    assert light["button-text"] == "#000000"


def test_grounds_are_those_of_the_style_sheet() -> None:
    light, dark, dark_again = variables((STOREFRONT / "storefront.css").read_text())
    assert (light["bg"], light["surface"]) == ("#fff", "#f2f4f6")
    assert LIGHT == ("#ffffff", "#f2f4f6")
    assert (dark["bg"], dark["surface"]) == (dark_again["bg"], dark_again["surface"]) == DARK


@pytest.mark.django_db
def test_page_has_the_accent_and_its_policy_allows_no_other_style(client: JSONClient, set_shop: SetShop) -> None:
    set_shop(accent="#b3541e")
    page = client.get("/")
    (css,) = re.findall("<style>(.*?)</style>", page.content.decode())
    assert css == stylesheet("#b3541e")
    digest = b64encode(sha256(css.encode()).digest()).decode()
    assert policy(page)["style-src"] == f"'self' 'sha256-{digest}'"


@pytest.mark.django_db
def test_page_of_a_shop_without_accent_has_no_style(client: JSONClient, set_shop: SetShop) -> None:
    set_shop(accent="")
    page = client.get("/")
    assert "<style" not in page.content.decode()
    assert policy(page)["style-src"] == "'self'"
