"""Path of the payment methods, which the response cache may keep."""

from shop.http.public_paths import PublicPath

PATHS = (PublicPath("/api/v1/payment-methods"),)
