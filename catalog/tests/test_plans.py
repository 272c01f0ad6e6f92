"""How PostgreSQL goes about the list at 100,000 products with three variants each: never through the whole table."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from catalog.models import Product
from conftest import JSONClient
from testing.plans import plans_of, rows_read, scans

PATH = "/api/v1/products"
# Category 1 has the 1,000 oldest products, category 2 the next ones, and so on. 101 to 104 are empty, and below 1.
FILL = """
SET LOCAL synchronous_commit = on; -- else VACUUM, right after it, cannot mark the rows as visible to all
INSERT INTO catalog_category (id, name, slug, parent_id, position, is_active)
SELECT n, CASE n WHEN 1 THEN 'Чёрный чай' WHEN 2 THEN 'Зелёный чай' ELSE 'c' END, n::text,
    CASE WHEN n > 100 THEN 1 END, 0, true FROM generate_series(1, 104) n;
-- The derived columns are right from the start, so that the trigger rewrites no row.
INSERT INTO catalog_product (
    category_id, name, slug, description, images, option_names, is_active, created_at, updated_at,
    sku, other_skus, price, price_max, is_available, variant_count
)
SELECT 1 + n / 1000, (ARRAY['Кружка', 'Чайник', 'Плед', 'Ваза'])[1 + n % 4] || ' ' || n % 1000, n,
    CASE n % 1000 WHEN 1 THEN 'Бергамот' ELSE 'Товар' END, to_jsonb(ARRAY[repeat('p', 600)]), '{Size}',
    true, now(), now(), n || '-1', ARRAY[n || '-2', n || '-3'], n % 500, n % 500 + 2, n % 3 > 0, 3
FROM generate_series(0, 99999) n;
INSERT INTO catalog_variant (product_id, option_values, sku, price, stock, images, position, is_active, updated_at)
SELECT product.id, ARRAY[size::text], slug || '-' || size, price + size - 1, slug::int % 3, '[]', size, true, now()
FROM catalog_product product, generate_series(1, 3) AS size ORDER BY product.id, size;
"""
EMPTY = "TRUNCATE catalog_category, catalog_product, catalog_stockmovement, catalog_word RESTART IDENTITY CASCADE"


@pytest.fixture(scope="module")
def big_shop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Fill the shop once for this module; outside of a transaction, for PostgreSQL must take its statistics."""
    with django_db_blocker.unblock():
        # A session that has checked foreign keys while the tables were small keeps scanning them whole.
        connection.close()
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(FILL)
        cursor.execute("VACUUM ANALYZE catalog_product, catalog_category, catalog_variant")
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(EMPTY)
        cursor.execute("VACUUM ANALYZE catalog_product, catalog_category, catalog_variant")


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("big_shop")]


