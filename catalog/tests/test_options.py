"""The action "Options…" on the page of a product."""

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from catalog.models import Product, StockMovement, Variant
from catalog.options import make_variants, state_of
from catalog.tests.concurrent_edits.pages import said
from catalog.tests.test_admin import PRODUCTS, page_of
from conftest import Make
from testing.html_forms import OpenPage
from testing.threads import together

pytestmark = pytest.mark.django_db

SIZES = {"name1": "Size", "values1": "S; M"}
COLOURS = {"name2": "Colour", "values2": "red; blue"}
CHANGED = "Somebody else has changed the options or variants meanwhile. Look at them again."


class Options(OpenPage):
    """The page of the action, opened now and sent later."""

    def __init__(self, client: Client, product: Product) -> None:
        super().__init__(client, f"{PRODUCTS}{product.pk}/options/")

    def press(self, button: str, **changes: object) -> int:
        """Fill in fields, and press a button."""
        fields = {name: value for name, value in self.fields.items() if name not in changes}
        self.answer = self.client.post(self.path, {**fields, **changes, button: "1"})
        if self.answer.status_code == 200:
            self._read()
        return int(self.answer.status_code)


def variants() -> list[tuple[str, list[str], int | None, str]]:
    rows = Variant.objects.order_by("position", "pk")
    return [(row.sku, row.option_values, row.stock, str(row.price)) for row in rows]


def test_ticked_combinations_are_made(admin_client: Client, make_product: Make) -> None:
    product = make_product(sku="T", price="100.00", stock=7)
    make_product(sku="T-2", stock=None)  # a SKU that is taken
    page = Options(admin_client, product)
    assert page.press("_show", **SIZES, **COLOURS) == 200
    assert len(page.fields["ticked"]) == 4
    ticked = [tick for tick in page.fields["ticked"] if tick != '["M", "red"]']
    assert page.press("_make", ticked=ticked) == 302
    assert said(page.answer) == ["New variants: 2. Write their prices and stock."]
    product.refresh_from_db()
    assert product.option_names == ["Size", "Colour"]
    assert [row for row in variants() if row[0] != "T-2"] == [
        ("T", ["S", "red"], 7, "100.00"),
        ("T-3", ["S", "blue"], 0, "100.00"),
        ("T-4", ["M", "blue"], 0, "100.00"),
    ]
    assert StockMovement.objects.count() == 1


def test_product_with_options_gets_what_it_does_not_have(admin_client: Client, make_product: Make) -> None:
    product = make_product(sku="T", option_names=["Size"], variant={"option_values": ["S"]})
    page = Options(admin_client, product)
    assert page.fields["values1"] == ["S"]
    assert "name2" not in page.fields
    assert page.press("_show", values1="S; M; L", name1="Forged") == 200
    assert page.fields["ticked"] == ['["M"]', '["L"]']
    assert page.press("_make", ticked=['["L"]']) == 302
    product.refresh_from_db()
    assert product.option_names == ["Size"]
    assert [(sku, values, stock) for sku, values, stock, _price in variants()] == [
        ("T", ["S"], None),
        ("T-2", ["L"], None),
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Write an option and its values."),
        ({"name1": "Size"}, "Write a value for each option."),
        ({"values1": "S"}, "Write what is chosen, such as “Size”."),
        (SIZES | {"name2": "size", "values2": "1"}, "Write each option once."),
        ({"name1": "Size", "values1": ";".join(map(str, range(201)))}, "A product has at most 200 variants."),
        ({"name1": "Size", "values1": "x" * 51}, "at most 50 characters"),
        (SIZES | {"ticked": []}, "Tick at least one combination."),
        (SIZES | {"ticked": ['["XL"]']}, "The options were changed. Look at the combinations again."),
    ],
)
def test_wrong_options_are_refused(
    changes: dict[str, object], sentence: str, admin_client: Client, make_product: Make
) -> None:
    product = make_product()
    before = variants()
    page = Options(admin_client, product)
    assert page.press("_make", **changes) == 200
    assert sentence in page.html
    product.refresh_from_db()
    assert (variants(), product.option_names) == (before, [])


def test_what_another_has_changed_meanwhile_is_not_overwritten(admin_client: Client, make_product: Make) -> None:
    product = make_product(option_names=["Size"], sku="T", variant={"option_values": ["S"]})
    page = Options(admin_client, product)
    assert page.press("_show", values1="S; M") == 200
    Variant.objects.create(product=product, sku="other", option_values=["L"], price=1, position=9)
    before = variants()
    assert page.press("_make") == 302
    assert said(page.answer) == [CHANGED]
    assert variants() == before


def test_options_that_another_has_added_meanwhile_stay(admin_client: Client, make_product: Make) -> None:
    product = make_product()
    page, other = (Options(admin_client, product) for _ in range(2))
    for each in (page, other):
        assert each.press("_show", **SIZES) == 200
    assert other.press("_make") == 302
    before = variants()
    assert page.press("_make") == 302
    assert said(page.answer)[-1] == CHANGED
    assert variants() == before
    assert Options(admin_client, product).fields["values1"] == ["S;M"]


def test_sale_and_page_of_the_product_are_no_obstacle(admin_client: Client, make_product: Make) -> None:
    """They change no option: the stock of after the sale stays."""
    product = make_product(stock=7)
    page = Options(admin_client, product)
    assert page.press("_show", **SIZES) == 200
    Variant.objects.update(stock=6)
    assert OpenPage(admin_client, page_of(product)).save(name="Shirt").status_code == 302
    assert page.press("_make") == 302
    assert [stock for _sku, _values, stock, _price in variants()] == [6, 0]


def test_staff_who_may_not_add_variants_are_refused(make_product: Make) -> None:
    user = User.objects.create_user("editor", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=["view_product", "change_product"]))
    client = Client()
    client.force_login(user)
    product = make_product()
    assert client.get(f"{PRODUCTS}{product.pk}/options/").status_code == 403
    assert "/options" not in client.get(page_of(product)).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_refused(make_product: Make) -> None:
    product = make_product(stock=3)
    seen = state_of(product, product.variants.all())

    def make(value: str) -> bool:
        try:
            make_variants(product_id=product.pk, names=["Size"], combinations=[["S"], [value]], seen=seen)
        except ValidationError:
            return False
        return True

    made = together([lambda: make("M"), lambda: make("L")])
    assert sorted(map(str, made)) == ["False", "True"]
    assert len(variants()) == 2
