"""JSON of the API, compared with what DRF's own renderer writes."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from rest_framework import renderers
from rest_framework.exceptions import ErrorDetail

from shop.api.renderers import JSONRenderer


@pytest.mark.parametrize(
    "data",
    [
        {
            "next": None,
            "results": [{"id": 2**62, "name": 'Чай "Белый"\n\x00\x7f\\/<>&', "price": "390.00", "in_stock": True}],
        },
        {"at": datetime(2026, 11, 25, 3, 4, 5, 678900, UTC), "on": date(2026, 11, 25), "share": 0.1},
        {"detail": gettext_lazy("Not Found"), "code": ErrorDetail("No.", code="no"), "sum": Decimal("1.50")},
        {"id": UUID(int=7), 5: "a key that is no text", "pair": (1, 2)},
        [],
        "😀",
        None,
    ],
)
def test_json_is_that_of_drf(data: Any) -> None:
    assert JSONRenderer().render(data) == renderers.JSONRenderer().render(data)
