"""API routes of orders, below /api/v1/."""

from orders.views import OrderViewSet
from shop.api.routers import OptionalSlashRouter

router = OptionalSlashRouter()
router.register("orders", OrderViewSet, basename="order")

urlpatterns = router.urls
