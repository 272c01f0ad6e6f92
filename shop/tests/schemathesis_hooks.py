"""What the OpenAPI file cannot express of requests, for schemathesis."""

from typing import Any
from urllib.parse import urlencode

import schemathesis
from schemathesis import GenerationMode

MAX_QUERY = 3500  # characters; gunicorn refuses a request line of more than 4,094 bytes, before the API


@schemathesis.hook
def filter_case(context: Any, case: Any) -> bool:
    """Send nothing that does not reach the API."""
    return len(urlencode(case.query or {}, doseq=True)) <= MAX_QUERY


@schemathesis.hook
def map_case(context: Any, case: Any) -> Any:
    """Make a request valid that is to be: without a cursor, with each variant in one item, and nothing to choose."""
    if case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE:
        # Those that a list accepts are in its answers.
        case.query.pop("cursor", None)
        # A variant may be in several items, but with at most 999 pieces in all. The test's variants have the ids of
        # their products.
        if isinstance(case.body, dict) and "items" in case.body:
            items = {item.get("variant_id", item.get("product_id")): item for item in case.body["items"]}
            case.body["items"] = [*items.values()]
            # What the shop has none of.
            for name in ("promo_code", "delivery", "payment_method_id"):
                case.body.pop(name, None)
    return case
