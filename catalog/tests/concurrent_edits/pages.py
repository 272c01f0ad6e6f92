"""Open pages of the back office that are saved later."""

from collections.abc import Callable
from typing import Any

from django.contrib.messages import get_messages
from django.test import Client

from catalog.models import Product
from conftest import Headers, JSONClient
from testing.html_forms import OpenPage

Open = Callable[[Product], "Opened"]


class Opened:
    """A row, open on a page or in the list; fields go by the names of the model."""

    def __init__(self, client: Client, path: str, prefix: str) -> None:
        self.page = OpenPage(client, path)
        self.prefix = prefix

    def save(self, **changes: Any) -> Any:
        return self.page.save(**{self.prefix + name: value for name, value in changes.items()})

    def field(self, name: str) -> list[str]:
        """Return what an input holds; nothing if it is a box that is not ticked."""
        return self.page.fields.get(self.prefix + name, [])


def said(answer: Any) -> list[str]:
    """Return what the admin said after a save."""
    return [str(message) for message in get_messages(answer.wsgi_request)]


def buy(customer: Headers, product: Product, quantity: int) -> None:
    """Order goods as the storefront does."""
    body = {"items": [{"product_id": product.pk, "quantity": quantity}]}
    assert JSONClient().post("/api/v1/orders", body, HTTP_IDEMPOTENCY_KEY="one", **customer).status_code == 201