def plans_behind(client: JSONClient, address: str) -> list[dict[str, Any]]:
    """Make a request; return how each of its queries was carried out."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return plans_of(queries.captured_queries)


def assert_cheap(client: JSONClient, address: str, limit: int) -> None:
    for plan in plans_behind(client, address):
        for table in ("catalog_product", "catalog_variant"):
            assert "Seq Scan" not in {scan["Node Type"] for scan in scans(plan, table)}, plan
            assert rows_read(plan, table) <= limit, plan


LISTS = [
    *("", "ordering=price", "ordering=-price", "ordering=name", "ordering=newest"),
    *(f"category_id={number}" for number in (1, 50, 100, 101, 999)),
    *(f"category_id=1&ordering={ordering}" for ordering in ("price", "-price", "name")),
    *("in_stock=true", "in_stock=false&ordering=price", "in_stock=true&category_id=1&ordering=name"),
    *("min_price=100&max_price=101", "min_price=499.5", "min_price=100&max_price=400&ordering=price"),
    *("ids=5,50000,99999", "ids=5,6,7&ordering=name"),
    *(
        f"search={quote(text)}"
        for text in ("товар", "това", "кружка", "т", "99999", "99999-3", "кружка 512", "нет такого")
    ),
    *(f"search={quote(text)}" for text in ("чёрный чай", "чай", "chai", "чай кружка", "черный ч", "кружка ваза")),
    *(f"search={quote('чай')}&{more}" for more in ("category_id=1", "category_id=2&in_stock=true", "page_size=100")),
    *(f"search={quote(text)}" for text in ("бергамот", "бергомот", ",thufvjn", "чайник бергамот")),
    *(f"search={quote('бергамот')}&{more}" for more in ("category_id=1", "ordering=price", "in_stock=true")),
    f"search={quote('бергамот')}&category_id=1&min_price=1&max_price=400&in_stock=true&ordering=-price",
]


@pytest.mark.parametrize("query", LISTS)
def test_first_page_reads_little(query: str, client: JSONClient) -> None:
    assert_cheap(client, f"{PATH}?{query}", 3000)


@pytest.mark.parametrize(
    "query",
    ["", "ordering=price", "ordering=-price", "ordering=name", f"search={quote('товар')}", f"search={quote('кружка')}"],
)
def test_a_page_far_down_reads_what_the_first_one_does(query: str, client: JSONClient) -> None:
    address = f"{PATH}?{query}&page_size=100"
    for _ in range(60):
        address = client.get(address).json()["next"]
    assert_cheap(client, address, 3000)
    assert_cheap(client, client.get(address).json()["previous"], 3000)


def test_all_pages_of_a_price_are_all_products_once(client: JSONClient) -> None:
    """500 prices, each of 200 products."""
    address, seen = f"{PATH}?ordering=price&max_price=2&page_size=7", []
    while address:
        page = client.get(address).json()
        seen += [(float(product["price"]), product["id"]) for product in page["results"]]
        address = page["next"]
    assert seen == sorted(set(seen))
    assert len(seen) == 600


@pytest.mark.parametrize("query", ["", "category_id=1", "in_stock=true", "min_price=100&max_price=110"])
def test_facets_read_the_index_only(query: str, client: JSONClient) -> None:
    plans = plans_behind(client, f"{PATH}/facets?{query}")
    kinds = {scan["Node Type"] for plan in plans for scan in scans(plan, "catalog_product")}
    assert kinds == {"Index Only Scan"}


def test_categories_count_their_products_along_an_index(client: JSONClient) -> None:
    [plan] = plans_behind(client, "/api/v1/categories")
    assert {scan["Node Type"] for scan in scans(plan, "catalog_product")} == {"Index Only Scan"}
    counts = {category["id"]: category["product_count"] for category in client.get("/api/v1/categories").json()}
    assert (counts[1], counts[50], counts[101]) == (1000, 1000, 0)


@pytest.mark.parametrize("number", [1, 50_000, 100_000])
def test_related_products_read_little(number: int, client: JSONClient) -> None:
    [one] = Product.objects.order_by("pk")[number - 1 : number].values_list("pk", flat=True)
    address = f"{PATH}/{one}/related"
    assert_cheap(client, address, 500)
    for scan in (scan for plan in plans_behind(client, address) for scan in scans(plan, "catalog_product")):
        assert scan["Index Name"] in {"catalog_product_pkey", "catalog_product_shelf_price"}, scan
    assert len(client.get(address).json()["results"]) == 8


@pytest.mark.parametrize("query", ["бергамот", "99999"])
def test_facets_of_a_search_read_what_it_finds(query: str, client: JSONClient) -> None:
    assert_cheap(client, f"{PATH}/facets?search={quote(query)}", 1500)


@pytest.mark.parametrize("more", ["", "&category_id=50", "&in_stock=true"])
def test_facets_of_a_search_that_finds_very_much_are_estimated(more: str, client: JSONClient) -> None:
    address = f"{PATH}/facets?search={quote('товар')}{more}"
    found = client.get(address).json()
    assert found["is_exact"] is False
    # Whole pages of the table are sampled, and the 999 products of the category lie together there: its count may be
    # off by more than half.
    total, tolerance = {"": (99_900, 0.05), "&category_id=50": (999, 4), "&in_stock=true": (66_600, 0.05)}[more]
    assert found["total"] == pytest.approx(total, rel=tolerance)
    assert sum(category["count"] for category in found["categories"]) >= 0.9 * found["total"]
    assert found["price"] == {"min": "0.00", "max": "499.00"}
    assert_cheap(client, address, 15_000)


SEARCHES = ["", "&ordering=price", "&ordering=-price", "&ordering=name", "&ordering=newest"]


@pytest.mark.parametrize("more", [*SEARCHES, *(f"{more}&category_id=50" for more in SEARCHES)])
@pytest.mark.parametrize("text", ["товар", "бергамот", "кружка 512", "чайник бергамот", "чай"])
def test_search_reads_little_in_any_order(text: str, more: str, client: JSONClient) -> None:
    assert_cheap(client, f"{PATH}?search={quote(text)}{more}", 3000)


@pytest.mark.parametrize("more", ["", "&ordering=price", "&category_id=50", "&in_stock=true&category_id=1"])
@pytest.mark.parametrize(
    "text", ["товар", "бергамот", "кружка 512", "чайник бергамот", "чай", "чёрный чай", "черный ч", "99999-3"]
)
def test_search_that_needs_no_correction_takes_three_statements(text: str, more: str, client: JSONClient) -> None:
    """The terms, the products nearby, and those of the index, if the page is not full."""
    assert len(plans_behind(client, f"{PATH}?search={quote(text)}{more}")) <= 3


@pytest.mark.parametrize("text", ["ч", "чай", "бергомот", "кружка 5", "нет такого"])
def test_suggestions_read_little(text: str, client: JSONClient) -> None:
    assert_cheap(client, f"{PATH}/suggest?q={quote(text)}", 3000)
