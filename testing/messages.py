"""`make messages`: update the Russian translations from the sources, and compile them, without GNU gettext.

New sentences are added at the end with an empty translation, to be filled in; those that no source has any more go.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "locale" / "ru" / "LC_MESSAGES"
APPS = (
    *("accounts", "catalog", "customers", "delivery", "merchant", "notifications", "orders", "payments", "promotions"),
    *("shop", "storefront"),
)
# Django's lazy functions have the same arguments as the plain ones.
KEYWORDS = dict(DEFAULT_KEYWORDS) | {
    **{f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext")},
    "gettext_noop": None,
}

Key = tuple[str | None, str]


def texts(value: Any) -> tuple[str, ...]:
    """Return the forms of a msgid or a msgstr."""
    return (value,) if isinstance(value, str) else tuple(value)


def key_of(message: Message) -> Key:
    """Return the context and the first msgid."""
    return message.context, texts(message.id)[0]


def used() -> Iterator[tuple[Key, Any]]:
    """Find all messages marked for translation in the sources: key and msgid."""
    sources = [templatize(path.read_text()) for path in sorted((ROOT / "templates").rglob("*.html"))]
    for app in APPS:
        sources += [path.read_text() for path in sorted((ROOT / app).rglob("*.py")) if "tests" not in path.parts]
    for source in sources:
        for _line, found, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
            yield (context, texts(found)[0]), found


def updated(text: str) -> str:
    """Return the .po file with the messages of the sources; unchanged entries keep their format."""
    wanted = dict(used())
    header, *blocks = text.rstrip("\n").split("\n\n")
    kept = [header]
    for block in blocks:
        keys = [key_of(each) for each in read_po(io.StringIO(block), locale="ru") if each.id]
        if not keys or wanted.pop(keys[0], None):  # without a key it is a comment
            kept.append(block)
    for (context, _), msgid in wanted.items():
        catalog = Catalog(locale="ru")
        catalog.add(msgid, context=context)
        written = io.BytesIO()
        write_po(written, catalog, width=0, omit_header=True)
        kept.append(written.getvalue().decode().strip())
    return "\n\n".join(kept) + "\n"


def main() -> None:
    """Write django.po and django.mo, and list the untranslated messages."""
    source = FOLDER / "django.po"
    source.write_text(updated(source.read_text()))
    catalog = read_po(io.StringIO(source.read_text()), locale="ru")
    with (FOLDER / "django.mo").open("wb") as compiled:
        write_mo(compiled, catalog)
    for message in catalog:
        if message.id and not all(texts(message.string)):
            print(f"not translated: {texts(message.id)[0]}")


if __name__ == "__main__":
    main()
