"""POST /api/v1/orders: refused requests, their errors, and that no row is changed."""

import json
from typing import Any

import pytest

from conftest import Headers, JSONClient, Make
from testing.orders import Snapshot

pytestmark = pytest.mark.django_db
URL = "/api/v1/orders"
MESSAGES = {
    "min_value": "Ensure this value is greater than or equal to 1.",
    "max_value": "Ensure this value is less than or equal to 999.",
    "invalid": "A valid integer is required.",
    "null": "This field may not be null.",
}
PHONE = "Write a phone number of 5 to 15 digits, such as +7 912 345-67-89."


def problem(status: int, title: str, code: str, detail: str, **data: Any) -> dict[str, Any]:
    """Return the body of a problem."""
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code, **data}


def conflict(code: str, detail: str, **data: Any) -> dict[str, Any]:
    """Return the body of a 409."""
    return problem(409, "Conflict", code, detail, **data)


def item(product_id: Any, quantity: Any = 1) -> dict[str, Any]:
    return {"product_id": product_id, "quantity": quantity}


def refused(client: JSONClient, who: Headers, snapshot: Snapshot, body: Any) -> tuple[int, dict[str, Any]]:
    """Send a body that is refused; return status and problem, and assert that no row has changed."""
    client.get("/api/v1/users/me", **who)  # creates the customer
    before = snapshot()
    # Written with escapes, as browsers write a lone surrogate.
    answer = client.post(URL, json.dumps(body), content_type="application/json", **who)
    assert snapshot() == before
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        (0, "min_value"),
        (-1, "min_value"),
        (1000, "max_value"),
        (10**12, "max_value"),
        (10**40, "max_value"),
        ("1", "invalid"),
        ("", "invalid"),
        (1.5, "invalid"),
        (float(2**53), "invalid"),
        (True, "invalid"),
        (None, "null"),
        ([1], "invalid"),
    ],
)
def test_quantity_is_a_whole_number_from_1_to_999(
    client: JSONClient, alice: Headers, make_product: Make, snapshot: Snapshot, quantity: Any, code: str
) -> None:
    good, bad = make_product(stock=5), make_product(stock=5)
    status, answer = refused(client, alice, snapshot, {"items": [item(good.pk), item(bad.pk, quantity)]})
    assert (status, answer) == (
        400,
        problem(
            400,
            "Bad Request",
            "invalid",
            "Some values are not right; `errors` says which.",
            errors={"items": {"1": {"quantity": [{"code": code, "message": MESSAGES[code]}]}}},
        ),
    )


@pytest.mark.parametrize("product_id", [0, -1, 2**63, 10**30, "1", 1.5, 2.0**53, True, None, {}, "1; DROP TABLE"])
def test_product_id_is_a_whole_number(client: JSONClient, alice: Headers, snapshot: Snapshot, product_id: Any) -> None:
    status, answer = refused(client, alice, snapshot, {"items": [item(product_id)]})
    assert (status, answer["code"], list(answer["errors"]["items"]["0"])) == (400, "invalid", ["product_id"])


def test_items_of_a_product_have_999_pieces_together_at_most(
    client: JSONClient, alice: Headers, make_product: Make, snapshot: Snapshot
) -> None:
    tea = make_product()
    assert refused(client, alice, snapshot, {"items": [item(tea.pk, 500), item(tea.pk, 500)]}) == (
        400,
        problem(
            400,
            "Bad Request",
            "invalid",
            "Some values are not right; `errors` says which.",
            errors={
                "items": [
                    {"code": "max_value", "message": "At most 999 pieces of a product, its items taken together."}
                ]
            },
        ),
    )


def test_101_items_are_too_many(client: JSONClient, alice: Headers, make_product: Make, snapshot: Snapshot) -> None:
    tea = make_product()
    status, answer = refused(client, alice, snapshot, {"items": [item(tea.pk)] * 101})
    assert (status, answer["code"], list(answer["errors"])) == (400, "invalid", ["items"])


@pytest.mark.parametrize("items", [[], {}, None, "1", 1, [1], [None], [[]], [{}], [{"product_id": 1}]])
def test_items_must_be_a_list_of_objects(client: JSONClient, alice: Headers, snapshot: Snapshot, items: Any) -> None:
    status, answer = refused(client, alice, snapshot, {"items": items})
    assert (status, answer["code"], list(answer["errors"])) == (400, "invalid", ["items"])


def test_cart_without_items_is_refused(client: JSONClient, alice: Headers, snapshot: Snapshot) -> None:
    status, answer = refused(client, alice, snapshot, {})
    assert status == 400
    assert answer["errors"] == {"items": [{"code": "required", "message": "This field is required."}]}


def test_unavailable_products_are_reported_together(
    client: JSONClient, alice: Headers, make_product: Make, make_category: Make, snapshot: Snapshot
) -> None:
    hidden = make_category(is_active=False)
    sold = make_product(stock=5)
    inactive = make_product(is_active=False)
    in_hidden = make_product(category=hidden)
    below_hidden = make_product(category=make_category(parent=hidden))
    unknown = 2**63 - 1
    items = [item(product_id) for product_id in (unknown, below_hidden.pk, sold.pk, in_hidden.pk, inactive.pk)]
    assert refused(client, alice, snapshot, {"items": items}) == (
        409,
        conflict(
            "product_unavailable",
            "Some products are not sold any more.",
            items=[{"product_id": each} for each in (inactive.pk, in_hidden.pk, below_hidden.pk, unknown)],
        ),
    )


