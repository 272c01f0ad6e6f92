"""Addresses of pictures and of their thumbnails, and their sizes."""

import json
import re
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest

# Media paths of uploaded pictures (catalog.images.uploads); valid as a regular expression of Python and JavaScript. The
# size is in the name, so that no list needs a query for it; pictures uploaded before that have none.
UPLOADED_PATTERN = r"products/[0-9a-f]{2}/[0-9a-f]{64}(?:-[0-9]+x[0-9]+)?\.(?:jpg|webp)"
THUMBNAIL_SUFFIX = ".thumb.webp"  # in place of the picture's own
_UPLOADED = re.compile(rf"{UPLOADED_PATTERN}\Z")
_SIZE = re.compile(r"-([0-9]+)x([0-9]+)\.")


class PictureUrls(NamedTuple):
    """A picture as the API shows it, without its description."""

    url: str
    thumbnail: str | None  # None if it was not uploaded here
    width: int | None  # pixels; None if they are unknown
    height: int | None


def site_root(request: HttpRequest) -> str:
    """Return the address of the shop, without a slash at its end."""
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"


@lru_cache(maxsize=2048)  # some 2 MB. An address takes 8 µs, and a page has up to 300 of them.
def absolute_urls(images: str, root: str) -> tuple[str, ...]:
    """Return the addresses of the pictures of a product: an address stays, a media path gets the shop's.

    :param images: a JSON list, as the database has it.
    :param root: `site_root` of the request.
    """
    return tuple(_absolute_url(image, root) for image in json.loads(images))


def pictures(images: str, root: str, alt: str) -> list[dict[str, Any]]:
    """Return the pictures that a row lists, as the API shows them.

    :param images: as for `absolute_urls`.
    :param alt: what they show: the name of the product or the category.
    """
    return [picture._asdict() | {"alt": alt} for picture in _pictures(images, root)]


@lru_cache(maxsize=2048)
def _pictures(images: str, root: str) -> tuple[PictureUrls, ...]:
    return tuple(_picture(image, root) for image in json.loads(images))


def _picture(image: str, root: str) -> PictureUrls:
    small = thumbnail(image)
    size = _SIZE.search(image) if small else None
    width, height = map(int, size.groups()) if size else (None, None)
    return PictureUrls(_absolute_url(image, root), small and _absolute_url(small, root), width, height)


def _absolute_url(image: str, root: str) -> str:
    url = image if "://" in image else default_storage.url(image)
    return root + url if url.startswith("/") else url


def thumbnail(image: str) -> str | None:
    """Return the media path of the thumbnail of a picture, as a product lists it; None if it was not uploaded here."""
    return thumbnail_url(image) if _UPLOADED.fullmatch(image) else None


def thumbnail_url(url: str) -> str:
    """Return the address of the thumbnail of a picture at that address; itself if it was not uploaded here."""
    return _UPLOADED.sub(lambda uploaded: uploaded[0].rpartition(".")[0] + THUMBNAIL_SUFFIX, url)
