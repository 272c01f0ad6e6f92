"""Paths of the shop's pages that the response cache may keep."""

from shop.http.public_paths import PublicPath

PATHS = (PublicPath("/api/v1/pages", has_items=True),)
