"""Addresses of pictures and of their thumbnails."""

import json
import re
from functools import lru_cache

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest

# Media paths of uploaded pictures (catalog.images.uploads); valid as a regular expression of Python and JavaScript.
UPLOADED_PATTERN = r"products/[0-9a-f]{2}/[0-9a-f]{64}\.(?:jpg|webp)"
THUMBNAIL_SUFFIX = ".thumb.webp"  # in place of the picture's own
_UPLOADED = re.compile(rf"{UPLOADED_PATTERN}\Z")


def site_root(request: HttpRequest) -> str:
    """Return the address of the shop, without a slash at its end."""
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"


@lru_cache(maxsize=2048)  # some 2 MB. An address takes 8 µs, and a page has up to 300 of them.
def absolute_urls(images: str, root: str) -> tuple[str, ...]:
    """Return the addresses of the pictures of a product: an address stays, a media path gets the shop's.

    :param images: a JSON list, as the database has it.
    :param root: `site_root` of the request.
    """
    urls = (image if "://" in image else default_storage.url(image) for image in json.loads(images))
    return tuple(root + url if url.startswith("/") else url for url in urls)


def thumbnail(image: str) -> str | None:
    """Return the media path of the thumbnail of a picture, as a product lists it; None if it was not uploaded here."""
    return thumbnail_url(image) if _UPLOADED.fullmatch(image) else None


def thumbnail_url(url: str) -> str:
    """Return the address of the thumbnail of a picture at that address; itself if it was not uploaded here."""
    return _UPLOADED.sub(lambda uploaded: uploaded[0].rpartition(".")[0] + THUMBNAIL_SUFFIX, url)
