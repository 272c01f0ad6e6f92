"""Removal of invisible characters from texts of users."""

import pytest

from shop.invisible import lines, one_line

BIDIRECTIONAL = [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C]
OTHERS = [0x00, 0x07, 0x1B, 0x7F, 0x9B, 0xAD, 0x200B, 0x2060, 0xFEFF, 0xFFF9, 0xE0041]


@pytest.mark.parametrize("mark", [*BIDIRECTIONAL, *OTHERS], ids=hex)
def test_invisible_characters_are_removed(mark: int) -> None:
    assert one_line(f"{chr(mark)}An{chr(mark)}na {chr(mark)} K.{chr(mark)}") == "Anna K."
    assert lines(f"a{chr(mark)}b\n{chr(mark)}c") == "ab\nc"


@pytest.mark.parametrize(
    "text",
    ["Anna", "Анна-Мария О’Нил", "אנה", "آنا", "می‌خواهم", "क्‍ष", "👩‍🍳 🇬🇧 ❤️", "Zoë", "東京"],
)
def test_visible_text_is_unchanged(text: str) -> None:
    assert one_line(text) == text
    assert lines(text) == text


@pytest.mark.parametrize(
    "gap", [" ", "\n", "\r\n", "\t", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029", "\xa0", "\u3000"]
)
def test_white_space_becomes_one_space_on_one_line(gap: str) -> None:
    assert one_line(f"{gap}Anna{gap}{gap}K.{gap}") == "Anna K."


@pytest.mark.parametrize("gap", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_lines_keep_their_breaks(gap: str) -> None:
    assert lines(f"a{gap}b") == "a\nb"