def test_all_shortages_are_reported_together_and_nothing_is_taken(
    client: JSONClient, alice: Headers, make_product: Make, snapshot: Snapshot
) -> None:
    empty, few, enough, uncounted = (make_product(stock=stock) for stock in (0, 2, 9, None))
    items = [item(uncounted.pk, 9), item(enough.pk, 9), item(few.pk, 3), item(empty.pk, 1)]
    assert refused(client, alice, snapshot, {"items": items}) == (
        409,
        conflict(
            "out_of_stock",
            "There is not enough left of some products.",
            items=[
                {"product_id": empty.pk, "variant_id": empty.variant_id, "requested": 1, "available": 0},
                {"product_id": few.pk, "variant_id": few.variant_id, "requested": 3, "available": 2},
            ],
        ),
    )


@pytest.mark.parametrize("total", ["199.99", "0", "200.01", "9999999999.99"])
def test_wrong_expected_total_is_refused_with_the_correct_one(
    client: JSONClient, alice: Headers, make_product: Make, snapshot: Snapshot, total: str
) -> None:
    body = {"items": [item(make_product(stock=5).pk, 2)], "expected_total": total}
    status, answer = refused(client, alice, snapshot, body)
    sent = "0.00" if total == "0" else total
    assert (status, answer) == (
        409,
        conflict("price_changed", "The total is 200.00 now.", expected_total=sent, total="200.00"),
    )


@pytest.mark.parametrize(
    "total",
    [200, 200.0, "-200.00", "200.000", "2e2", "NaN", "Infinity", " 200.00", "200,00", "", "٢٠٠", "1" * 11, None],
)
def test_expected_total_must_be_an_amount(
    client: JSONClient, alice: Headers, make_product: Make, snapshot: Snapshot, total: Any
) -> None:
    body = {"items": [item(make_product(stock=5).pk, 2)], "expected_total": total}
    status, answer = refused(client, alice, snapshot, body)
    assert (status, answer["code"], list(answer["errors"])) == (400, "invalid", ["expected_total"])


def test_total_above_the_column_is_refused(
    client: JSONClient, alice: Headers, make_product: Make, snapshot: Snapshot
) -> None:
    dear, cheap = make_product(price="9999999999.99", stock=5), make_product(price="0.01")
    body = {"items": [item(dear.pk), item(cheap.pk)]}
    assert refused(client, alice, snapshot, body) == (
        409,
        conflict("order_too_large", "The total is above 9999999999.99."),
    )


@pytest.mark.parametrize("phone", ["call me", "1234", "+7 912 345-67-89 ext. 5", "1" * 16, "+7<b>912345</b>", 79120000])
def test_invalid_phone_is_refused(
    client: JSONClient, alice: Headers, make_product: Make, snapshot: Snapshot, phone: Any
) -> None:
    status, answer = refused(client, alice, snapshot, {"items": [item(make_product().pk)], "phone": phone})
    message = PHONE if isinstance(phone, str) else "Not a valid string."
    assert status == 400
    assert answer["errors"] == {"phone": [{"code": "invalid", "message": message}]}


@pytest.mark.parametrize(
    ("field", "longest"), [("contact_name", 150), ("address", 500), ("comment", 1000)], ids=lambda value: str(value)
)
def test_texts_have_a_maximum_length(
    client: JSONClient, alice: Headers, make_product: Make, snapshot: Snapshot, field: str, longest: int
) -> None:
    body = {"items": [item(make_product().pk)]}
    status, answer = refused(client, alice, snapshot, body | {field: "я" * (longest + 1)})
    message = f"Ensure this field has no more than {longest} characters."
    assert (status, answer["errors"]) == (400, {field: [{"code": "max_length", "message": message}]})
    assert client.post(URL, body | {field: "я" * longest}, **alice).json()[field] == "я" * longest


@pytest.mark.parametrize("field", ["contact_name", "phone", "address", "comment"])
@pytest.mark.parametrize("text", ["a\0b", "\ud800", 5, None, ["a"]], ids=repr)
def test_texts_must_be_strings(
    client: JSONClient, alice: Headers, make_product: Make, snapshot: Snapshot, field: str, text: Any
) -> None:
    body = {"items": [item(make_product().pk)], field: text}
    status, answer = refused(client, alice, snapshot, body)
    assert (status, answer["code"], list(answer["errors"])) == (400, "invalid", [field])


def test_placing_an_order_needs_sign_in(client: JSONClient, make_product: Make, snapshot: Snapshot) -> None:
    body = {"items": [item(make_product(stock=5).pk)]}
    before = snapshot()
    answer = client.post(URL, body)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "tma")
    assert answer.json() == problem(
        401, "Unauthorized", "init_data_missing", "There is no init data: open the shop from Telegram."
    )
    assert snapshot() == before
