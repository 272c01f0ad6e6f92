"""API route of the delivery methods, below /api/v1/."""

from django.urls import re_path

from delivery.views import DeliveryMethodsView

urlpatterns = [re_path(r"^delivery-methods/?$", DeliveryMethodsView.as_view(), name="delivery-methods")]
