"""Services of a customer's favourites."""

from typing import NamedTuple

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.listing.rows import ProductRow, columns
from catalog.models import VISIBLE_IDS, Product
from customers.locking import lock_customer
from customers.models import Favourite
from shop.api.pagination import MAX_ID, Cursor, Ordering
from shop.errors import DomainError
from shop.postgres.rows import fetch_rows

MAX_FAVOURITES = 500
NEWEST_FAVOURITE = Ordering("favourite", (("favourite_id", int),), descending=True)
PAGE = f"""
SELECT favourite_id, {columns()} FROM (
    SELECT id AS favourite_id, product_id FROM customers_favourite WHERE user_id = %(user_id)s AND {{after}}
) AS favourite JOIN catalog_product ON catalog_product.id = product_id
WHERE is_active AND category_id = ANY (ARRAY ({VISIBLE_IDS}))
ORDER BY favourite_id {{direction}} LIMIT %(limit)s
"""  # noqa: S608 - constants
AFTER = PAGE.format(after="id < %(start)s", direction="DESC")
BEFORE = PAGE.format(after="id >= %(start)s", direction="ASC")


class FavouritesLimitReached(DomainError):
    """The customer has as many favourites as one may have."""

    code = "favourites_limit"


class FavouriteRow(NamedTuple):
    """A favourite of a list, with its product."""

    favourite_id: int
    product: ProductRow


def fetch_favourites(user: User, cursor: Cursor | None, limit: int) -> list[FavouriteRow]:
    """Return a page of a customer's favourites that are on sale, newest first."""
    start = cursor.key[0] if cursor else MAX_ID
    statement = BEFORE if cursor and cursor.back else AFTER
    rows = fetch_rows(statement, {"user_id": user.pk, "start": start, "limit": limit})
    return [FavouriteRow(favourite_id, ProductRow._make(product)) for favourite_id, *product in rows]


def favourite_ids(user: User) -> list[int]:
    """Return the ids of all favourite products, newest first, on sale or not."""
    return list(Favourite.objects.filter(user=user).order_by("-pk").values_list("product_id", flat=True))


def add_favourite(*, user: User, product: Product) -> None:
    """Add a product to a customer's favourites, if it is not one of them.

    :raises FavouritesLimitReached: if there are MAX_FAVOURITES already.
    """
    try:
        with transaction.atomic():
            lock_customer(user)
            mine = Favourite.objects.filter(user=user)
            if mine.filter(product=product).exists():
                return
            if mine.count() >= MAX_FAVOURITES:
                sentence = _("You can have at most %(limit)s favourites: remove some of them first.")
                raise FavouritesLimitReached(sentence % {"limit": MAX_FAVOURITES}, limit=MAX_FAVOURITES)
            Favourite.objects.create(user=user, product=product)
    except IntegrityError as error:
        raise OperationalError("The product was deleted meanwhile.") from error


def remove_favourite(*, user: User, product_id: int) -> None:
    """Remove a product from a customer's favourites, if it is one of them."""
    Favourite.objects.filter(user=user, product_id=product_id).delete()
