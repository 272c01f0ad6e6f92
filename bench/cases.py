"""Benchmark cases: the requests to measure."""

import itertools
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import requests

from accounts import init_data
from bench.load import Request
from bench.servers import BOT_TOKEN

PRODUCTS = "/api/v1/products"
CARTS = 20_000
MAX_REQUESTS = 30_000
# Words of the description of each seeded product.
WORDS = ("товар", "номер", "категории", "измерить", "скорость", "магазина", "найти", "положить", "корзину", "заказать")


@dataclass(frozen=True)
class Case:
    """Named list of requests, divided over the rounds, so that none is repeated if there are enough."""

    name: str
    requests: Sequence[Request]


def customers(number: int) -> list[str]:
    """Return Authorization headers of a number of customers."""
    people = [{"id": 900_000_000 + n, "first_name": "Иван", "username": f"ivan{n}"} for n in range(number)]
    now = str(int(time.time()))
    return [
        "tma " + init_data.sign({"auth_date": now, "user": json.dumps(person, ensure_ascii=False)}, BOT_TOKEN)
        for person in people
    ]


def ask(url: str, request: Request) -> bytes:
    """Send one request, and return the body of its response."""
    headers = {"Authorization": request.authorization} if request.authorization else {}
    if request.body:
        headers |= {"Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
    method = "POST" if request.body else "GET"
    answer = requests.request(method, url + request.path, headers=headers, data=request.body or None, timeout=60)
    answer.raise_for_status()
    return answer.content


def catalog(url: str, *, products: int) -> list[Case]:
    """Return the public reads, whose cost may depend on the number of products."""
    first = json.loads(ask(url, Request(PRODUCTS)))["results"][0]
    seeded = range(1, products - 100)  # the demo shop's products have no number
    numbers = random.sample(seeded, min(len(seeded), MAX_REQUESTS // len(WORDS)))
    phrases = [f"{word} {number}" for word, number in itertools.product(WORDS, numbers)]
    random.shuffle(phrases)
    return [
        Case("categories", [Request("/api/v1/categories")]),
        Case("product list", [Request(PRODUCTS)]),
        # A different limit above all prices each time: the same list under a URL that is not cached.
        Case(
            "product list, not from memory",
            [Request(f"{PRODUCTS}?max_price={1_000_000 + n}.00") for n in range(MAX_REQUESTS)],
        ),
        Case("product list, deep page", [_deep_page(url, products=products)]),
        Case("products of a category", [Request(f"{PRODUCTS}?category_id={first['category_id']}")]),
        Case("one product", [Request(f"{PRODUCTS}/{first['id']}")]),
        Case("search, one word", [_search("товар")]),
        Case("search, not from memory", [_search(phrase) for phrase in phrases]),
    ]


def personal(*, customer: str) -> list[Case]:
    """Return the reads of a customer."""
    return [
        Case("health", [Request("/health")]),
        Case("my profile", [Request("/api/v1/users/me", customer)]),
        Case("my orders", [Request("/api/v1/orders/my", customer)]),
    ]


def orders(*, people: Sequence[str], product_ids: Sequence[int]) -> list[Case]:
    """Return the order cases: three random products, or one hot product."""
    carts = [dict(zip(random.sample(product_ids, 3), (2, 1, 3), strict=True)) for _ in range(CARTS)]
    return [
        Case("order, random cart", [order(people[n % len(people)], cart) for n, cart in enumerate(carts)]),
        Case("order, one hot product", [order(person, {product_ids[0]: 1}) for person in people]),
    ]


def order(customer: str, quantities: dict[int, int]) -> Request:
    """Return the request of an order with these quantities."""
    items = [{"product_id": product, "quantity": quantity} for product, quantity in quantities.items()]
    return Request("/api/v1/orders", customer, json.dumps({"items": items, "comment": "please call"}))


def _search(words: str) -> Request:
    return Request(f"{PRODUCTS}?{urlencode({'search': words})}")


def _deep_page(url: str, *, products: int) -> Request:
    """Return the request of the page at nine tenths of the list, reached by following the pages."""
    path, size = f"{PRODUCTS}?page_size=100", 100
    for _ in range(products * 9 // 10 // size):
        following = urlsplit(json.loads(ask(url, Request(path)))["next"])
        path = f"{following.path}?{following.query}"
    cursor = parse_qs(urlsplit(path).query)["cursor"][0]
    return Request(f"{PRODUCTS}?{urlencode({'cursor': cursor})}")
