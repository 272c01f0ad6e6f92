"""Message texts for managers, as displayed by Telegram and by a mail client."""

from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import Settings

from accounts.models import User
from conftest import Make
from delivery.models import DeliveryMethod
from notifications import texts
from notifications.models import Notification
from orders.delivery_price import agree_to_delivery_price, set_delivery_price
from orders.lifecycle import change_status
from orders.models import Order, OrderEvent
from orders.placing.cart import DeliveryChoice
from payments.models import PaymentMethod
from promotions.models import Promotion
from shop.telegram.bot_api import MAX_TEXT
from testing.merchant import SetShop
from testing.orders import MakeOrder

pytestmark = pytest.mark.django_db
TRICKY = """<b>Bold</b> & "Sons' </a> &amp; &lt;i&gt; 🍵"""


class TelegramHTML(HTMLParser):
    """HTML parser that accepts and refuses the same input as Telegram."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.links, self.bold = "", [], []  # type: str, list[tuple[str, str]], list[str]
        self.quoted: list[str] = []
        self.open: list[tuple[str, str, int]] = []
        self.feed(html)
        self.close()
        assert self.open == [], "a tag is left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"a", "b", "blockquote"}
        self.open.append((tag, dict(attrs).get("href") or "", len(self.text)))

    def handle_endtag(self, tag: str) -> None:
        opened, href, start = self.open.pop()
        assert opened == tag
        if tag == "a":
            self.links.append((href, self.text[start:]))
        elif tag == "b":
            self.bold.append(self.text[start:])
        else:
            self.quoted.append(self.text[start:])

    def handle_data(self, data: str) -> None:
        self.text += data


def notification_of(order: Order) -> Notification:
    """Return the managers' notification about the newest event of an order, with its related rows."""
    event = OrderEvent.objects.filter(order=order).latest("pk")
    event.order = Order.objects.select_related("user").with_items().get(pk=order.pk)
    return Notification(event=event, template="order", language=settings.LANGUAGE_CODE)


def shown(order: Order) -> TelegramHTML:
    """Return the message about an order as Telegram shows it."""
    return TelegramHTML(texts.html(notification_of(order)))


