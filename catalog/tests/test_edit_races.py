"""Saves of the back office at the same moment as something else, on real connections, with controls.

The controls do what the pages did before: they read a row, and write all of it.
"""

from collections import Counter
from contextlib import ExitStack
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models.deletion import Collector
from django.forms import modelform_factory
from django.test import Client

from accounts.models import User
from catalog import forms
from catalog.images.uploads import Picture, prepare
from catalog.models import Category, Product, Variant
from catalog.tests.test_admin import CATEGORIES, PRODUCTS, VARIANTS, page_of, variant_page
from catalog.tests.test_uploads import drawn, media, saved
from conftest import Make
from orders.placing.cart import Cart
from orders.placing.service import place_order
from shop.admin.pages import ShopAdmin
from testing.bot_api import DEADLINE
from testing.html_forms import OpenPage
from testing.stock import stock_of
from testing.threads import beside, together, wait_until_blocked

__all__ = ["media"]  # a fixture
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss() -> Client:
    """Return a superuser's browser."""
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    return client


def buyer(number: int = 1) -> User:
    return User.objects.create(username=f"tg:{number}", telegram_id=number)


def places(product: Product) -> dict[str, tuple[str, str]]:
    """Return where a variant can be edited: the address, and the prefix of its fields."""
    return {
        "product": (page_of(product), "variants-0-"),
        "variant": (variant_page(product), ""),
        "list": (VARIANTS, "form-0-"),
    }


# --- A sale and a save ------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["product", "variant", "list"])
@pytest.mark.parametrize(("changes", "stock"), [({"price": "120.00"}, 4), ({"stock": "9"}, 7), ({"stock": ""}, None)])
def test_save_waits_for_a_sale_and_counts_it(
    boss: Client, make_product: Make, place: str, changes: dict[str, str], stock: int | None
) -> None:
    tea, user = make_product(stock=6), buyer()
    path, prefix = places(tea)[place]
    page = OpenPage(boss, path)
    save = partial(page.save, **{prefix + name: value for name, value in changes.items()})
    with ExitStack() as stack:
        with transaction.atomic():
            place_order(user=user, cart=Cart({tea.pk: 2}))
            saving, backend = stack.enter_context(beside(save))
            wait_until_blocked(backend)
        assert saving.result(DEADLINE).status_code == 302
    assert stock_of(tea) == stock


def test_number_that_a_sale_makes_impossible_is_refused(boss: Client, make_product: Make) -> None:
    tea, user = make_product(stock=6), buyer()
    page = OpenPage(boss, page_of(tea))
    with ExitStack() as stack:
        with transaction.atomic():
            place_order(user=user, cart=Cart({tea.pk: 4}))
            saving, backend = stack.enter_context(beside(partial(page.save, **{"variants-0-stock": "1"})))
            wait_until_blocked(backend)
        assert saving.result(DEADLINE).status_code == 200
    assert "There are 2 now; there were 6 when the page was opened." in page.html
    assert stock_of(tea) == 2


def test_control_a_form_that_writes_all_it_has_sells_twice(make_product: Make) -> None:
    tea, user = make_product(stock=6), buyer()
    plain_form = modelform_factory(Variant, fields=["sku", "price", "stock"])
    opened: Any = plain_form(instance=Variant.objects.get()).initial
    place_order(user=user, cart=Cart({tea.pk: 2}))
    plain_form({**opened, "sku": "New"}, instance=Variant.objects.get()).save()
    assert stock_of(tea) == 6


def test_control_a_save_that_does_not_lock_loses_the_sale(make_product: Make) -> None:
    tea, user = make_product(stock=6), buyer()
    with ExitStack() as stack:
        with transaction.atomic():
            place_order(user=user, cart=Cart({tea.pk: 2}))

            def naive() -> int:
                # In this connection the sale is not there yet; the write waits for it, and undoes it.
                read = Variant.objects.values_list("stock", flat=True)[0]
                return Variant.objects.filter(product=tea).update(stock=(read or 0) + 3)

            saving, backend = stack.enter_context(beside(naive))
            wait_until_blocked(backend)
        assert saving.result(DEADLINE) == 1
    assert stock_of(tea) == 9


