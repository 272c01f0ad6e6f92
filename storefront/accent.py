"""The merchant's accent colour as CSS, moved until it can be read on the colours of storefront.css.

`telegram/theme.js` does the same for the colours of a Telegram theme, which only the browser knows.
"""

from functools import cache

Colour = tuple[int, ...]  # red, green and blue, from 0 to 255

READABLE = 4.5  # WCAG 2.2, 1.4.3
DISTINCT = 1.5  # a button that is told from the page
STEPS = 25  # from the merchant's colour to black or white
# --bg and --surface of storefront.css.
LIGHT = ("#ffffff", "#f2f4f6")
DARK = ("#10161d", "#1c2530")


@cache
def stylesheet(accent: str) -> str:
    """Return the style sheet of an accent such as `#b3541e`, for light and dark pages."""
    light, dark = _variables(accent, LIGHT), _variables(accent, DARK)
    return (
        f":root{{{light}}}"
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}'
        f':root[data-theme="dark"]{{{dark}}}'
    )


def _variables(accent: str, grounds: tuple[str, ...]) -> str:
    page = parse(grounds[0])
    text = moved(parse(accent), [parse(ground) for ground in grounds], READABLE)
    button = moved(parse(accent), [page], DISTINCT)
    # One of the two has a contrast of 4.58 or more with any colour.
    button_text = max(((0, 0, 0), (255, 255, 255)), key=lambda colour: contrast(colour, button))
    values = {"accent": text, "button": button, "button-text": button_text}
    return ";".join(f"--{name}:{write(colour)}" for name, colour in values.items())


def moved(colour: Colour, grounds: list[Colour], ratio: float) -> Colour:
    """Darken or lighten a colour until it has this contrast with the page."""
    end = 0 if _luminance(grounds[0]) > 0.18 else 255
    for step in range(STEPS + 1):
        mixed = tuple(round(part + (end - part) * step / STEPS) for part in colour)
        if all(contrast(mixed, ground) >= ratio for ground in grounds):
            break
    return mixed


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def parse(colour: str) -> Colour:
    return tuple(bytes.fromhex(colour[1:]))


def write(colour: Colour) -> str:
    return f"#{bytes(colour).hex()}"


def _luminance(colour: Colour) -> float:
    """Return the relative luminance of WCAG 2.2."""
    shares = [part / 255 for part in colour]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
