"""API route of the payment methods, below /api/v1/."""

from django.urls import re_path

from payments.views import PaymentMethodsView

urlpatterns = [re_path(r"^payment-methods/?$", PaymentMethodsView.as_view(), name="payment-methods")]
