"""GET /api/v1/products?search=."""

from random import Random
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Product, Synonym, Variant, Word
from catalog.search import ranking
from catalog.search.interpretation import WORK, Kind, interpret
from catalog.search.tsquery import read_search
from conftest import JSONClient, Make

pytestmark = pytest.mark.django_db

PATH = "/api/v1/products"


def names(client: JSONClient, search: str, more: str = "") -> list[str]:
    answer = client.get(f"{PATH}?search={quote(search)}{more}")
    assert answer.status_code == 200, answer.content
    return [product["name"] for product in answer.json()["results"]]


@pytest.fixture
def shop(make_product: Make) -> None:
    """Put some goods on sale."""
    make_product(name="Футболка белая", sku="TS-001", description="Хлопок, подходит к джинсам.")
    make_product(name="Кружка эмалированная", sku="MUG-7", description="Для чая и кофе.")
    make_product(name="Чёрный чай «Ассам»", sku="TEA-007", description="Крепкий, с бергамотом.")
    make_product(name="Wireless headphones", sku="HP/20.B", description="Noise cancelling, 500мл not included.")
    make_product(name="Чайник заварочный", sku="POT-1", description="Из огнеупорной глины.")


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("футболки", ["Футболка белая"]),
        ("БЕЛУЮ ФУТБОЛКУ", ["Футболка белая"]),
        ("белая-футболка!", ["Футболка белая"]),
        ("фут", ["Футболка белая"]),
        ("белая ф", ["Футболка белая"]),
        ("headphone", ["Wireless headphones"]),
        ("черный", ["Чёрный чай «Ассам»"]),
        ("чЁрног", ["Чёрный чай «Ассам»"]),
        ("чe\u0308рный", ["Чёрный чай «Ассам»"]),  # a Latin e with dots apart: one slip
        ("бергамот", ["Чёрный чай «Ассам»"]),
        ("огнеупорной гл", ["Чайник заварочный"]),
        ("tea-007", ["Чёрный чай «Ассам»"]),
        ("TEA007", ["Чёрный чай «Ассам»"]),
        ("tea", ["Чёрный чай «Ассам»"]),
        ("hp 20", ["Wireless headphones"]),
        ("500мл", ["Wireless headphones"]),
        ("чашка", []),
    ],
)
def test_words_are_found(search: str, found: list[str], client: JSONClient, shop: None) -> None:
    assert names(client, search) == found


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("aen,jkrf", "Футболка белая"),
        ("AEN<JKRF", "Футболка белая"),
        ("aen,jkrf ,tkfz", "Футболка белая"),
        ("rhe;rf", "Кружка эмалированная"),
        ("цшкудуыы", "Wireless headphones"),
        ("фубтолка", "Футболка белая"),
        ("футблка", "Футболка белая"),
        ("футболкка белая", "Футболка белая"),
        ("футблк", "Футболка белая"),
        ("wireles hedphones", "Wireless headphones"),
        ("крушка", "Кружка эмалированная"),
        ("бергомот", "Чёрный чай «Ассам»"),
        ("ntf-007", ""),
        ("aen,kjrf", "Футболка белая"),  # both at once
    ],
)
def test_typos_are_corrected(search: str, found: str, client: JSONClient, shop: None) -> None:
    assert names(client, search) == ([found] if found else [])


@pytest.mark.parametrize("search", ["501мл", "qq", "008 009", "zzzzzzzzzz", "чй"])
def test_what_is_like_nothing_finds_nothing(search: str, client: JSONClient, shop: None) -> None:
    assert names(client, search) == []


def test_a_word_that_is_there_is_not_corrected(client: JSONClient, make_product: Make) -> None:
    make_product(name="Кружка")
    make_product(name="Крышка")
    assert names(client, "крышка") == ["Крышка"]
    assert names(client, "крыжка") in (["Крышка"], ["Кружка"])


def test_filters_do_not_change_what_was_meant(client: JSONClient, make_product: Make) -> None:
    """A word that finds nothing under a filter is no slip."""
    make_product(name="Крышка", price="10")
    make_product(name="Кружка", price="500")
    assert names(client, "крышка", "&min_price=100") == []


