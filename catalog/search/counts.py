"""Facet counts of a search: exact up to about 10,000 products, estimated from a sample beyond.

To count a million matches takes half a second. So the share of matches among the newest products is extrapolated first:
if few matches are expected, the index of words counts them, else they are estimated from a sample of all products, as
they are if there are more than expected.
"""

from dataclasses import replace

from catalog.listing.counts import CategoryCount, Counts, count_products
from catalog.listing.query import ORDERINGS, ProductQuery
from catalog.listing.sort import Sort
from catalog.search.ranking import MATCHES
from catalog.search.tsquery import Search
from shop.api.pagination import NEWEST

NEWEST_SEEN = 500  # products
MAX_COUNTED = 10_000  # products that match
SAMPLE = 8_000  # products
# Found by the index of words: a category may have very many products, and none among the newest.
INDEXED = "(SELECT * FROM catalog_product WHERE {conditions} LIMIT {limit}) AS product"
PRICES_SEEN = "1000"  # products among which the lowest and the highest price are looked for

# Beside the counts of the newest products: how many products there are, and whether there are older ones.
SIZE = """
SELECT NULL, reltuples::bigint, (SELECT count(*) FROM {others}), NULL, NULL
FROM pg_class WHERE oid = 'catalog_product'::regclass
"""
# Beside the counts of a sample: the lowest and highest price of the matches, which the sample may lack.
PRICES = """
SELECT NULL, NULL, NULL,
    (SELECT min(price) FROM {cheapest} WHERE {conditions}), (SELECT max(price) FROM {dearest} WHERE {conditions})
"""


def count_found(query: ProductQuery, search: Search, *, has_most: bool = False) -> Counts:
    """Return the facet counts of a search.

    :param has_most: no product has all words: count those that have most of them.
    """
    if search.is_empty:
        return Counts([])
    match = search.missing(search.most_missing) if has_most else search.all
    parameters = {**query.parameters, **search.parameters, "match": match}
    everywhere, newest = replace(query, category_id=None), Sort(NEWEST)
    conditions = f"{query.conditions} AND search @@ %(match)s::tsquery"
    *counts, (_, size, others, *_) = count_products(
        newest.next_products(everywhere, str(NEWEST_SEEN)),
        conditions,
        parameters,
        SIZE.format(others=newest.next_products(everywhere, "1", skipped=str(NEWEST_SEEN))),
    )
    if not others:
        return Counts(counts)
    expected = sum(count.total for count in counts) * size / NEWEST_SEEN
    if expected <= MAX_COUNTED:
        counts = count_products(
            INDEXED.format(conditions=f"{query.conditions} AND {MATCHES}", limit=MAX_COUNTED + 1), "true", parameters
        )
        if sum(count.total for count in counts) <= MAX_COUNTED:
            return Counts(counts)
    cheapest, dearest = (Sort(ORDERINGS[name]).next_products(query, PRICES_SEEN) for name in ("price", "-price"))
    *counts, (*_, low, high) = count_products(
        f"catalog_product TABLESAMPLE SYSTEM ({100 * min(1, SAMPLE / size)}) REPEATABLE (1)",
        conditions,
        parameters,
        PRICES.format(
            cheapest=cheapest, dearest=dearest, conditions=f"{query.on_sale} AND search @@ %(match)s::tsquery"
        ),
    )
    return Counts([_scaled(count, size / SAMPLE) for count in counts], is_exact=False, low=low, high=high)


def _scaled(count: CategoryCount, factor: float) -> CategoryCount:
    return count._replace(total=round(count.total * factor), available=round(count.available * factor))
