"""Signs that are printed on labels and painted on crockery."""

import math
from collections.abc import Callable

from demo.pictures.colours import GOLD, INK, PAPER, Colour, mix
from demo.pictures.scene import Scene
from demo.pictures.shapes import leaf, oval, star


def _sprig(s: Scene, x: float, y: float, r: float, fill: Colour) -> None:
    s.line([(x, y + r), (x, y - r * 0.4)], r * 0.09, fill)
    for i, angle in enumerate((-35, -145, -25, -155, -90)):
        twig = leaf(x, y + r * (0.55 - i // 2 * 0.5), r * (0.95 - i // 2 * 0.08), angle)
        s.put(twig, mix(fill, PAPER, i % 2 * 0.45))


def _flower(s: Scene, x: float, y: float, r: float, fill: Colour) -> None:
    for turn, length, share in ((0, r, 0.45), (22.5, r * 0.66, 0)):
        for i in range(8):
            s.put(leaf(x, y, length, i * 45 + turn, 0.5), mix(fill, PAPER, share))
    s.put(oval(x, y, r * 0.2, r * 0.2), GOLD)


def _sun(s: Scene, x: float, y: float, r: float, fill: Colour) -> None:
    s.put(oval(x, y, r * 0.5, r * 0.5), fill)
    for i in range(12):
        t = math.radians(i * 30)
        ray = leaf(x + r * 0.6 * math.cos(t), y + r * 0.6 * math.sin(t), r * 0.42, i * 30)
        s.put(ray, mix(fill, PAPER, 0.45))


def _hills(s: Scene, x: float, y: float, r: float, fill: Colour) -> None:
    disc = oval(x, y, r, r)
    s.put(disc, mix(fill, PAPER, 0.45))
    s.put(oval(x + r * 0.35, y - r * 0.35, r * 0.22, r * 0.22), PAPER)
    s.put([(x - r * 1.2, y + r), (x - r * 0.3, y - r * 0.35), (x + r * 0.7, y + r)], fill, within=disc)
    s.put([(x - r * 0.3, y + r), (x + r * 0.5, y), (x + r * 1.3, y + r)], mix(fill, INK, 0.3), within=disc)


def _berries(s: Scene, x: float, y: float, r: float, fill: Colour) -> None:
    light = mix(fill, PAPER, 0.45)
    for angle in (-60, -120, -90):
        s.put(leaf(x, y - r * 0.1, r, angle, 0.4), light)
    for bx, by in ((x - r * 0.42, y + r * 0.15), (x + r * 0.42, y + r * 0.15), (x, y + r * 0.6)):
        s.put(oval(bx, by, r * 0.4, r * 0.4), fill)
        s.put(oval(bx - r * 0.13, by - r * 0.13, r * 0.09, r * 0.09), light)


def _two_beans(s: Scene, x: float, y: float, r: float, fill: Colour) -> None:
    bean(s, x - r * 0.4, y + r * 0.15, r * 0.68, 60, fill, PAPER)
    bean(s, x + r * 0.4, y, r * 0.68, 110, fill, PAPER)


def _comb(s: Scene, x: float, y: float, r: float, fill: Colour) -> None:
    s.put(oval(x, y, r * 0.36, r * 0.36, 30, 390)[::10], mix(fill, PAPER, 0.45))
    for cx, cy in oval(x, y, r * 0.66, r * 0.66)[:60:10]:
        s.put(oval(cx, cy, r * 0.36, r * 0.36, 30, 390)[::10], fill)


def _snowflake(s: Scene, x: float, y: float, r: float, fill: Colour) -> None:
    s.put(star(x, y, r, 8, 0.5), mix(fill, PAPER, 0.45))
    s.put(star(x, y, r * 0.72, 4, 0.3), fill)


def bean(scene: Scene, x: float, y: float, r: float, angle: float, fill: Colour, seam: Colour) -> None:
    """Draw a bean with its seam."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    scene.put([(x + u * cos - v * sin, y + u * sin + v * cos) for u, v in oval(0, 0, r, r * 0.68)], fill)
    for side in (0, 180):
        scene.put(leaf(x, y, r, angle + side + 6, 0.22), seam)


SIGNS: dict[str, Callable[[Scene, float, float, float, Colour], None]] = {
    "sprig": _sprig,
    "flower": _flower,
    "sun": _sun,
    "hills": _hills,
    "berries": _berries,
    "beans": _two_beans,
    "comb": _comb,
    "star": _snowflake,
}
