"""Renamed categories and changed synonyms beside orders, saves and searches, on real connections."""

import itertools
import threading
from contextlib import ExitStack
from functools import partial

import pytest
from django.db import transaction

from accounts.models import User
from catalog.models import Category, Product, Synonym, Variant
from catalog.tests.test_search import names
from conftest import JSONClient, Make
from orders.models import Order
from orders.placing.cart import Cart
from orders.placing.service import place_order
from testing.bot_api import DEADLINE
from testing.threads import beside, together

pytestmark = pytest.mark.django_db(transaction=True)


def save_product(pk: int) -> int:
    """Save all columns, as an import does."""
    product = Product.objects.get(pk=pk)
    product.description = "Новое описание."
    product.save()
    return pk


def test_nothing_waits_for_a_category_that_is_being_renamed_and_moved(
    make_category: Make, make_product: Make, client: JSONClient
) -> None:
    gifts, tea = make_category(name="Подарки"), make_category(name="Чай")
    assam, sencha = make_product(name="Ассам", category=tea, stock=5), make_product(name="Сэнча", category=tea)
    user = User.objects.create(username="tg:1", telegram_id=1)
    with ExitStack() as stack:
        with transaction.atomic():
            Category.objects.filter(pk=tea.pk).update(name="Листовой сбор", parent=gifts)
            order, _ = stack.enter_context(beside(partial(place_order, user=user, cart=Cart({assam.pk: 2}))))
            save, _ = stack.enter_context(beside(partial(save_product, sencha.pk)))
            new = partial(make_product, name="Ассам молочный", category=tea)
            added, _ = stack.enter_context(beside(new))
            for future in (order, save, added):
                future.result(DEADLINE)
            assert names(JSONClient(), "чай") == []  # the rename is seen by its own connection
        assert names(client, "листовые подарки") == ["Ассам молочный", "Сэнча", "Ассам"]
    assert Order.objects.count() == 1
    assert Variant.objects.get(product=assam).stock == 3


def test_nothing_waits_for_the_rename_of_a_category_whose_product_is_being_saved(
    make_category: Make, make_product: Make, client: JSONClient
) -> None:
    tea = make_category(name="Чай")
    assam = make_product(name="Ассам", category=tea)
    rename = partial(Category.objects.filter(pk=tea.pk).update, name="Кофе")
    with transaction.atomic():
        save_product(assam.pk)
        with beside(rename) as (renamed, _backend):
            assert renamed.result(DEADLINE) == 1
    assert names(client, "кофе") == ["Ассам"]
    assert names(client, "чай") == []


def test_synonyms_are_edited_while_customers_search(make_product: Make) -> None:
    """Each search sees the group before an edit or after it; the last one sees the last."""
    make_product(name="Чашка «Васильки»")
    group = Synonym.objects.create(words="кружка, чашка")
    is_over = threading.Event()

    def edit() -> list[list[str]]:
        try:
            for words in itertools.islice(itertools.cycle(["кружка, бокал", "кружка, чашка, mug"]), 40):
                Synonym.objects.filter(pk=group.pk).update(words=words)
        finally:
            is_over.set()
        return []

    def searching() -> list[list[str]]:
        found, client = [], JSONClient()
        while not is_over.is_set():
            found.append(names(client, "кружка"))
        return [*found, names(client, "кружка")]

    edited, *searches = together([edit, *[searching] * 3])
    assert edited == []
    for found in searches:
        assert isinstance(found, list), found
        assert all(each in ([], ["Чашка «Васильки»"]) for each in found)
        assert found[-1] == ["Чашка «Васильки»"]
