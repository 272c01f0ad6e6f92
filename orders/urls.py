"""API routes of orders, below /api/v1/."""

from django.urls import re_path

from orders.views import CartQuoteView, OrderViewSet
from shop.api.routers import OptionalSlashRouter

router = OptionalSlashRouter()
router.register("orders", OrderViewSet, basename="order")

urlpatterns = [*router.urls, re_path(r"^cart/quote/?$", CartQuoteView.as_view(), name="cart-quote")]
