"""API routes of what a customer keeps in the shop, below /api/v1/."""

from customers.views import FavouriteViewSet
from shop.api.routers import OptionalSlashRouter

router = OptionalSlashRouter()
router.register("users/me/favourites", FavouriteViewSet, basename="favourite")

urlpatterns = router.urls
