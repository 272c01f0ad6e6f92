"""Pages of the back office that are saved long after they were opened, when the shop has moved on."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from catalog.models import Category, Product
from catalog.tests.test_admin import CATEGORIES, PRODUCTS, page_of
from catalog.tests.test_uploads import drawn, media, saved
from conftest import Headers, JSONClient, Make
from orders.models import Order
from testing.html_forms import OpenPage

__all__ = ["media"]  # a fixture

pytestmark = pytest.mark.django_db
Open = Callable[[Product], "Opened"]


class Opened:
    """A product, open on its own page or in the list; fields go by the names of the model."""

    def __init__(self, client: Client, path: str, prefix: str) -> None:
        self.page = OpenPage(client, path)
        self.prefix = prefix

    def save(self, **changes: Any) -> Any:
        return self.page.save(**{self.prefix + name: value for name, value in changes.items()})

    def field(self, name: str) -> list[str]:
        """Return what an input holds; nothing if it is a box that is not ticked."""
        return self.page.fields.get(self.prefix + name, [])


@pytest.fixture(params=["page", "list"])
def opened(request: pytest.FixtureRequest, admin_client: Client) -> Open:
    """Return a function that opens the newest product: on its page, then in the list."""
    if request.param == "list":
        return lambda product: Opened(admin_client, PRODUCTS, "form-0-")
    return lambda product: Opened(admin_client, page_of(product), "")


@pytest.fixture
def colleague(db: None) -> Client:
    """Return another member of staff."""
    client = Client()
    client.force_login(User.objects.create_superuser("colleague"))
    return client


def said(answer: Any) -> list[str]:
    """Return what the admin said after a save."""
    return [str(message) for message in get_messages(answer.wsgi_request)]


def buy(customer: Headers, product: Product, quantity: int) -> None:
    """Order goods as the storefront does."""
    body = {"items": [{"product_id": product.pk, "quantity": quantity}]}
    assert JSONClient().post("/api/v1/orders", body, HTTP_IDEMPOTENCY_KEY="one", **customer).status_code == 201


# --- Stock ------------------------------------------------------------------------------------------------


def test_goods_sold_while_a_page_is_open_are_not_sold_again(opened: Open, alice: Headers, make_product: Make) -> None:
    tea = make_product(stock=6, price="100.00")
    page = opened(tea)
    buy(alice, tea, 2)
    assert page.save(price="120.00").status_code == 302
    tea.refresh_from_db()
    assert (tea.stock, tea.price) == (4, Decimal("120.00"))


def test_description_is_written_and_nothing_else(admin_client: Client, alice: Headers, make_product: Make) -> None:
    tea = make_product(stock=6, description="Old", images=["a.jpg"])
    page = OpenPage(admin_client, page_of(tea))
    buy(alice, tea, 2)
    before: dict[str, Any] = {**Product.objects.values().get()}
    with CaptureQueriesContext(connection) as queries:
        assert page.save(description="New").status_code == 302
    (update,) = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "catalog_product"')]
    assert re.findall(r'"(\w+)" = ', update.partition("WHERE")[0]) == ["description", "updated_at"]
    after: dict[str, Any] = {**Product.objects.values().get()}
    assert after.pop("updated_at") > before.pop("updated_at")
    assert after == before | {"description": "New"}


def test_page_saved_as_it_was_opened_writes_nothing(opened: Open, alice: Headers, make_product: Make) -> None:
    tea = make_product(stock=6, description="One\nTwo\n", images=["a.jpg", "b.jpg"], old_price="150.00")
    page = opened(tea)
    buy(alice, tea, 2)
    before = Product.objects.values().get()
    assert page.save().status_code == 302
    assert Product.objects.values().get() == before


@pytest.mark.parametrize(
    ("shown", "typed", "present", "result"),
    [
        (6, "9", 6, 9),
        (6, "9", 4, 7),
        (6, "4", 4, 2),
        (6, "2", 4, 0),
        (4, "5", 6, 7),
        (6, "", 4, None),  # no longer counted, however many there are
        (6, "", None, None),
        (None, "5", None, 5),
        (None, "5", 5, 5),
        (None, "", None, None),
        (6, "6", None, None),
    ],
)
def test_stock_is_changed_by_the_difference(
    opened: Open, make_product: Make, shown: int | None, typed: str, present: int | None, result: int | None
) -> None:
    tea = make_product(stock=shown)
    page = opened(tea)
    Product.objects.update(stock=present)
    assert page.save(stock=typed).status_code == 302
    tea.refresh_from_db()
    assert tea.stock == result


@pytest.mark.parametrize(
    ("shown", "typed", "present", "sentence", "second"),
    [
        (6, "1", 4, "There are 4 now; there were 6 when the page was opened. 5 cannot be taken away.", 1),
        (6, "9", None, "it was “6” and is “nothing” now. Save again to write “9”.", 9),
        (None, "9", 3, "it was “nothing” and is “3” now. Save again to write “9”.", 9),
        (6, "2147483647", 7, "Ensure this value is less than or equal to 1000000000.", None),
    ],
)
def test_stock_that_cannot_be_told_is_refused(
    opened: Open,
    make_product: Make,
    shown: int | None,
    typed: str,
    present: int | None,
    sentence: str,
    second: int | None,
) -> None:
    tea = make_product(stock=shown)
    page = opened(tea)
    Product.objects.update(stock=present)
    refused = page.save(stock=typed)
    assert (refused.status_code, page.field("stock")) == (200, [typed])
    assert sentence in page.page.html
    tea.refresh_from_db()
    assert tea.stock == present
    if second is not None:
        assert page.save().status_code == 302
        tea.refresh_from_db()
        assert tea.stock == second


def test_staff_are_told_what_became_of_their_number(opened: Open, make_product: Make) -> None:
    tea = make_product(name="Tea", stock=6)
    page = opened(tea)
    Product.objects.update(stock=4)
    told = said(page.save(stock="9"))
    expected = "Tea: “Stock” went from 6 to 4 while the page was open. With your change (+3) it is 7."
    assert [each for each in told if "went from" in each] == [expected]


def test_difference_survives_the_refusal_of_another_field(opened: Open, make_product: Make) -> None:
    tea = make_product(stock=6, price="100.00")
    page = opened(tea)
    Product.objects.update(stock=4, price="110.00")
    assert page.save(stock="9", price="120.00").status_code == 200
    assert page.save().status_code == 302
    tea.refresh_from_db()
    assert (tea.stock, tea.price) == (7, Decimal("120.00"))


def test_cancelled_order_and_a_stock_change_both_count(opened: Open, alice: Headers, make_product: Make) -> None:
    tea = make_product(stock=6)
    buy(alice, tea, 2)
    page = opened(tea)  # shows 4
    assert JSONClient().post(f"/api/v1/orders/{Order.objects.get().pk}/cancel", **alice).status_code == 200
    assert page.save(stock="5").status_code == 302
    tea.refresh_from_db()
    assert tea.stock == 7


# --- Other fields -----------------------------------------------------------------------------------------

IN_LIST = {
    "price": ("100.00", "110.00", "120.00"),
    "old_price": (None, "300.00", "200.00"),
}
FIELDS = IN_LIST | {
    "name": ("Tea", "Green tea", "Black tea"),
    "slug": ("tea", "green-tea", "black-tea"),
    "sku": ("T-1", "T-2", "T-3"),
    "description": ("One\nTwo", "One\nTwo\nThree", "Two"),
    "images": (["a.jpg"], ["b.jpg", "a.jpg"], ["c.jpg"]),
}


def text(value: Any) -> str:
    """Write a value as staff type it."""
    return "\n".join(value) if isinstance(value, list) else value or ""


def refused_then_saved(page: Opened, tea: Product, name: str, values: tuple[Any, Any, Any]) -> None:
    _shown, present, typed = values
    Product.objects.filter(pk=tea.pk).update(**{name: present})
    before = Product.objects.values().get()
    assert page.save(**{name: text(typed)}).status_code == 200
    for value in values:
        assert f"“{text(value) or 'nothing'}”" in page.page.html
    assert Product.objects.values().get() == before
    assert page.save().status_code == 302
    tea.refresh_from_db()
    assert text(getattr(tea, name) if isinstance(typed, list) else str(getattr(tea, name))) == text(typed)


@pytest.mark.parametrize("name", IN_LIST)
def test_field_that_somebody_else_changed_is_refused_once(opened: Open, make_product: Make, name: str) -> None:
    tea = make_product(**{"price": "100.00", name: IN_LIST[name][0]})
    refused_then_saved(opened(tea), tea, name, IN_LIST[name])


@pytest.mark.parametrize("name", FIELDS)
def test_field_of_the_page_that_somebody_else_changed_is_refused_once(
    admin_client: Client, make_product: Make, name: str
) -> None:
    tea = make_product(**{"price": "100.00", name: FIELDS[name][0]})
    refused_then_saved(Opened(admin_client, page_of(tea), ""), tea, name, FIELDS[name])


def test_category_that_somebody_else_changed_is_refused_once(
    admin_client: Client, make_category: Make, make_product: Make
) -> None:
    here, there, elsewhere = (make_category(name=name) for name in ("Here", "There", "Elsewhere"))
    tea = make_product(category=here)
    page = OpenPage(admin_client, page_of(tea))
    Product.objects.update(category=there)
    assert page.save(category=str(elsewhere.pk)).status_code == 200
    assert "it was “Here” and is “There” now. Save again to write “Elsewhere”." in page.html
    assert page.save().status_code == 302
    tea.refresh_from_db()
    assert tea.category == elsewhere


@pytest.mark.parametrize("shown", [True, False])
def test_box_that_somebody_else_ticked_needs_no_second_tick(opened: Open, make_product: Make, shown: bool) -> None:
    tea = make_product(is_active=shown)
    page = opened(tea)
    Product.objects.update(is_active=not shown)
    assert page.save(is_active=None if shown else "on").status_code == 302
    tea.refresh_from_db()
    assert tea.is_active is not shown


def test_product_hidden_by_a_colleague_stays_hidden(opened: Open, make_product: Make) -> None:
    tea = make_product(is_active=True, price="100.00")
    page = opened(tea)
    Product.objects.update(is_active=False)
    assert page.save(price="120.00").status_code == 302
    tea.refresh_from_db()
    assert (tea.is_active, tea.price) == (False, Decimal("120.00"))


def test_refused_form_shows_what_is_there_now(opened: Open, make_product: Make) -> None:
    tea = make_product(is_active=True, price="100.00", stock=6)
    page = opened(tea)
    Product.objects.update(is_active=False, price="110.00", stock=4)
    page.save(price="120.00")
    assert (page.field("price"), page.field("stock")) == (["120.00"], ["4"])
    assert page.field("is_active") == []


def test_constraint_is_judged_by_what_is_there_now(opened: Open, make_product: Make) -> None:
    tea = make_product(price="100.00")
    page = opened(tea)
    Product.objects.update(price="130.00")
    assert page.save(old_price="120.00").status_code == 200
    assert "The old price must be above the price." in page.page.html


@pytest.mark.parametrize("name", ["stock", "price", "old_price", "category", "name", "is_active", "images"])
def test_forged_shown_value_is_an_error_of_the_form_at_most(
    admin_client: Client, make_product: Make, make_category: Make, name: str
) -> None:
    shelves = [make_category(), make_category()]
    for number, forged in enumerate(["", "x", "NaN", "-1e999999", "9" * 20, "9" * 5000, "\0", "<b>", None]):
        tea = make_product(stock=6, old_price="150.00")
        typed = {"category": str(shelves[number % 2].pk), "is_active": None, "old_price": "160"}.get(name, "7")
        page = OpenPage(admin_client, page_of(tea))
        answer = page.save(**{f"initial-{name}": forged, name: typed})
        assert answer.status_code in {200, 302}, forged
        assert "“<b>”" not in answer.content.decode()
        if answer.status_code == 200:
            assert page.save().status_code == 302, forged


def test_page_that_does_not_say_what_it_showed_is_refused_once(opened: Open, make_product: Make) -> None:
    tea = make_product(stock=6)
    page = opened(tea)
    page.page.fields = {name: value for name, value in page.page.fields.items() if not name.startswith("initial-")}
    assert page.save(stock="7").status_code == 200
    assert "This page did not say what it showed here. It is “6” now; save again to change it." in page.page.html
    assert page.save().status_code == 302
    tea.refresh_from_db()
    assert tea.stock == 7


# --- Pictures ---------------------------------------------------------------------------------------------


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


# --- The list ---------------------------------------------------------------------------------------------


def test_one_refused_row_is_named_and_nothing_is_half_saved(admin_client: Client, make_product: Make) -> None:
    jam, tea = make_product(name="Jam", price="50.00"), make_product(name="Tea", price="100.00")
    page = OpenPage(admin_client, PRODUCTS)
    Product.objects.filter(pk=tea.pk).update(price="110.00")
    changes = {"form-0-price": "120.00", "form-1-price": "55.00"}
    assert page.save(**changes).status_code == 200
    assert "Nothing is saved yet, because of Tea." in page.html
    assert {name: page.fields[name] for name in changes} == {name: [value] for name, value in changes.items()}
    assert set(Product.objects.values_list("name", "price")) == {("Jam", Decimal(50)), ("Tea", Decimal(110))}
    assert page.save().status_code == 302
    assert set(Product.objects.values_list("name", "price")) == {("Jam", Decimal(55)), ("Tea", Decimal(120))}
    assert jam.pk < tea.pk


def rows_of(html: str) -> list[tuple[str, str]]:
    """Read which name stands beside which price."""
    names = re.findall(r'data-label="[Nn]ame">\s*<a[^>]*>([^<]+)</a>', html)
    return list(zip(names, re.findall(r'name="form-\d+-price" value="([^"]+)"', html), strict=True))


def test_refused_list_shows_each_row_beside_its_own_inputs(admin_client: Client, make_product: Make) -> None:
    for name, price in (("Jam", "50.00"), ("Tea", "100.00")):
        make_product(name=name, price=price)
    page = OpenPage(admin_client, PRODUCTS)
    assert rows_of(page.html) == [("Tea", "100.00"), ("Jam", "50.00")]
    make_product(name="New on top", price="1.00")
    assert page.save(**{"form-1-price": "-5"}).status_code == 200
    assert rows_of(page.html) == [("Tea", "100.00"), ("Jam", "-5")]


def test_deleted_row_that_nobody_edited_is_no_obstacle(admin_client: Client, make_product: Make) -> None:
    jam, tea = make_product(price="50.00"), make_product(price="100.00")
    page = OpenPage(admin_client, PRODUCTS)
    tea.delete()
    assert page.save(**{"form-1-price": "55.00"}).status_code == 302
    jam.refresh_from_db()
    assert jam.price == Decimal(55)


def test_deleted_row_that_was_edited_is_named_once(admin_client: Client, make_product: Make) -> None:
    jam, tea = make_product(name="Jam", price="50.00"), make_product(price="100.00")
    page, key = OpenPage(admin_client, PRODUCTS), tea.pk
    tea.delete()
    assert page.save(**{"form-0-price": "110.00", "form-1-price": "55.00"}).status_code == 200
    assert f"Rows that you changed have been deleted meanwhile: №{key}." in page.html
    assert rows_of(page.html) == [("Jam", "55.00")]
    assert page.save().status_code == 302
    jam.refresh_from_db()
    assert jam.price == Decimal(55)


@pytest.mark.parametrize("name", ["form-TOTAL_FORMS", "form-INITIAL_FORMS", "form-0-id"])
@pytest.mark.parametrize("forged", ["", "x", "-1", "99999999999999999999", None])
def test_forged_list_is_no_fault_of_ours(
    admin_client: Client, make_product: Make, name: str, forged: str | None
) -> None:
    make_product(stock=6)
    page = OpenPage(admin_client, PRODUCTS)
    assert page.save(**{name: forged, "form-0-stock": "9"}).status_code in {200, 302, 400}
    # The number of rows that there were says nothing about the row that was sent.
    assert Product.objects.get().stock in ({6, 9} if name == "form-INITIAL_FORMS" else {6})


def test_rows_that_nobody_edited_cost_no_query(admin_client: Client, make_product: Make) -> None:
    def queries(number: int) -> int:
        for _ in range(number):
            make_product(price="100.00", old_price="150.00", stock=5)
        page = OpenPage(admin_client, PRODUCTS)
        with CaptureQueriesContext(connection) as captured:
            assert page.save(**{"form-0-price": "90.00"}).status_code == 302
        return len(captured)

    assert queries(2) == queries(10)


def test_refused_list_has_a_constant_number_of_queries(
    admin_client: Client, make_product: Make, make_category: Make
) -> None:
    def queries(number: int) -> int:
        for _ in range(number):
            make_product(category=make_category())
        page = OpenPage(admin_client, PRODUCTS)
        with CaptureQueriesContext(connection) as captured:
            assert page.save(**{"form-0-price": "-1"}).status_code == 200
        return len(captured)

    assert queries(2) == queries(10)


# --- Rows that have gone, and the other pages -------------------------------------------------------------


def test_page_of_a_deleted_product_is_no_fault_of_ours(admin_client: Client, make_product: Make) -> None:
    tea = make_product()
    page = OpenPage(admin_client, page_of(tea))
    tea.delete()
    answer = page.save(name="Black tea")
    assert answer.status_code == 302
    assert any("Perhaps it was deleted?" in each for each in said(answer))
    assert admin_client.post(f"{PRODUCTS}{page.path.split('/')[-3]}/delete/", {"post": "yes"}).status_code == 302


def test_category_page_and_list(admin_client: Client, make_category: Make) -> None:
    tea = make_category(name="Tea", position=1)
    in_list, on_page = OpenPage(admin_client, CATEGORIES), OpenPage(admin_client, f"{CATEGORIES}{tea.pk}/change/")
    Category.objects.update(name="Green tea", position=2, is_active=False)
    assert in_list.save(**{"form-0-position": "3"}).status_code == 200
    assert "it was “1” and is “2” now. Save again to write “3”." in in_list.html
    assert "Nothing is saved yet, because of Green tea." in in_list.html
    assert on_page.save(slug="black").status_code == 302
    tea.refresh_from_db()
    assert (tea.name, tea.position, tea.is_active, tea.slug) == ("Green tea", 2, False, "black")
    assert in_list.save().status_code == 302
    tea.refresh_from_db()
    assert (tea.position, tea.is_active) == (3, False)
