"""Contents of products (leaves, beans, honey …), seen from above."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from demo.pictures.colours import GOLD, INK, PAPER, WHITE, Colour, mix
from demo.pictures.scene import Scene
from demo.pictures.shapes import leaf, oval, star
from demo.pictures.signs import bean


def _curl(s: Scene, x: float, y: float, r: float, fill: Colour, rng: Random) -> None:
    angle = rng.uniform(0, 360)
    x, y = x - r * math.cos(math.radians(angle)), y - r * math.sin(math.radians(angle))
    s.put(leaf(x, y, r * 2.2, angle, 0.3), fill)
    s.put(leaf(x, y, r * 1.5, angle + rng.uniform(20, 60), 0.24), mix(fill, INK, 0.25))


def _seed(s: Scene, x: float, y: float, r: float, fill: Colour, rng: Random) -> None:
    angle = rng.uniform(0, 180)
    bean(s, x + r * 0.1, y + r * 0.16, r, angle, mix(fill, INK, 0.6), INK)
    bean(s, x, y, r, angle, fill, mix(fill, INK, 0.7))


def _ball(s: Scene, x: float, y: float, r: float, fill: Colour, rng: Random) -> None:
    s.put(star(x, y, r * 1.28, 16, 0.9), mix(PAPER, INK, 0.12))
    s.put(oval(x, y, r, r), fill)
    s.put(oval(x - r * 0.08, y - r * 0.08, r * 0.8, r * 0.8), mix(fill, WHITE, 0.1))
    s.put(oval(x - r * 0.35, y - r * 0.4, r * 0.26, r * 0.16), WHITE, opacity=0.55)
    for _ in range(6):
        dx, dy = rng.uniform(-0.5, 0.6) * r, rng.uniform(-0.1, 0.6) * r
        s.put(oval(x + dx, y + dy, r * 0.06, r * 0.06), mix(fill, PAPER, 0.6))


def _biscuit(s: Scene, x: float, y: float, r: float, fill: Colour, rng: Random) -> None:
    s.put(oval(x + r * 0.08, y + r * 0.14, r, r), mix(fill, INK, 0.5))
    s.put(star(x, y, r * 1.04, 20, 0.94), fill)
    s.put(oval(x, y, r * 0.84, r * 0.84), mix(fill, WHITE, 0.16))
    for i in range(7):
        t, reach = i * 0.9 + rng.random(), r * (0.62 if i else 0)
        s.put(oval(x + reach * math.cos(t), y + reach * math.sin(t), r * 0.11, r * 0.1), mix(fill, INK, 0.55))


def _bud(s: Scene, x: float, y: float, r: float, fill: Colour, rng: Random) -> None:
    if rng.random() < 0.45:
        for i in range(6):
            s.put(leaf(x, y, r * 1.1, i * 60 + rng.uniform(0, 30), 0.5), mix(fill, WHITE, 0.08 * (i % 2)))
        s.put(oval(x, y, r * 0.26, r * 0.26), GOLD)
    else:
        _curl(s, x, y, r * 0.9, fill, rng)


@dataclass(frozen=True)
class Content:
    """Contents of a plate: function that draws a piece, size, number and colours."""

    piece: Callable[[Scene, float, float, float, Colour, Random], None]
    radius: float
    count: int
    colours: tuple[str, ...]


CONTENTS = {
    "black": Content(_curl, 23, 210, ("#2e1f1a", "#3f2a20", "#523325", "#241713", "#7a4e2c")),
    "green": Content(_curl, 23, 210, ("#5c6f35", "#76884a", "#465a2d", "#8f9c5c", "#384a26")),
    "oolong": Content(_seed, 15, 200, ("#4f5b33", "#3e4a2c", "#65683a", "#2f3a25")),
    "herbs": Content(_bud, 24, 150, ("#7d8f56", "#98a86c", "#c77b8b", "#e0b35a", "#8a5a78", "#5f7345")),
    "berries": Content(_bud, 24, 150, ("#8f2740", "#b23a4e", "#6d7f4a", "#5b2334", "#c96a3f")),
    "beans": Content(_seed, 21, 120, ("#4b2b1c", "#5a3524", "#3d2217", "#683f29")),
    "truffles": Content(_ball, 33, 34, ("#4a2a1e", "#6b3f2a", "#e8d2b0", "#38201a")),
    "pastila": Content(_ball, 33, 34, ("#f0c9c0", "#f5e3cf", "#e39a96", "#ead9a4")),
    "biscuits": Content(_biscuit, 46, 20, ("#c58a4e", "#b87a41", "#d09c62")),
}
