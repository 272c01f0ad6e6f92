"""Other spellings of a text: the same keys on the other keyboard layout, and Latin letters read as Russian."""

import re

from catalog.search.tsquery import fold

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~{}:\"<>"
_CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмитьбюёхъжэбю"
TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
TO_LATIN = str.maketrans("е" + _CYRILLIC[1:33], "t" + _LATIN[1:33])

# As customers write Russian with Latin letters; the longest first.
SOUNDS = {
    "shch": "щ",
    "sch": "щ",
    "zh": "ж",
    "kh": "х",
    "ts": "ц",
    "ch": "ч",
    "sh": "ш",
    "ph": "ф",
    "yo": "е",
    "jo": "е",
    "yu": "ю",
    "ju": "ю",
    "ya": "я",
    "ja": "я",
    "ye": "е",
    "iy": "ий",
    "ij": "ий",
    "yy": "ый",
    "yj": "ый",
    "yi": "ый",
    "x": "кс",
    **dict(zip("abvgdezijklmnoprstufhcywq", "абвгдезийклмнопрстуфхцывк", strict=True)),
}
_SOUND = re.compile("|".join(SOUNDS))
# After a vowel, i and y are the short й: chai, chay.
_SHORT = re.compile("(?<=[аеоуыюя])[иы](?![а-я])|(?<=[аеоу])[иы](?=[бвгджзклмнпрстфхцчшщ])")


def other_layouts(text: str) -> list[str]:
    """Return the text of the same keys on the other keyboard layouts."""
    written = dict.fromkeys((fold(text.translate(TO_CYRILLIC)), text.translate(TO_LATIN)))
    return [layout for layout in written if layout != text]


def transliterations(text: str) -> list[str]:
    """Return the text with its Latin letters read as Russian, if it has any."""
    folded = fold(text)
    cyrillic = _SHORT.sub("й", _SOUND.sub(lambda sound: SOUNDS[sound[0]], folded))
    return [cyrillic] if cyrillic != folded else []
