"""Where a picture is on the web."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest


def absolute_url(image: str, request: HttpRequest) -> str:
    """Return the address of a picture as a product lists it: an address stays, a media path gets the shop's."""
    if "://" in image:
        return image
    url = default_storage.url(image)
    if url.startswith("/"):
        return settings.PUBLIC_URL + url if settings.PUBLIC_URL else request.build_absolute_uri(url)
    return url
