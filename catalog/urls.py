"""API routes of the catalog, below /api/v1/."""

from catalog.views import CategoryViewSet, ProductViewSet
from shop.api.routers import OptionalSlashRouter

router = OptionalSlashRouter()
router.register("categories", CategoryViewSet, basename="category")
router.register("products", ProductViewSet, basename="product")

urlpatterns = router.urls
