"""Presents: candles, boxes with a bow, cakes of pressed tea."""

import math
from collections.abc import Callable
from random import Random

from demo.pictures.colours import INK, PAPER, WHITE, WOOD, colour, mix
from demo.pictures.labels import label
from demo.pictures.look import Look
from demo.pictures.scene import Scene
from demo.pictures.shapes import Point, box, curve, leaf, oval, star, turned
from demo.pictures.signs import SIGNS


def _candle(s: Scene, look: Look, rng: Random) -> None:
    main, accent = colour(look.main), colour(look.accent)
    glass = turned((116, 420), (116, 640))
    s.soft([oval(400, 380, 120, 130)], (255, 226, 160), 0.75, 60)
    s.put(glass, mix(main, WHITE, 0.55))
    s.put(turned((109, 470), (109, 630)), main)
    s.put(oval(400, 470, 109, 14), mix(main, WHITE, 0.45))
    s.line([(400, 470), (400, 440)], 5, INK)
    s.put(leaf(400, 458, 96, -90, 0.5), (245, 158, 62))
    s.put(leaf(400, 456, 62, -90, 0.5), (255, 226, 140))
    s.shade(glass)
    s.put(oval(400, 420, 116, 15), WHITE, opacity=0.25)
    s.put(box(300, 446, 309, 612, 4), WHITE, opacity=0.4)
    label(s, look, rng, 400, 556, 66, 72)
    s.put(turned((116, 628), (116, 634)), accent)


BOW: tuple[list[Point], ...] = (
    [(0, 338), (52, 392), (92, 452), (106, 428), (130, 424), (90, 372), (0, 330)],
    [(0, 338), (58, 276), (128, 262), (150, 300), (120, 346), (58, 356), (0, 338)],
    [(26, 334), (70, 300), (116, 286), (128, 304), (104, 330), (62, 340), (26, 334)],
)


def _gift(s: Scene, look: Look, rng: Random) -> None:
    main, accent = colour(look.main), colour(look.accent)
    body, lid = box(236, 400, 564, 652, 4), box(222, 344, 578, 416, 5)
    s.put(body, main)
    for i in range(6):
        for j in range(5):
            x, y, r = 258 + i * 57, 450 + j * 46 + i % 2 * 22, 9 + 3 * rng.random()
            s.put(star(x, y, r, 4, 0.4), mix(main, PAPER, 0.4), within=body)
    s.shade(body, 0.6)
    s.put(box(372, 400, 428, 652), accent)
    s.put(box(236, 412, 564, 428), INK, opacity=0.25, within=body)
    s.put(lid, mix(main, WHITE, 0.1))
    s.shade(lid, 0.6)
    s.put(box(370, 344, 430, 416), mix(accent, WHITE, 0.12))
    for side in (1, -1):
        tail, loop, hole = ([(400 + side * x, y) for x, y in curve(line)] for line in BOW)
        s.put(tail, mix(accent, INK, 0.14))
        s.put(loop, accent)
        s.put(hole, mix(accent, INK, 0.3))
    s.put(box(378, 318, 422, 358, 14), mix(accent, WHITE, 0.18))


def _cake(s: Scene, look: Look, rng: Random) -> None:
    main, accent = colour(look.main), colour(look.accent)
    s.put(turned((110, 626), (130, 648)), mix(WOOD, INK, 0.3))
    s.put(oval(414, 452, 184, 184), mix(main, INK, 0.35))
    disc = oval(400, 450, 186, 186)
    s.put(disc, main)
    for i in range(36):
        s.put(leaf(400, 450, 186, i * 10 + rng.random() * 4, 0.06), mix(main, INK, 0.16), within=disc)
    for r, fill in ((150, accent), (144, main), (96, accent), (91, PAPER)):
        s.put(oval(400, 450, r, r), fill)
    for i in range(24):
        t = math.radians(i * 15)
        s.put(oval(400 + 120 * math.cos(t), 450 + 120 * math.sin(t), 7 - i % 2 * 3, 7 - i % 2 * 3), accent)
    SIGNS[look.sign](s, 400, 450, 56, accent)
    s.shade(disc, 0.8)
    s.put(turned((150, 606), (120, 634)), WOOD)
    s.shade(turned((150, 606), (120, 634)))


PRESENTS: dict[str, Callable[[Scene, Look, Random], None]] = {"candle": _candle, "gift": _gift, "cake": _cake}
