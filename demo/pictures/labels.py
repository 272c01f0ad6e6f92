"""Paper labels with a sign on them."""

from random import Random

from demo.pictures.colours import PAPER, colour
from demo.pictures.look import Look
from demo.pictures.scene import Scene
from demo.pictures.shapes import box, oval
from demo.pictures.signs import SIGNS


def label(scene: Scene, look: Look, rng: Random, x: float, y: float, w: float, h: float) -> None:
    """Stick a label with the sign of a product around a point; `w` and `h` are half its size."""
    accent, form = colour(look.accent), rng.choice(("oval", "arch", "card"))
    for inset, fill in ((0.0, PAPER), (7, accent), (10, PAPER)):
        a, b = w - inset, h - inset
        r = {"oval": 0, "arch": a - 0.1, "card": 14 - inset / 2}[form]
        shape = box(x - a, y - b, x + a, y + b, r) if form != "oval" else oval(x, y, a, b)
        if form == "arch":
            shape = [(px, min(py, y + b)) for px, py in box(x - a, y - b, x + a, y + b + r, r)]
        scene.put(shape, fill)
    SIGNS[look.sign](scene, x, y - h * 0.18, w * 0.5, colour(look.main))
    for row, half in enumerate((0.42, 0.26)):  # lines of text, as seen from a distance
        scene.line(
            [(x - w * half, y + h * (0.5 + row * 0.16)), (x + w * half, y + h * (0.5 + row * 0.16))],
            6,
            accent,
        )
