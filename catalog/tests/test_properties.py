"""Properties of products in the back office."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from catalog.models import Product, validate_properties
from catalog.tests.test_admin import page_of
from conftest import Make
from testing.html_forms import OpenPage

pytestmark = pytest.mark.django_db

WEIGHT = {"name": "Вес", "value": "50 г"}


def test_properties_are_written_line_by_line(admin_client: Client, make_product: Make) -> None:
    product = make_product(properties=[WEIGHT, {"name": "Время", "value": "9:30"}])
    page = OpenPage(admin_client, page_of(product))
    assert re.search(r"<textarea[^>]*>\s*Вес: 50 г\nВремя: 9:30</textarea>", page.html)
    assert page.save(properties=" Сбор :июль \r\n\r\nВес: 50 г\r\n").status_code == 302
    product.refresh_from_db()
    assert product.properties == [{"name": "Сбор", "value": "июль"}, WEIGHT]
    assert OpenPage(admin_client, page_of(product)).save(properties="").status_code == 302
    product.refresh_from_db()
    assert product.properties == []


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Вес: 50 г\nхлопок\n: нет имени", ["Line 2, “хлопок”: write", "Line 3, “: нет имени”: write"]),
        ("Вес:", ["Line 1, “Вес:”: write"]),
        ("Вес: 50 г\nвес: 60 г", ["Write the property “вес” once."]),
        ("Вес: " + "9" * 501, ["“Вес” is no property"]),
        ("и" * 101 + ": 1", ["at most 100 characters"]),
        ("\n".join(f"{number}: 1" for number in range(41)), ["List at most 40 properties."]),
        ("Вес: 5\0 г", ["Null characters are not allowed."]),
    ],
)
def test_wrong_lines_are_named_and_kept(
    text: str, sentences: list[str], admin_client: Client, make_product: Make
) -> None:
    product = make_product(properties=[WEIGHT])
    page = OpenPage(admin_client, page_of(product))
    assert page.save(properties=text).status_code == 200
    for sentence in sentences:
        assert sentence in page.html
    assert page.fields["properties"] == [text.replace("\n", "\r\n")]
    product.refresh_from_db()
    assert product.properties == [WEIGHT]


def test_properties_that_another_has_changed_are_not_overwritten(admin_client: Client, make_product: Make) -> None:
    product = make_product(properties=[WEIGHT])
    page = OpenPage(admin_client, page_of(product))
    Product.objects.update(properties=[{"name": "Вес", "value": "60 г"}])
    assert page.save(properties="Вес: 70 г").status_code == 200
    assert "it was “Вес: 50 г” and is “Вес: 60 г” now" in page.html
    assert page.save(name="Чай", properties="Вес: 70 г").status_code == 302
    product.refresh_from_db()
    assert product.properties == [{"name": "Вес", "value": "70 г"}]


def test_save_of_another_field_keeps_properties_that_another_has_changed(
    admin_client: Client, make_product: Make
) -> None:
    product = make_product(properties=[WEIGHT])
    page = OpenPage(admin_client, page_of(product))
    Product.objects.update(properties=[])
    assert page.save(name="Чай").status_code == 302
    product.refresh_from_db()
    assert (product.name, product.properties) == ("Чай", [])


@pytest.mark.parametrize(
    "properties",
    [{}, "Вес: 1", [1], [{"name": "Вес"}], [{"name": "Вес", "value": 1}], [{"name": "В:", "value": "1"}],
     [{"name": "Вес", "value": "1\n2"}], [{"name": " Вес", "value": "1"}], [WEIGHT | {"more": "1"}]],
)  # fmt: skip
def test_anything_but_names_and_values_is_refused(properties: object) -> None:
    with pytest.raises(ValidationError):
        validate_properties(properties)
