"""Fixtures of the shop's settings and pages. A transactional test empties their tables, also for the tests after it."""

from collections.abc import Callable
from typing import Any

import pytest

from merchant.models import Page, ShopSettings

SetShop = Callable[..., ShopSettings]
ShowPage = Callable[..., Page]


@pytest.fixture
def set_shop(db: None) -> SetShop:
    """Return a function that changes the settings; its arguments are the model's fields."""

    def change(**fields: Any) -> ShopSettings:
        return ShopSettings.objects.update_or_create(pk=1, defaults=fields)[0]

    return change


@pytest.fixture
def show_page(db: None) -> ShowPage:
    """Return a function that shows a page; its arguments are the slug and the model's fields."""

    def show(slug: str, **fields: Any) -> Page:
        page: Page = Page.objects.update_or_create(
            slug=slug, defaults={"title": slug.title(), "text": f"Text of {slug}.", "is_shown": True} | fields
        )[0]
        return page

    return show
