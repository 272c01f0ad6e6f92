"""Russian translations: complete, compiled, with the placeholders of the English texts."""

import io
import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.utils import translation

from accounts.models import User
from catalog.models import Product
from orders.models import Order
from orders.statuses import Status
from testing.messages import FOLDER, Key, key_of, texts, updated, used

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def messages(catalog: Catalog) -> dict[Key, tuple[str, ...]]:
    """Return the translations by context and first msgid, the header left out."""
    return {key_of(each): texts(each.string) for each in catalog if each.id}


@pytest.fixture(scope="module")
def russian() -> Catalog:
    with (FOLDER / "django.po").open("rb") as file:
        return read_po(file, locale="ru")


def test_every_message_is_translated(russian: Catalog) -> None:
    for message in russian:
        assert all(texts(message.string)), message.id
        assert not message.fuzzy, message.id
        assert len(texts(message.string)) == (3 if message.pluralizable else 1), message.id
    assert not russian.obsolete
    assert russian.num_plurals == 3


def test_catalog_file_has_exactly_the_used_messages(russian: Catalog) -> None:
    assert set(dict(used())) == set(messages(russian))


def test_placeholders_agree(russian: Catalog) -> None:
    for message in russian:
        if message.id:
            expected = sorted(PLACEHOLDER.findall(texts(message.id)[0]))
            for text in texts(message.string):
                assert sorted(PLACEHOLDER.findall(text)) == expected, text
                assert text.replace("%%", "").count("%") == len(expected), text


def test_compiled_file_equals_the_source(russian: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, russian)
    compiled.seek(0)
    with (FOLDER / "django.mo").open("rb") as file:
        shipped = read_mo(file)
    assert messages(shipped) == messages(read_mo(compiled))
    assert shipped.plural_expr == russian.plural_expr


def test_update_adds_new_messages_and_drops_unused_ones(russian: Catalog) -> None:
    text = (FOLDER / "django.po").read_text()
    assert updated(text) == text
    header, first, *rest = text.split("\n\n")
    gone = 'msgid "No source says this."\nmsgstr "Этого нет."'
    (message,) = (each for each in read_po(io.StringIO(first)) if each.id)
    new = updated("\n\n".join([header, gone, *rest]))
    assert gone not in new
    again = read_po(io.StringIO(new), locale="ru")
    assert messages(again) == messages(russian) | {key_of(message): ("",)}


def test_names_and_labels_are_in_russian() -> None:
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
def test_plural_forms(number: int, text: str) -> None:
    with translation.override("ru"):
        form = translation.ngettext("… and %(counter)s more item", "… and %(counter)s more items", number)
    assert form % {"counter": number} == text
