"""Constraints of the settings and pages, and their validators."""

import pytest
from django.core.exceptions import ValidationError

from merchant.hours import DAYS
from merchant.models import Page, ShopSettings
from testing.constraints import assert_all_tested, assert_refused
from testing.merchant import SetShop, ShowPage

pytestmark = pytest.mark.django_db

REFUSED = {
    "cancel_within_a_year": {"cancel_unconfirmed_after": 8761},
    "accent_is_colour": {"accent": "red"},
    "has_name": {"name": ""},
    "link_is_safe": {"banner_link": "javascript:alert(1)"},
    "min_total_not_negative": {"min_total": "-1"},
    "one_row": {"id": 2},
    **{day: {f"{day}_opens": "18:00", f"{day}_closes": "09:00"} for day in DAYS},
}


@pytest.mark.parametrize("name", REFUSED)
def test_database_refuses_wrong_settings(name: str) -> None:
    assert_refused(f"merchant_shopsettings_{name}", lambda: ShopSettings.objects.update(**REFUSED[name]))


@pytest.mark.parametrize("hours", [("09:00", None), (None, "18:00"), ("09:00", "09:00")])
def test_database_refuses_half_of_the_hours_of_a_day(hours: tuple[str | None, str | None]) -> None:
    opens, closes = hours
    assert_refused(
        "merchant_shopsettings_sunday",
        lambda: ShopSettings.objects.update(sunday_opens=opens, sunday_closes=closes),
    )


def test_database_refuses_another_slug() -> None:
    assert_refused("merchant_page_slug_known", lambda: Page.objects.create(slug="blog"))


@pytest.mark.parametrize("fields", [{"title": "Privacy", "text": ""}, {"title": "", "text": "We keep your name."}])
def test_database_refuses_to_show_half_a_page(fields: dict[str, str], show_page: ShowPage) -> None:
    page = show_page("privacy", is_shown=False)
    assert_refused(
        "merchant_page_shown_is_written",
        lambda: Page.objects.filter(pk=page.pk).update(is_shown=True, **fields),
    )


def test_all_constraints_are_tested() -> None:
    names = {f"merchant_shopsettings_{name}" for name in REFUSED}
    assert_all_tested("merchant", names | {"merchant_page_slug_known", "merchant_page_shown_is_written"})


def test_migration_has_added_one_row_and_hidden_pages() -> None:
    assert list(ShopSettings.objects.values_list("pk", "name", "accepts_orders")) == [(1, "Shop", True)]
    assert [*Page.objects.order_by("position").values_list("slug", flat=True)] == Page.Slug.values
    assert not Page.objects.exclude(is_shown=False, title="", text="").exists()
    assert (ShopSettings.history.count(), Page.history.count()) == (1, 5)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("accent", "red"),
        ("accent", "#fff"),
        ("accent", "#12345g"),
        ("accent", "#123456\n"),
        ("accent", "#123456;background:url(//evil.example)"),
        ("banner_link", "javascript:alert(1)"),
        ("banner_link", "http://shop.example.org"),
        ("banner_link", "//evil.example"),
        ("banner_link", "/\\evil.example"),
        ("banner_link", "/admin/"),
        ("banner_link", "https://"),
        ("banner_link", "https://evil.example/\n"),
        ("banner_link", "data:text/html,<script>"),
        ("logo", "../secret.jpg"),
        ("logo", "/etc/passwd"),
        ("phone", "call me"),
        ("telegram_username", "a/b"),
        ("telegram_username", "@@shop"),
        ("email", "nobody"),
        ("name", "x" * 61),
        ("min_total", "10000000000"),
        ("min_total", "1.001"),
        ("cancel_unconfirmed_after", "8761"),
    ],
)
def test_wrong_value_is_refused_with_its_field(field: str, value: str) -> None:
    row = ShopSettings(**{field: value})
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    assert field in caught.value.message_dict


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("accent", "#B3541e"),
        ("banner_link", "/"),
        ("banner_link", "/?category=3"),
        ("banner_link", "/?search=%D1%87%D0%B0%D0%B9&sort=price"),
        ("banner_link", "https://example.org/a?b=c#d"),
        ("logo", "https://cdn.example.org/logo.png"),
        ("telegram_username", "my_shop"),
        ("name", "<b>Tea & Co</b>"),
    ],
)
def test_right_value_is_taken(field: str, value: str, set_shop: SetShop) -> None:
    row = set_shop()
    setattr(row, field, value)
    row.full_clean()
    row.save()


def test_version_changes_with_the_title_and_the_text() -> None:
    versions = {Page(title=title, text=text).version for title in ("A", "B") for text in ("A", "B")}
    assert len(versions) == 4
    assert Page(title="A", text="A", position=7, is_shown=True).version in versions


def test_page_has_a_longest_text() -> None:
    with pytest.raises(ValidationError, match="50000"):
        Page(slug="about", title="A", text="x" * 50_001).full_clean()
