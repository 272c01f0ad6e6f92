"""Colours, and mixing them."""

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
INK: Colour = (58, 38, 30)
PAPER: Colour = (251, 244, 231)
WOOD: Colour = (190, 140, 95)
GOLD: Colour = (212, 168, 92)


def colour(code: str) -> Colour:
    """Read a colour such as `#8c2f39`."""
    red, green, blue = bytes.fromhex(code.removeprefix("#"))
    return red, green, blue


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Blend two colours; `share` is how much of the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
