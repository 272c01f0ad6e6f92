"""GET /api/v1/products?search=: categories, synonyms, most of the words, and other spellings, in a shop with tea."""

from typing import Any
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Category, Product, Synonym, Variant
from catalog.search import terms
from catalog.tests.test_search import names
from conftest import JSONClient, Make

pytestmark = pytest.mark.django_db

PATH = "/api/v1/products"
ASSAM, EARL_GREY = "Ассам «Хармутти» TGFOP, 100 г", "Эрл Грей «Калабрия», 100 г"
SENCHA, OOLONG = "Сэнча «Кагосима», 100 г", "Те Гуань Инь, светлый улун, 100 г"
WILLOW = "Иван-чай ферментированный, 75 г"
BEANS, GROUND = "Эфиопия «Иргачеффе», зерно, 250 г", "Колумбия «Уила», молотый, 250 г"
CUP, POT = "Чашка с блюдцем «Васильки», 220 мл", "Чайник керамический «Солнечный», 800 мл"
CANDLE = "Свеча «Белый чай и хлопок», 180 г"


@pytest.fixture
def shelves(make_category: Make, make_product: Make) -> dict[str, Category]:
    """Fill the shop; the newest products are the last ones."""
    tea = make_category(name="Чай")
    shelves = {
        "tea": tea,
        "black": make_category(name="Чёрный чай", parent=tea),
        "green": make_category(name="Зелёный чай и улун", parent=tea),
        "herbs": make_category(name="Травы и ягоды"),
        "coffee": make_category(name="Кофе"),
        "dishes": make_category(name="Посуда"),
        "gifts": make_category(name="Подарки"),
    }
    for name, shelf, description in [
        (ASSAM, "black", "Солодовый, отлично держит молоко."),
        (EARL_GREY, "black", "С маслом бергамота."),
        (OOLONG, "green", "Аромат сирени."),
        (SENCHA, "green", "Настой ярко-зелёный."),
        (WILLOW, "herbs", "Кипрей с лугов."),
        (BEANS, "coffee", "Арабика, жасмин и бергамот."),
        (GROUND, "coffee", "Помол под гейзер и воронку."),
        (CUP, "dishes", "Костяной фарфор."),
        (POT, "dishes", "Хватает на четыре чашки."),
        (CANDLE, "gifts", "Соевый воск."),
    ]:
        make_product(name=name, category=shelves[shelf], description=description)
    return shelves


def answer(client: JSONClient, search: str, more: str = "") -> tuple[list[str], tuple[str, str] | None]:
    """Search; return the names of the products, and the text and the kind of a correction."""
    page: Any = client.get(f"{PATH}?search={quote(search)}{more}").json()
    corrected = page["corrected"] and (page["corrected"]["text"], page["corrected"]["kind"])
    return [product["name"] for product in page["results"]], corrected


# --- Categories -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("чёрный чай", [EARL_GREY, ASSAM]),
        ("ЧЕРНЫЕ ЧАИ", [EARL_GREY, ASSAM]),
        ("чай", [WILLOW, SENCHA, OOLONG, EARL_GREY, ASSAM, CANDLE, POT]),
        ("улун", [OOLONG, SENCHA]),
        ("чай ассам", [ASSAM]),
        ("чай с бергамотом", [EARL_GREY]),
        ("кофе молотый", [GROUND]),
        ("кофе в зернах", [BEANS]),
        ("молотый кофе", [GROUND]),
        ("коф", [GROUND, BEANS]),
        ("черный ч", [EARL_GREY, ASSAM]),
        ("подарки", [CANDLE]),
    ],
)
def test_products_are_found_by_the_names_of_their_categories(
    search: str, found: list[str], client: JSONClient, shelves: dict[str, Category]
) -> None:
    assert answer(client, search) == (found, None)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("black tea", ["Assam, 100 g"]),
        ("teas", ["Teaspoon rest for tea", "Assam, 100 g", "Tea towel"]),
        ("coffee ground", ["House blend, ground"]),
        ("ground coffees", ["House blend, ground"]),
    ],
)
def test_categories_in_english(
    search: str, found: list[str], client: JSONClient, make_category: Make, make_product: Make
) -> None:
    tea = make_category(name="Tea")
    make_product(name="Assam, 100 g", category=make_category(name="Black tea", parent=tea))
    make_product(name="House blend, ground", category=make_category(name="Coffee"))
    make_product(name="Tea towel", category=make_category(name="Kitchen"))
    make_product(name="Teaspoon rest for tea", category=tea)
    assert sorted(names(client, search)) == sorted(found)
    assert names(client, search)[0] == found[0]