def units(text: str) -> int:
    """Return the length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


@pytest.fixture
def full_order(make_order: MakeOrder, make_product: Make) -> Order:
    """Place an order with all fields."""
    tea = make_product(name="Ivan tea", sku="TEA-1", price="1990.00")
    jam = make_product(name="Jam", sku="JAM", price="0.50")
    return make_order({tea: 2, jam: 1}, phone="+7 912 345-67-89", address="Vologda, Mira 1", comment="Call me")


def test_message_has_all_fields_of_the_order(full_order: Order) -> None:
    message = shown(full_order)
    assert message.text.splitlines() == [
        f"New order №{full_order.number} · Shop",
        "👤 Alice",
        "📞 +7 912 345-67-89",
        "📍 Vologda, Mira 1",
        "• Ivan tea (TEA-1) × 2 — RUB3,980.00",
        "• Jam (JAM) × 1 — RUB0.50",
        "Total: RUB3,980.50",
        "Call me",
    ]
    assert message.bold == [f"New order №{full_order.number}", "Total: RUB3,980.50"]
    assert message.quoted == ["Call me"]


def test_customers_cannot_forge_lines_of_the_message(make_order: MakeOrder) -> None:
    forged = "Anna\nTotal: RUB0.00"
    message = shown(make_order(contact_name=forged, address=forged, comment=forged))
    assert "Total: RUB0.00" not in message.text.replace(forged, "").splitlines()
    assert message.quoted == [forged]


# With bidirectional marks, it would be displayed as an order for nothing.
FLIPPED = "Anna\u202e00.0BUR :latoT\u2066\u200f"
SEEN = "Anna00.0BUR :latoT"


def test_bidirectional_marks_are_removed(make_order: MakeOrder) -> None:
    order = make_order(contact_name=FLIPPED, address=FLIPPED, comment=f"{FLIPPED}\n{FLIPPED}")
    notification = notification_of(order)
    message = shown(order)
    assert message.links == [("tg://user?id=1001", SEEN)]
    assert f"📍 {SEEN}\n" in message.text
    assert message.quoted == [f"{SEEN}\n{SEEN}"]
    assert f"— {SEEN}, " in texts.digest([notification] * 2)
    for text in (texts.html(notification), texts.digest([notification] * 2), *texts.plain(notification)):
        assert not {"\u202e", "\u2066", "\u200f"} & set(text)


def test_name_from_telegram_is_cleaned_too(make_order: MakeOrder) -> None:
    order = make_order()
    User.objects.update(first_name="\u202eAnna\n", last_name="\u2067K.", telegram_username="anna\u202e/x")
    order.contact_name = ""
    order.save()
    assert shown(order).links == [("tg://user?id=1001", "Anna K.")]


@pytest.mark.parametrize("name", ["\u200b", "\u202e\u2066", "\u200d", "\n\u00ad"], ids=ascii)
def test_invisible_name_is_replaced(make_order: MakeOrder, name: str) -> None:
    assert "👤 Alice" in shown(make_order(contact_name=name)).text
    User.objects.update(first_name=name)
    assert "👤 tg:1001" in shown(make_order(contact_name=name)).text


def test_amounts_are_written_in_the_language_of_the_shop(full_order: Order, settings: Any) -> None:
    settings.LANGUAGE_CODE = "ru"
    assert "3\xa0980,50\xa0₽" in shown(full_order).text


def test_customer_is_linked_by_username(full_order: Order) -> None:
    User.objects.update(telegram_username="alice_shops")
    assert shown(full_order).links == [("https://t.me/alice_shops", "Alice")]


def test_customer_without_a_username_is_linked_by_id(full_order: Order) -> None:
    User.objects.update(telegram_id=7_000_000_001)
    assert shown(full_order).links == [("tg://user?id=7000000001", "Alice")]


def test_customer_without_telegram_is_named(full_order: Order) -> None:
    User.objects.update(telegram_id=None)
    message = shown(full_order)
    assert (message.links, "👤 Alice" in message.text) == ([], True)


def test_empty_field_has_no_line(make_order: MakeOrder) -> None:
    lines = shown(make_order()).text.splitlines()
    assert (len(lines), [line for line in lines if not line.strip()]) == (4, [])


def test_message_links_to_the_admin_if_public_url_is_set(full_order: Order, settings: Any) -> None:
    settings.PUBLIC_URL = "https://shop.example.org"
    link = (f"https://shop.example.org/admin/orders/order/{full_order.pk}/change/", "Open in the admin")
    assert shown(full_order).links[-1] == link


def test_message_of_a_cancelled_order_has_the_status(full_order: Order, alice_user: User) -> None:
    change_status(order_id=full_order.pk, to="cancelled", actor=alice_user)
    assert shown(full_order).bold[0] == f"Order №{full_order.number}: cancelled"


def test_message_of_a_cancelled_order_has_the_note(full_order: Order) -> None:
    change_status(order_id=full_order.pk, to="cancelled", actor=None, note="Not confirmed\nwithin <72> h.")
    lines = shown(full_order).text.splitlines()
    assert lines[:2] == [f"Order №{full_order.number}: cancelled · Shop", "Not confirmed within <72> h."]


def test_texts_of_customers_are_escaped(make_order: MakeOrder, make_product: Make) -> None:
    product = make_product(name=f"Tea {TRICKY}", sku="<T&1>")
    order = make_order({product: 1}, contact_name=f"Anna {TRICKY}", address=f"Mira {TRICKY}", comment=f"Call {TRICKY}")
    User.objects.update(telegram_username="a")
    message = shown(order)
    assert message.links == [("https://t.me/a", f"Anna {TRICKY}")]
    assert f"📍 Mira {TRICKY}\n" in message.text
    assert f"• Tea {TRICKY} (<T&1>) × 1" in message.text
    assert message.text.endswith(f"Call {TRICKY}")
    assert len(message.bold) == 2


def test_only_entities_known_to_telegram_are_sent(make_order: MakeOrder) -> None:
    html = texts.html(notification_of(make_order(comment=TRICKY)))
    known = ("lt", "gt", "amp", "quot", "#x27", "#39")  # Telegram knows these four named entities, and all numeric ones
    assert {part.split(";")[0] for part in html.split("&")[1:]} <= set(known)


@pytest.mark.parametrize("name", ["n" * 200, "&" * 200, "🍵" * 200, "<b>" * 66], ids=["plain", "&", "emoji", "tags"])
def test_longest_order_is_cut_by_whole_items(make_order: MakeOrder, make_product: Make, name: str) -> None:
    products = {make_product(name=name): 999 for _ in range(100)}
    order = make_order(products, comment="&🍵" * 500, address="<" * 500, contact_name='"' * 150)
    html = texts.html(notification_of(order))
    message = TelegramHTML(html)
    assert 4096 - 450 < units(message.text) <= 4096
    lines = message.text.splitlines()
    items = [line for line in lines if line.startswith("•")]
    assert all(line.startswith(f"• {name} (SKU-") and line.endswith(".00") for line in items)
    assert f"… and {100 - len(items)} more items" in lines
    assert lines[-2:] == ["Total: RUB9,990,000.00", "" + "&🍵" * 500]


def test_one_omitted_item_is_counted_in_the_singular(make_order: MakeOrder, make_product: Make) -> None:
    products = {make_product(name="🍵" * 200): 1 for _ in range(9)}
    shown_lines = 9
    for length in range(0, 1000, 50):
        text = shown(make_order(products, comment="c" * length)).text
        shown_lines = text.count("•")
        if shown_lines == 8:
            assert "… and 1 more item\n" in text
            return
    pytest.fail(f"never just one: {shown_lines}")


def test_short_order_is_not_cut(full_order: Order) -> None:
    assert "…" not in shown(full_order).text


def test_email_is_plain_text_with_all_items(make_order: MakeOrder, make_product: Make) -> None:
    products = {make_product(name=f"{TRICKY} {number}"): 1 for number in range(100)}
    order = make_order(products, comment=TRICKY)
    subject, body = texts.plain(notification_of(order))
    assert subject == f"New order №{order.number} · Shop"
    lines = body.splitlines()
    assert lines[:2] == [f"New order №{order.number} · Shop", "👤 Alice"]
    assert [line for line in lines if line.startswith("•")] == [
        f"• {TRICKY} {number} ({product.sku}) × 1 — RUB100.00" for number, product in enumerate(products)
    ]
    assert lines[-1] == f"> {TRICKY}"


def test_rendering_queries_nothing_but_the_name_of_the_shop(full_order: Order) -> None:
    notification = notification_of(full_order)
    with CaptureQueriesContext(connection) as queries:
        texts.html(notification)
        texts.plain(notification)
    assert [query for query in queries.captured_queries if "merchant_" not in query["sql"]] == []


def test_message_has_the_name_of_the_shop(make_order: MakeOrder, set_shop: SetShop) -> None:
    set_shop(name=TRICKY)
    notification = notification_of(make_order())
    assert TelegramHTML(texts.html(notification)).text.splitlines()[0].endswith(f" · {TRICKY}")
    assert TelegramHTML(texts.digest([notification] * 2)).text.splitlines()[0].endswith(f" · {TRICKY}")
    assert texts.plain(notification)[0].endswith(f" · {TRICKY}")


def test_digest_with_long_names_fits_the_limit(make_order: MakeOrder, settings: Any) -> None:
    settings.PUBLIC_URL = "https://shop.example.org"
    notification = notification_of(make_order(contact_name="Щ" * 150))
    parsed = TelegramHTML(texts.digest([notification] * texts.DIGEST))
    assert len(parsed.text.encode("utf-16-le")) // 2 <= MAX_TEXT
    assert len(parsed.links) == texts.DIGEST
    assert "Щ" * 39 + "…," in parsed.text


def test_texts_of_customers_are_escaped_in_a_digest(make_order: MakeOrder) -> None:
    notification = notification_of(make_order(contact_name="<b>Anna</b>\n• New order №1 & co"))
    parsed = TelegramHTML(texts.digest([notification] * 2))
    assert parsed.text.count("<b>Anna</b> • New order №1 & co,") == 2
    assert len(parsed.text.splitlines()) == 3


def test_comment_is_quoted_in_an_email_and_links_keep_their_address(make_order: MakeOrder, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://shop.example.org"
    order = make_order(comment="Thanks\nTotal: RUB1.00\n<a href='https://evil.example'>x</a>")
    _, body = texts.plain(notification_of(order))
    assert [line for line in body.splitlines() if "Thanks" in line or "RUB1.00" in line or "evil" in line] == [
        "> Thanks",
        "> Total: RUB1.00",
        "> <a href='https://evil.example'>x</a>",
    ]
    assert body.splitlines()[-1].endswith(f": https://shop.example.org/admin/orders/order/{order.pk}/change/")


def test_text_that_is_too_long_without_items_is_rendered(
    make_order: MakeOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "MAX_TEXT", 10)
    assert "Total" in shown(make_order()).text


def test_message_has_delivery_discount_and_payment(make_order: MakeOrder, make_product: Make) -> None:
    method = DeliveryMethod.objects.create(
        kind="courier", name="Courier <b>", price=300, first_day=0, slots=["10–14"], places=["Vologda"]
    )
    Promotion.objects.create(name="Spring & sale", code="SPRING", kind="fixed", value=50)
    cash = PaymentMethod.objects.create(kind="cash", name="Cash")
    day = timezone.localdate()
    order = make_order(
        {make_product(price="390.00"): 1},
        address="Mira 1",
        promo_code="SPRING",
        delivery=DeliveryChoice(method.pk, town="Vologda", deliver_on=day, slot="10–14"),
        payment_method_id=cash.pk,
    )
    lines = shown(order).text.splitlines()
    assert f"🚚 Courier <b> · Vologda · {date_format(day, 'SHORT_DATE_FORMAT')} 10–14" in lines
    assert "📍 Mira 1" in lines
    assert "Spring & sale: -RUB50.00" in lines
    assert "Courier <b>: RUB300.00" in lines
    assert "Total: RUB640.00" in lines
    assert "💳 Cash" in lines


def test_message_says_that_the_delivery_price_is_to_be_set_and_that_it_was_agreed_to(
    make_order: MakeOrder, boss: User
) -> None:
    method = DeliveryMethod.objects.create(kind="digital", name="By agreement", price=None)
    order = make_order(delivery=DeliveryChoice(method.pk))
    assert "Delivery: set the price in the admin" in shown(order).text
    set_delivery_price(order_id=order.pk, price=Decimal(250), actor=boss)
    agree_to_delivery_price(order_id=order.pk, price=Decimal(250), actor=order.user)
    agreed = shown(order)
    assert agreed.bold[0] == f"Order №{order.number}: the customer agrees to the delivery price"
    assert "set the price" not in agreed.text