def test_no_piece_is_lost_between_buyers_and_staff(boss: Client, make_product: Make) -> None:
    tea, jam = make_product(stock=100), make_product(stock=100)
    buyers = [buyer(number) for number in range(1, 9)]
    pages = [OpenPage(boss, page_of(tea)) for _ in range(3)]
    lists = [OpenPage(boss, VARIANTS) for _ in range(3)]  # jam, the newest, is the first row

    def buy(user: User) -> int:
        for _ in range(5):
            place_order(user=user, cart=Cart({jam.pk: 1, tea.pk: 1}))
        return 0

    work: list[Any] = [partial(buy, user) for user in buyers]
    work += [lambda page=page: page.save(**{"variants-0-stock": "105"}).status_code for page in pages]
    work += [lambda page=page: page.save(**{"form-0-stock": "90", "form-1-stock": "103"}).status_code for page in lists]
    assert Counter(together(work)) == {0: 8, 302: 6}
    stocks = dict(Variant.objects.values_list("product", "stock"))
    assert stocks == {tea.pk: 100 - 40 + 3 * 5 + 3 * 3, jam.pk: 100 - 40 - 3 * 10}


# --- Locks ------------------------------------------------------------------------------------------------


def test_list_locks_its_rows_in_the_order_of_their_keys(boss: Client, make_product: Make) -> None:
    first, second = make_product(price="10.00"), make_product(price="10.00")
    page = OpenPage(boss, VARIANTS)  # the second one comes first
    with ExitStack() as stack:
        with transaction.atomic():
            Variant.objects.select_for_update(no_key=True).get(product=first)
            save = partial(page.save, **{"form-0-price": "11.00", "form-1-price": "12.00"})
            saving, backend = stack.enter_context(beside(save))
            wait_until_blocked(backend)
            # Who waits for the first one must not hold the second one: this would raise.
            Variant.objects.select_for_update(nowait=True).get(product=second)
        assert saving.result(DEADLINE).status_code == 302


def test_list_locks_no_row_that_was_left_alone(boss: Client, make_product: Make) -> None:
    left_alone, edited = make_product(price="10.00"), make_product(price="10.00")
    page = OpenPage(boss, VARIANTS)
    with transaction.atomic():
        Variant.objects.select_for_update().get(product=left_alone)
        with beside(partial(page.save, **{"form-0-price": "11.00"})) as (saving, _backend):
            assert saving.result(DEADLINE).status_code == 302
    edited.refresh_from_db()
    assert edited.price == Decimal(11)


@pytest.mark.parametrize("place", ["product", "variant", "list"])
@pytest.mark.parametrize("model", [Product, Variant])
def test_row_that_stays_locked_is_answered_with_a_sentence(
    boss: Client, make_product: Make, place: str, model: type[Product | Variant]
) -> None:
    path, prefix = places(make_product(price="10.00"))[place]
    page, changes = OpenPage(boss, path), {f"{prefix}price": "11.00"}
    with transaction.atomic():
        model._default_manager.select_for_update().get()
        with beside(partial(page.save, **changes), lock_timeout="200ms") as (saving, _backend):
            answer = saving.result(DEADLINE)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Nothing was saved: go back and save again." in answer.content.decode()


