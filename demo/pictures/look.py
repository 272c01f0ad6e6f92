"""The look of a product, as data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """The look of a product.

    `thing` is a key of `PACKS`, `TABLEWARE` or `PRESENTS`, `sign` one of `SIGNS`; `inside` is the colour of what can
    be seen in it, `content` a key of `CONTENTS`: what lies on the plate of the second picture.
    """

    thing: str
    main: str
    accent: str
    sign: str
    inside: str = "#6b3f2a"
    content: str = ""
