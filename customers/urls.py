"""API routes of what a customer keeps in the shop, below /api/v1/."""

from customers.views import FavouriteViewSet, SavedAddressViewSet, StockSubscriptionViewSet
from shop.api.routers import OptionalSlashRouter

router = OptionalSlashRouter()
router.register("users/me/favourites", FavouriteViewSet, basename="favourite")
router.register("users/me/addresses", SavedAddressViewSet, basename="address")
router.register("users/me/subscriptions", StockSubscriptionViewSet, basename="subscription")

urlpatterns = router.urls