def test_first_word_of_a_name_counts_more_than_a_later_one(client: JSONClient, make_product: Make) -> None:
    make_product(name="Кружка эмалированная")
    make_product(name="«Кружка» подарочная")
    make_product(name="Подставка под кружку")
    make_product(name="Полка", description="Для любой кружки.")
    found = ["«Кружка» подарочная", "Кружка эмалированная", "Подставка под кружку", "Полка"]
    assert names(client, "кружка") == found


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_go_through_all_parts_and_back(size: int, client: JSONClient, shelves: dict[str, Category]) -> None:
    every = names(client, "чай")
    address, pages = f"{PATH}?search={quote('чай')}&page_size={size}", []
    while address:
        page = client.get(address).json()
        pages.append([product["name"] for product in page["results"]])
        last, address = page, page["next"]
    assert [name for page in pages for name in page] == every
    back: list[str] = []
    while last["previous"]:
        last = client.get(last["previous"]).json()
        back = [product["name"] for product in last["results"]] + back
    assert back == every[: len(every) - len(pages[-1])]


def test_renamed_and_moved_categories_are_found_at_once(client: JSONClient, shelves: dict[str, Category]) -> None:
    Category.objects.filter(pk=shelves["black"].pk).update(name="Тёмные сорта")
    assert names(client, "темные сорта") == [EARL_GREY, ASSAM]
    assert names(client, "сорт чай") == [EARL_GREY, ASSAM]
    Category.objects.filter(pk=shelves["black"].pk).update(parent=shelves["gifts"])
    assert names(client, "подарки сорт") == [EARL_GREY, ASSAM]
    assert ASSAM not in names(client, "чай")
    Product.objects.filter(name=ASSAM).update(category=shelves["coffee"])
    assert names(client, "кофе ассам") == [ASSAM]


def test_rename_of_a_category_writes_no_product(shelves: dict[str, Category]) -> None:
    """However many it has: the products have its number, and a search looks its words up."""

    def written() -> tuple[int, ...]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables WHERE relname = 'catalog_product'"
            )
            return tuple(cursor.fetchone())

    before = written()
    Category.objects.filter(pk=shelves["tea"].pk).update(name="Заварка", parent=shelves["gifts"])
    assert written() == before


def test_hidden_category_is_no_word(client: JSONClient, shelves: dict[str, Category]) -> None:
    Category.objects.filter(pk=shelves["tea"].pk).update(is_active=False)
    assert names(client, "чай") == [WILLOW, CANDLE, POT]
    assert names(client, "улун") == []


def test_search_within_a_category(client: JSONClient, shelves: dict[str, Category]) -> None:
    assert names(client, "чай", f"&category_id={shelves['tea'].pk}") == [SENCHA, OOLONG, EARL_GREY, ASSAM]
    assert names(client, "чай", f"&category_id={shelves['gifts'].pk}") == [CANDLE]
    assert names(client, "кофе", f"&category_id={shelves['tea'].pk}") == []
    by_name = [WILLOW, CANDLE, SENCHA, OOLONG, POT, EARL_GREY, ASSAM]
    assert sorted(by_name) == names(client, "чай", "&ordering=name")