def test_words_of_what_is_not_on_sale_are_not_told(client: JSONClient, make_category: Make, make_product: Make) -> None:
    make_product(name="Секретка", is_active=False)
    make_product(name="Секретик", category=make_category(is_active=False))
    make_product(name="Кружка")
    assert names(client, "секретка") == []
    assert understood("сикретка") == ("сикретка", None)


def test_best_comes_first(client: JSONClient, make_product: Make) -> None:
    """The SKU, then whole words in the name, then beginnings, then the rest; the newest first in each."""
    for name, sku, description in [
        ("По артикулу", "чай", ""),
        ("Чай зелёный", "1", ""),
        ("Чай чёрный", "2", "чай, чай и чай"),
        ("Чайник", "3", ""),
        ("Блюдце", "4", "К чаю."),
        ("Начало артикула", "чай-5", ""),
        ("Ложка", "6", ""),
    ]:
        make_product(name=name, sku=sku, description=description)
    found = ["По артикулу", "Чай чёрный", "Чай зелёный", "Чайник", "Начало артикула", "Блюдце"]
    assert names(client, "чай") == found
    assert names(client, "ЧАЙ") == found


def test_an_ordering_goes_before_relevance(client: JSONClient, make_product: Make) -> None:
    for name, price in (("Чай", 3), ("Чайник", 1), ("Чай зелёный", 2), ("Ложка", 0)):
        make_product(name=name, price=price)
    assert names(client, "чай", "&ordering=price") == ["Чайник", "Чай зелёный", "Чай"]
    assert names(client, "чай", "&ordering=newest") == ["Чай зелёный", "Чайник", "Чай"]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7])
def test_pages_go_through_all_parts_and_back(size: int, client: JSONClient, make_product: Make) -> None:
    for number in range(3):
        make_product(name=f"Чайник {number}")
        make_product(name=f"Ложка {number}", description="К чаю.")
        make_product(name=f"Чай {number}", sku="чай" if number == 1 else f"tea{number}")
    all_names = names(client, "чай")
    assert len(set(all_names)) == 9
    address, pages = f"{PATH}?search={quote('чай')}&page_size={size}", []
    while address:
        page = client.get(address).json()
        pages.append([product["name"] for product in page["results"]])
        last, address = page, page["next"]
    assert pages == [all_names[start : start + size] for start in range(0, 9, size)]
    back: list[str] = []
    while last["previous"]:
        last = client.get(last["previous"]).json()
        back = [product["name"] for product in last["results"]] + back
    assert back == all_names[: len(all_names) - len(pages[-1])]


