"""API of the shop's pages."""

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from merchant.current import current
from merchant.models import Page
from merchant.serializers import PageSerializer
from shop.api.caching import Public
from shop.api.schema import problem_answer
from shop.api.serializers import write

EXAMPLE = {
    "slug": "privacy",
    "title": "Политика конфиденциальности",
    "text": "Мы храним имя, телефон и адрес, чтобы доставить заказ.",
    "version": "9f2c1a7b40de",
    "updated_at": "2026-01-31T09:30:00.000000Z",
}


class PageView(Public):
    """A page of the shop, such as its privacy policy."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        summary="Get a page of the shop",
        description="The slugs of the pages that are shown are in `GET /shop`.",
        parameters=[
            OpenApiParameter("slug", str, OpenApiParameter.PATH, enum=Page.Slug.values, description="Which page.")
        ],
        examples=[OpenApiExample("A page", EXAMPLE, response_only=True)],
        responses={200: PageSerializer, 404: problem_answer("There is no such page, or it is hidden.", "not_found")},
    )
    def get(self, request: Request, slug: str) -> Response:
        """Return the page."""
        for page in current().pages:
            if page.slug == slug:
                return Response(write(PageSerializer, page))
        raise Http404