def test_word_stands_for_a_limited_number_of_categories(
    client: JSONClient, shelves: dict[str, Category], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those at the top come first."""
    monkeypatch.setattr(terms, "MAX_CATEGORIES", 2)
    found = names(client, "чай")
    assert CANDLE in found
    assert len(found) < 7


# --- SKUs -------------------------------------------------------------------------------------------------


@pytest.fixture
def shirt(make_product: Make) -> Product:
    """Return a product in three sizes, and put a newer one on sale that mentions its SKUs."""
    product: Product = make_product(
        name="Футболка", sku="TS-1/S", option_names=["Размер"], variant={"option_values": ["S"]}
    )
    for position, size in enumerate(["M", "L"], 1):
        Variant.objects.create(
            product=product, sku=f"TS-1/{size}", option_values=[size], price="100", position=position
        )
    make_product(name="Шорты к TS-1/S, TS-1/M и TS-1/L")
    return product


@pytest.mark.parametrize("search", ["TS-1/S", "TS-1/M", "ts-1/l"])
def test_each_variant_is_found_by_its_sku_first(search: str, client: JSONClient, shirt: Product) -> None:
    assert names(client, search)[0] == "Футболка"
    assert len(names(client, search)) == 2
    assert client.get(f"{PATH}/suggest?q={quote(search)}").json()["results"][0] == "Футболка"


@pytest.mark.parametrize("search", ["TS-1/M", "ts 1 m", "ts1m", "футболка ts-1/l", "TS1L"])
def test_words_of_the_sku_of_a_variant_are_words_of_its_product(
    search: str, client: JSONClient, shirt: Product
) -> None:
    for ordering in ("", "&ordering=price", f"&category_id={shirt.category_id}&in_stock=true"):
        assert "Футболка" in names(client, search, ordering)
    assert client.get(f"{PATH}/facets?search={quote(search)}").json()["total"] == len(names(client, search))


def test_sku_of_a_variant_that_is_changed_moved_or_not_on_sale(
    client: JSONClient, shirt: Product, make_product: Make
) -> None:
    Variant.objects.filter(sku="TS-1/M").update(sku="NEW-7")
    assert names(client, "new-7") == ["Футболка"]
    Variant.objects.filter(sku="NEW-7").update(is_active=False)
    assert names(client, "new-7") == []
    coat = make_product(name="Пальто", option_names=["Размер"], variant={"option_values": ["S"]})
    Variant.objects.filter(sku="NEW-7").update(is_active=True, product=coat)
    assert names(client, "new7") == ["Пальто"]
    Variant.objects.filter(sku="NEW-7").delete()
    assert names(client, "new-7") == []


# --- Suggestions ------------------------------------------------------------------------------------------


def test_suggestions_have_pictures_prices_and_categories(
    client: JSONClient, shelves: dict[str, Category], make_product: Make
) -> None:
    shirt = make_product(
        name="Улун «Молочный»",
        category=shelves["green"],
        price="300.00",
        images=["oolong.jpg", "leaves.jpg"],
        option_names=["Вес"],
        variant={"option_values": ["50 г"]},
    )
    Variant.objects.create(product=shirt, sku="OOL-100", option_values=["100 г"], price="550.00", stock=0, position=1)
    found = client.get(f"{PATH}/suggest?q={quote('улун мо')}").json()
    assert found == {
        "results": ["Улун «Молочный»"],
        "products": [
            {
                "id": shirt.pk,
                "name": "Улун «Молочный»",
                "price": "300.00",
                "price_max": "550.00",
                "old_price": None,
                "image": "http://testserver/media/oolong.jpg",
                "in_stock": True,
            }
        ],
        "categories": [],
        "corrected": None,
    }
    found = client.get(f"{PATH}/suggest?q=ulun").json()
    assert found["corrected"] == {"text": "улун", "kind": "transliteration"}
    assert found["categories"] == [{"id": shelves["green"].pk, "name": "Зелёный чай и улун"}]
    assert found["results"] == ["Улун «Молочный»", "Те Гуань Инь, светлый улун, 100 г", "Сэнча «Кагосима», 100 г"]


def test_suggested_categories_have_the_words_themselves(client: JSONClient, shelves: dict[str, Category]) -> None:
    def categories(text: str) -> list[str]:
        found = client.get(f"{PATH}/suggest?q={quote(text)}").json()["categories"]
        return [category["name"] for category in found]

    assert set(categories("чай")) == {"Чай", "Чёрный чай", "Зелёный чай и улун"}
    assert categories("черный ч") == ["Чёрный чай"]
    assert categories("велосипед") == []
    Category.objects.filter(pk=shelves["tea"].pk).update(is_active=False)
    assert categories("чай") == []


# --- Synonyms ---------------------------------------------------------------------------------------------


def test_synonyms_find_each_other(client: JSONClient, shelves: dict[str, Category]) -> None:
    assert names(client, "кружка") == []
    group = Synonym.objects.create(words="кружка, чашка, mug")
    for search in ("кружка", "кружки", "Чашку", "mugs", "mug васильки"):
        assert names(client, search)[0] == CUP, search
    Synonym.objects.filter(pk=group.pk).update(words="кружка, бокал")
    assert names(client, "кружка") == []
    group.delete()
    assert names(client, "mug") == []


def test_synonym_of_the_name_of_a_category(client: JSONClient, shelves: dict[str, Category]) -> None:
    Synonym.objects.create(words="тея, чай")
    assert names(client, "чёрная тея") == [EARL_GREY, ASSAM]
    assert answer(client, "чёрная тейя") == ([EARL_GREY, ASSAM], ("черная тея", "typo"))


@pytest.mark.parametrize(
    ("words", "stored"),
    [
        ("Кружка,чашка ,  MUG", "кружка, чашка, mug"),
        ("кружка, чашка, кружка,", "кружка, чашка"),
        ("ёлка, ель", "ёлка, ель"),
    ],
)
def test_synonyms_are_written_evenly(words: str, stored: str) -> None:
    group = Synonym(words=words)
    group.full_clean()
    group.save()
    group.refresh_from_db()
    assert group.words == stored


@pytest.mark.parametrize(
    "words",
    [
        "",
        "кружка",
        "кружка, кружка",
        "зелёный чай, сенча",
        "чай | кофе",
        "a' & b, c",
        ", ".join("абвгдежзийклмнопрстуф"),
    ],
)
def test_synonyms_that_are_no_list_of_words_are_refused(words: str) -> None:
    with pytest.raises(ValidationError):
        Synonym(words=words).full_clean()


# --- Most of the words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("search", "found", "text"),
    [
        # A word that is like nothing in the shop is left out.
        ("чай тюльпанчиковый", [WILLOW, SENCHA, OOLONG, EARL_GREY, ASSAM, CANDLE, POT], "чай"),
        ("чай с тюльпанчиками", [WILLOW, SENCHA, OOLONG, EARL_GREY, ASSAM, CANDLE, POT], "чай"),
        ("квадроцикл кофе молотый", [GROUND], "кофе молотый"),
        # The words are there, but in no product together; newest first in each part.
        ("чашка бергамот", [POT, CUP, BEANS, EARL_GREY], "чашка бергамот"),
        ("кофе молотый бергамот", [GROUND, BEANS], "кофе молотый бергамот"),
        ("чай зеленый чашка васильки", [CUP, SENCHA, OOLONG], "чай зеленый чашка васильки"),
    ],
)
def test_products_with_most_words_are_found_if_none_has_all(
    search: str, found: list[str], text: str, client: JSONClient, shelves: dict[str, Category]
) -> None:
    listed, corrected = answer(client, search)
    assert listed == found or (set(listed) == set(found) and text == "чай зеленый чашка васильки")
    assert corrected == (text, "most_words")
    facets = client.get(f"{PATH}/facets?search={quote(search)}").json()
    assert facets["total"] == len(found)
    assert facets["corrected"] == {"text": text, "kind": "most_words"}


def test_products_with_more_of_the_words_come_first(client: JSONClient, make_product: Make) -> None:
    make_product(name="Красный медный чайник")
    make_product(name="Красный чайник")
    make_product(name="Чайник", description="Свисток.")
    make_product(name="Медный чайник")
    listed, corrected = answer(client, "красный медный чайник свисток")
    assert listed == ["Красный медный чайник", "Медный чайник", "Чайник", "Красный чайник"]
    assert corrected == ("красный медный чайник свисток", "most_words")


@pytest.mark.parametrize("ordering", ["", "&ordering=price", "&ordering=name"])
def test_next_pages_have_most_of_the_words_too(ordering: str, client: JSONClient, make_product: Make) -> None:
    for number in range(3):
        make_product(name=f"Красный медный чайник {number}", price=number)
        make_product(name=f"Красный чайник {number}", price=number + 10)
        make_product(name=f"Свисток {number}", price=number + 20)
    search = quote("красный медный чайник свисток")
    every = names(client, "красный медный чайник свисток", ordering)
    assert len(every) == 6
    address, seen = f"{PATH}?search={search}{ordering}&page_size=2", []
    while address:
        page = client.get(address).json()
        seen += [product["name"] for product in page["results"]]
        last, address = page, page["next"]
    assert seen == every
    back = client.get(last["previous"]).json()["results"]
    assert [product["name"] for product in back] == every[2:4]


def test_filter_does_not_loosen_a_search(client: JSONClient, shelves: dict[str, Category]) -> None:
    assert answer(client, "кофе молотый", "&max_price=1") == ([], None)
    assert answer(client, "кофе самовар", f"&category_id={shelves['tea'].pk}") == ([], ("кофе", "most_words"))


# --- Other spellings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("search", "text", "kind"),
    [
        ("xfq", "чай", "layout"),
        ("rjat vjkjnsq", "кофе молотый", "layout"),
        ("chai", "чай", "transliteration"),
        ("chay", "чай", "transliteration"),
        ("CHAI", "чай", "transliteration"),
        ("kofe", "кофе", "transliteration"),
        ("chernyi chai", "черный чай", "transliteration"),
        ("chernyy chay", "черный чай", "transliteration"),
        ("ulun", "улун", "transliteration"),
        ("чяшка", "чашка", "typo"),
        ("чай с биргамот", "чай с бергамот", "typo"),
        ("chashkka", "чашка", "typo"),
        ("kofe xfq", "кофе чай", "most_words"),
    ],
)
def test_other_spellings_are_read(
    search: str, text: str, kind: str, client: JSONClient, shelves: dict[str, Category]
) -> None:
    listed, corrected = answer(client, search)
    assert corrected == (text, kind)
    assert listed == names(client, text)


def test_latin_words_of_the_shop_are_not_transliterated(client: JSONClient, make_product: Make) -> None:
    make_product(name="Chai latte")
    make_product(name="Чай латте")
    assert answer(client, "chai") == (["Chai latte"], None)


# --- Hostile searches -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "search",
    [
        " ".join(f"с{number}" for number in range(60))[:200],
        "🫖 " * 60,
        "и в на для",
        "и и и и",
        "#1",
        "^чай",
        "'чай' | 'кофе'",
        "чай:A",
        "'#1':*",
        "чай " * 50,
        "ы" * 200,
        "а б в г д е ж з и к",
        "чай кофе чашка улун бергамот молотый зерно черный белый жасмин",
    ],
)
def test_hostile_searches_are_answered_with_limited_work(
    search: str, client: JSONClient, shelves: dict[str, Category]
) -> None:
    with CaptureQueriesContext(connection) as queries:
        for path in (PATH, f"{PATH}/facets"):
            response = client.get(f"{path}?search={quote(search)}")
            assert response.status_code == 200, response.content
        response = client.get(f"{PATH}/suggest?q={quote(search)}")
        assert response.status_code == 200, response.content
    assert len(queries) <= 180


@pytest.mark.parametrize("search", ["с" * 10_000, " ".join(map(str, range(1000))), "чай\0кофе"])
def test_searches_that_are_too_long_are_refused(search: str, client: JSONClient) -> None:
    for address in (f"{PATH}?search=", f"{PATH}/facets?search=", f"{PATH}/suggest?q="):
        assert client.get(address + quote(search)).status_code == 400


def test_number_of_a_category_is_no_word(client: JSONClient, shelves: dict[str, Category]) -> None:
    assert names(client, f"#{shelves['coffee'].pk}") == []
