"""Removal of invisible characters: bidirectional marks and control characters.

With one U+202E in a name, a chat or browser displays the rest of the line from right to left.
Source: Unicode TR 36 (security considerations) and TR 9 (bidirectional formatting characters).
"""

from unicodedata import category

# They join letters in Persian and Indian scripts, and the parts of an emoji such as 👩‍🍳.
JOINERS = "\u200c\u200d"


def one_line(text: str) -> str:
    """Return a text without invisible characters, on one line with single spaces."""
    return " ".join(_visible(" ".join(text.split())).split())


def lines(text: str) -> str:
    """Return a text without invisible characters, except its line breaks."""
    return "\n".join(_visible(line) for line in text.splitlines())


def _visible(text: str) -> str:
    if text.isprintable():  # nearly all are
        return text
    return "".join(character for character in text if character in JOINERS or category(character) not in {"Cc", "Cf"})