def test_pictures_are_decoded_and_stored_before_the_transaction(
    boss: Client, make_product: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    tea, in_transaction = make_product(), []

    def watched(function: Any) -> Any:
        def call(*args: Any) -> Any:
            in_transaction.append(connection.in_atomic_block)
            return function(*args)

        return call

    monkeypatch.setattr(forms, "prepare", watched(prepare))
    monkeypatch.setattr(Picture, "store", watched(Picture.store))
    page = OpenPage(boss, page_of(tea))
    assert page.save(uploads=SimpleUploadedFile("a.png", saved(drawn(), "PNG"))).status_code == 302
    assert in_transaction == [False, False]


# --- Between the checks and the write ---------------------------------------------------------------------


def test_slug_taken_at_the_same_moment_is_an_error_of_the_form(boss: Client, make_product: Make) -> None:
    category = make_product().category
    page = OpenPage(boss, f"{PRODUCTS}add/")
    typed = {
        "name": "Tea",
        "slug": "tea",
        "variants-0-sku": "T-1",
        "category": str(category.pk),
        "variants-0-price": "10",
    }
    with ExitStack() as stack:
        with transaction.atomic():
            make_product(slug="tea")
            saving, backend = stack.enter_context(beside(partial(page.save, **typed)))
            wait_until_blocked(backend)
        assert saving.result(DEADLINE).status_code == 200
    assert "Product with this Slug already exists." in page.html
    assert Product.objects.filter(slug="tea").count() == 1


@pytest.mark.parametrize("model", ["product", "category"])
def test_slug_changed_to_one_taken_at_the_same_moment(boss: Client, make_product: Make, model: str) -> None:
    tea = make_product()
    path = page_of(tea) if model == "product" else f"{CATEGORIES}{tea.category_id}/change/"
    page = OpenPage(boss, path)
    with ExitStack() as stack:
        with transaction.atomic():
            if model == "product":
                make_product(slug="taken")
            else:
                Category.objects.create(name="Taken", slug="taken")
            saving, backend = stack.enter_context(beside(partial(page.save, slug="taken")))
            wait_until_blocked(backend)
        assert saving.result(DEADLINE).status_code == 200
    assert "with this Slug already exists." in page.html


def test_category_deleted_at_the_same_moment_is_an_error_of_the_form(
    boss: Client, make_category: Make, make_product: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    doomed, tea = make_category(), make_product()
    save_model = ShopAdmin.save_model

    def after_the_deletion(*args: Any) -> None:
        monkeypatch.undo()
        together([lambda: Category.objects.filter(pk=doomed.pk).delete()])
        save_model(*args)

    page = OpenPage(boss, page_of(tea))
    monkeypatch.setattr(ShopAdmin, "save_model", after_the_deletion)
    assert page.save(category=str(doomed.pk)).status_code == 200
    assert "Select a valid choice." in page.html
    assert "was changed successfully" not in page.html
    assert Product.objects.get().category_id == tea.category_id


@pytest.mark.parametrize("by", ["page", "action"])
def test_category_that_gets_a_product_while_it_is_deleted_stays(
    boss: Client, make_category: Make, make_product: Make, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    category, name = make_category(), "delete_model" if by == "page" else "delete_queryset"
    delete = getattr(ShopAdmin, name)

    def after_the_arrival(*args: Any) -> None:
        monkeypatch.undo()
        monkeypatch.setattr(Collector, "collect", collect_then_add)
        delete(*args)

    collect = Collector.collect

    def collect_then_add(self: Any, *args: Any, **kwargs: Any) -> None:
        collect(self, *args, **kwargs)
        monkeypatch.undo()
        together([lambda: make_product(category=category)])

    monkeypatch.setattr(ShopAdmin, name, after_the_arrival)
    if by == "page":
        answer = boss.post(f"{CATEGORIES}{category.pk}/delete/", {"post": "yes"})
    else:
        ticked = {"action": "delete_selected", "_selected_action": str(category.pk), "post": "yes"}
        answer = boss.post(CATEGORIES, ticked)
    assert answer.status_code == 200
    assert "would require deleting the following protected related objects" in answer.content.decode()
    assert Category.objects.filter(pk=category.pk).exists()
    assert Product.objects.get().category_id == category.pk


def test_two_categories_cannot_be_put_below_each_other(boss: Client, make_category: Make) -> None:
    for _ in range(5):
        one, other = make_category(), make_category()
        pages = [OpenPage(boss, f"{CATEGORIES}{each.pk}/change/") for each in (one, other)]
        saves = [partial(pages[0].save, parent=str(other.pk)), partial(pages[1].save, parent=str(one.pk))]
        assert Counter(getattr(answer, "status_code", answer) for answer in together(saves)) == {302: 1, 200: 1}
        assert Category.objects.visible().filter(pk__in=[one.pk, other.pk]).count() == 2