@pytest.mark.parametrize("ordering", ["", "newest", "price", "-price", "name"])
@pytest.mark.parametrize("seed", range(4))
def test_search_in_several_categories_misses_no_product(
    seed: int,
    ordering: str,
    client: JSONClient,
    make_category: Make,
    make_product: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In each category the products that match may be far from its first ones."""
    monkeypatch.setattr(ranking, "NEAR", 1)
    random, tea = Random(seed), make_category()  # noqa: S311 - not a secret
    below = [tea, make_category(parent=tea), make_category(parent=tea)]
    matching = []
    for number in range(40):
        category = random.choices(below, (1, 2, 6))[0]
        # A category that matches seldom, and others that match often.
        word = "Чай" if random.random() < (0.1 if category == below[2] else 0.6) else "Ложка"
        product = make_product(name=f"{word} {number:02}", price=random.randint(1, 9), category=category)
        if word == "Чай":
            matching.append(product)
    make_product(name="Чай чужой")
    keys: dict[str, Any] = {
        "price": lambda product: (product.price, product.pk),
        "-price": lambda product: (-product.price, -product.pk),
        "name": lambda product: (product.name, product.pk),
    }
    expected = [product.pk for product in sorted(matching, key=keys.get(ordering, lambda product: -product.pk))]
    address = f"{PATH}?search={quote('чай')}&category_id={tea.pk}&page_size=2&ordering={ordering}"
    pages = []
    while address:
        page = client.get(address).json()
        pages.append([product["id"] for product in page["results"]])
        last, address = page, page["next"]
    assert [pk for ids in pages for pk in ids] == expected
    back: list[int] = []
    while last["previous"]:
        last = client.get(last["previous"]).json()
        back = [product["id"] for product in last["results"]] + back
    assert back == expected[: len(expected) - len(pages[-1])]


def test_next_page_belongs_to_what_was_understood(client: JSONClient, make_product: Make) -> None:
    for number in range(3):
        make_product(name=f"Футболка {number}")
    page = client.get(f"{PATH}?search={quote('aen,jkrf')}&page_size=2").json()
    make_product(name="aen,jkrf")  # now that is a word, too
    assert [product["name"] for product in client.get(page["next"]).json()["results"]] == ["Футболка 0"]


def test_few_among_many_are_found_far_from_the_newest(client: JSONClient, make_product: Make) -> None:
    """Ids may be far apart: what is not near the newest one is looked up in the index."""
    make_product(name="Чай", id=5)
    make_product(name="Чай", id=50_000)
    make_product(name="Ложка", id=10**12)
    page = client.get(f"{PATH}?search={quote('чай')}&page_size=1").json()
    assert [product["id"] for product in page["results"]] == [50_000]
    page = client.get(page["next"]).json()
    assert [product["id"] for product in page["results"]] == [5]
    assert [product["id"] for product in client.get(page["previous"]).json()["results"]] == [50_000]


def test_changes_are_found_at_once(client: JSONClient, make_product: Make) -> None:
    product = make_product(name="Кружка", description="")
    assert names(client, "плед") == []
    Product.objects.filter(pk=product.pk).update(name="Плед")
    assert names(client, "пледы") == ["Плед"]
    assert names(client, "гагачий") == []
    product.refresh_from_db()
    product.description = "Гагачий пух."
    product.save()
    assert names(client, "гагатчий") == ["Плед"]
    product.delete()
    assert names(client, "гагатчий") == []


def test_words_are_learnt_from_all_that_is_written(make_product: Make) -> None:
    one = make_product(name="Ёлка 2026", description="Ель, 180см; иван-чай")
    make_product(name="Ёлка")
    Product.objects.filter(pk=one.pk).update(name="Сосна")
    Synonym.objects.create(words="сосна, pine")
    words = {"елка", "ель", "иван", "чай", "сосна", "category", "pine"}
    assert set(Word.objects.values_list("word", flat=True)) == words


def test_selling_leaves_the_index_alone(make_product: Make) -> None:
    """The row of the variant goes to the same page, and no index is written (HOT); its product is not written."""
    product = make_product(stock=10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text FROM catalog_product WHERE id = %s", [product.pk])
        before = cursor.fetchone()
        cursor.execute("SELECT pg_stat_get_xact_tuples_hot_updated('catalog_variant'::regclass)")
        (hot_before,) = cursor.fetchone()
        Variant.objects.filter(product=product).update(stock=7)
        cursor.execute("SELECT pg_stat_get_xact_tuples_hot_updated('catalog_variant'::regclass)")
        assert cursor.fetchone()[0] == hot_before + 1
        cursor.execute("SELECT ctid::text FROM catalog_product WHERE id = %s", [product.pk])
        assert cursor.fetchone() == before


def test_no_query_fetches_the_column(client: JSONClient, shop: None) -> None:
    assert "search" not in {field.column for field in Product._meta.get_fields() if hasattr(field, "column")}


@pytest.mark.parametrize(
    "search", ["!!!", ",", "&|!():*", "'", "\\", "%", "%s", "{}", "--", "...", "«»", "🙂", "\u200b", "\u0301", "_"]
)
def test_punctuation_finds_nothing(search: str, client: JSONClient, shop: None) -> None:
    assert names(client, search) == []


@pytest.mark.parametrize("search", ["", " ", "\t\n"])
def test_blank_is_no_search(search: str, client: JSONClient, shop: None) -> None:
    assert len(names(client, search)) == 5


@pytest.mark.parametrize(
    "search",
    [
        *("') OR 1=1 --", "футболка' & '", "чай:*", "!чай", "чай <-> чай", "a\\'b", "$$"),
        *( "%(x)s чай", "½", "ﬁ", "İ", "ß"),
        *("и", "и не", "the", "чай и", "а" * 200, "а б в г д е ж з и к л м н"),
        *("1e400", "NaN", "-1", "9" * 200, "и" * 64),
        "слово " * 33,
    ],
)  # fmt: skip
def test_nothing_breaks_it(search: str, client: JSONClient, shop: None) -> None:
    for ordering in ("", "&ordering=price", "&category_id=1", "&ordering=name&category_id=1"):
        names(client, search, ordering)


def test_common_words_are_left_out(client: JSONClient, shop: None) -> None:
    assert names(client, "кружка для чая") == ["Кружка эмалированная"]
    assert names(client, "кружка для") == ["Кружка эмалированная"]


@pytest.mark.parametrize("search", ["\0", "чай\0", "а" * 201, "а" * 10_000])
def test_wrong_search(search: str, client: JSONClient) -> None:
    answer = client.get(f"{PATH}?search={quote(search)}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    problem: dict[str, Any] = answer.json()
    assert (problem["code"], list(problem["errors"])) == ("invalid", ["search"])


def test_a_very_long_description_can_be_saved(client: JSONClient, make_product: Make) -> None:
    make_product(name="Том", description=" ".join(f"слово{number}" for number in range(200_000)))
    assert names(client, "слово77") == ["Том"]


def understood(text: str) -> tuple[str, Kind | None]:
    """Return the text for which a search finds products, and how it was understood."""
    reading = interpret(read_search(text))
    return (reading.text, reading.kind) if reading else (text, None)


def statements(text: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        understood(text)
    return len(queries)


def test_work_on_one_search_is_bounded(make_product: Make) -> None:
    """Each of these words is misspelt, and has five words like it that were sold once."""
    words = ["чайники", "кружечка", "футболка", "футляры", "подарочный", "заварочный", "керамика", "бергамот"]
    for number, word in enumerate(words):
        make_product(name=word)
        for letter in "абвгд":
            make_product(name=f"{letter}{word}", is_active=False)
        assert understood(f"ъ{word}") == (word, Kind.TYPO), number
    text = " ".join(f"ъ{word}" for word in words)
    read, kind = understood(text)
    assert kind == Kind.MOST_WORDS
    assert words[:3] == read.split()[:3]  # those for which there was time
    # A statement looks up the terms of several readings; two more for the vocabulary, and two for the words together.
    assert statements(text) <= 2 * WORK + 4


def test_four_misspelt_words_are_corrected(make_product: Make) -> None:
    make_product(name="Футболка хлопковая крепкая подарочная")
    read = ("футболка хлопковая крепкая подарочная", Kind.TYPO)
    assert understood("футблка хлопковвя крепкоя пдоарочная") == read


def test_wrong_layout_of_all_words_takes_one_look(make_product: Make) -> None:
    make_product(name="Черный чай бергамот цейлонский крепкий на каждый день от нас")
    text = "xthysq xfq ,thufvjn wtqkjycrbq rhtgrbq yf rf;lsq ltym jn yfc"
    assert understood(text) == ("черный чай бергамот цейлонский крепкий на каждый день от нас", Kind.LAYOUT)
    assert statements(text) == 4  # for the text, and for the other layouts: the terms, and whether they find something


@pytest.mark.parametrize("letters", [43, 200])
def test_word_longer_than_all_words_is_not_looked_up(letters: int, make_product: Make) -> None:
    make_product(name="Футболка")
    with patch("catalog.search.interpretation.current_vocabulary") as vocabulary:
        assert understood("ф" * letters)[1] is None
    assert not vocabulary.called


def test_search_that_finds_nothing_asks_no_further(client: JSONClient, make_product: Make) -> None:
    make_product(name="Футболка")
    with CaptureQueriesContext(connection) as queries:
        assert names(client, "ъъщщээ") == []
    pages = [query for query in queries.captured_queries if "LIMIT 21" in query["sql"]]
    assert len(pages) == 2  # nearby, and with the index
    # Also the terms, those of the readings, three looks for these, and two into the vocabulary.
    assert len(queries) <= 8


@pytest.mark.parametrize("search", ["футболка", "фут", "футболка бе", "белая футболка", "TS-001", "нет футболки"])
def test_search_that_needs_no_correction_takes_at_most_three_statements(
    search: str, client: JSONClient, shop: None
) -> None:
    for more in ("", "&ordering=price", "&category_id=1", "&max_price=1"):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{PATH}?search={quote(search)}{more}")
        assert len(queries) <= 3
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{PATH}/facets?search={quote(search)}")
    assert len(queries) <= 3
