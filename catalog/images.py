"""Where a picture is on the web, and where its thumbnail is."""

import re

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest

# Media paths of uploaded pictures, as catalog.uploads names them. Python and JavaScript read it the same.
UPLOADED_PATTERN = r"products/[0-9a-f]{2}/[0-9a-f]{64}\.(?:jpg|webp)"
THUMBNAIL_SUFFIX = ".thumb.webp"  # in place of the picture's own
_UPLOADED = re.compile(rf"{UPLOADED_PATTERN}\Z")


def absolute_url(image: str, request: HttpRequest) -> str:
    """Return the address of a picture as a product lists it: an address stays, a media path gets the shop's."""
    if "://" in image:
        return image
    url = default_storage.url(image)
    if url.startswith("/"):
        return settings.PUBLIC_URL + url if settings.PUBLIC_URL else request.build_absolute_uri(url)
    return url


def thumbnail(image: str) -> str | None:
    """Return the media path of the thumbnail of a picture, as a product lists it; None if it was not uploaded here."""
    return thumbnail_url(image) if _UPLOADED.fullmatch(image) else None


def thumbnail_url(url: str) -> str:
    """Return the address of the thumbnail of a picture at that address; itself if it was not uploaded here."""
    return _UPLOADED.sub(lambda uploaded: uploaded[0].rpartition(".")[0] + THUMBNAIL_SUFFIX, url)
