"""The Russian of the shop: complete, compiled, and true to the English it stands for."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation.template import templatize

from accounts.models import User
from catalog.models import Product
from orders.models import Order
from orders.statuses import Status

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "locale" / "ru" / "LC_MESSAGES"
# Django's lazy functions take what the plain ones take.
KEYWORDS = dict(DEFAULT_KEYWORDS) | {
    **{f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext")},
    "gettext_noop": None,
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")

Key = tuple[str | None, str]


def texts(value: Any) -> tuple[str, ...]:
    """Return the forms of a msgid or a msgstr."""
    return (value,) if isinstance(value, str) else tuple(value)


def messages(catalog: Catalog) -> dict[Key, tuple[str, ...]]:
    """Return the translations by context and first msgid, the header left out."""
    return {(each.context, texts(each.id)[0]): texts(each.string) for each in catalog if each.id}


def used() -> Iterator[Key]:
    """Find all that is marked for translation in our sources."""
    sources = [templatize(path.read_text()) for path in (ROOT / "templates").rglob("*.html")]
    for app in ("accounts", "catalog", "notifications", "orders", "shop", "storefront"):
        sources += [path.read_text() for path in (ROOT / app).rglob("*.py") if "tests" not in path.parts]
    for source in sources:
        for _line, found, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
            yield context, texts(found)[0]


@pytest.fixture(scope="module")
def russian() -> Catalog:
    with (FOLDER / "django.po").open("rb") as file:
        return read_po(file, locale="ru")


def test_all_is_translated(russian: Catalog) -> None:
    for message in russian:
        assert all(texts(message.string)), message.id
        assert not message.fuzzy, message.id
        assert len(texts(message.string)) == (3 if message.pluralizable else 1), message.id
    assert not russian.obsolete
    assert russian.num_plurals == 3


def test_all_that_is_used_is_there_and_nothing_else(russian: Catalog) -> None:
    assert set(used()) == set(messages(russian))


def test_placeholders_agree(russian: Catalog) -> None:
    for message in russian:
        if message.id:
            expected = sorted(PLACEHOLDER.findall(texts(message.id)[0]))
            for text in texts(message.string):
                assert sorted(PLACEHOLDER.findall(text)) == expected, text
                assert text.replace("%%", "").count("%") == len(expected), text


def test_what_is_compiled_is_what_is_written(russian: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, russian)
    compiled.seek(0)
    with (FOLDER / "django.mo").open("rb") as file:
        shipped = read_mo(file)
    assert messages(shipped) == messages(read_mo(compiled))
    assert shipped.plural_expr == russian.plural_expr


def test_the_shop_speaks_russian() -> None:
    with translation.override("ru"):
        assert str(Product._meta.verbose_name_plural) == "товары"
        assert str(User._meta.get_field("phone").verbose_name) == "телефон"
        assert str(Order._meta.get_field("contact_name").verbose_name) == "имя"
        assert [str(label) for label in Status.labels] == [
            "новый",
            "подтверждён",
            "отправлен",
            "выполнен",
            "отменён",
        ]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "… и ещё 1 позиция"),
        (3, "… и ещё 3 позиции"),
        (11, "… и ещё 11 позиций"),
        (22, "… и ещё 22 позиции"),
        (112, "… и ещё 112 позиций"),
    ],
)
def test_forms_of_the_plural(number: int, text: str) -> None:
    with translation.override("ru"):
        form = translation.ngettext("… and %(counter)s more item", "… and %(counter)s more items", number)
    assert form % {"counter": number} == text
