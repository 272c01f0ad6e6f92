"""Path of the delivery methods, which the response cache may keep."""

from shop.http.public_paths import PublicPath

PATHS = (PublicPath("/api/v1/delivery-methods"),)
