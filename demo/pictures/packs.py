"""Packages of food: tins, bags, jars and boxes."""

import math
from collections.abc import Callable
from random import Random

from demo.pictures.colours import GOLD, INK, PAPER, WHITE, colour, mix
from demo.pictures.labels import label
from demo.pictures.look import Look
from demo.pictures.scene import Scene
from demo.pictures.shapes import box, curve, leaf, oval, turned


def _tin(s: Scene, look: Look, rng: Random) -> None:
    main, accent = colour(look.main), colour(look.accent)
    body, lid = turned((126, 320), (126, 640)), turned((130, 262), (130, 326))
    s.put(body, main)
    for y in range(350, 660, 26):
        for i in range(11):
            tip = leaf(260 + i * 28 + y % 4 * 7, y + 13, 19, -60 if rng.random() < 0.5 else -120, 0.5)
            s.put(tip, mix(main, accent, 0.28), within=body)
    s.put(turned((126, 610), (126, 622)), accent)
    s.shade(body)
    label(s, look, rng, 400, 478, 82, 104)
    s.put(turned((126, 326), (126, 340)), mix(main, INK, 0.55), opacity=0.5)
    s.put(lid, accent)
    s.shade(lid)
    s.put(oval(400, 262, 130, 17), mix(accent, WHITE, 0.28))
    s.put(oval(400, 262, 112, 14), mix(accent, WHITE, 0.12))


def _pouch(s: Scene, look: Look, rng: Random) -> None:
    main, accent = colour(look.main), colour(look.accent)
    right = curve([(128, 232), (126, 270), (119, 330), (128, 470), (136, 590), (130, 640), (118, 654)])
    body = [*((400 + w, y) for w, y in right), *((400 - w, y) for w, y in reversed(right))]
    s.put(body, main)
    s.put(box(250, 610, 550, 660), mix(main, INK, 0.14), within=body)
    s.put(oval(400, 606, 150, 22), main, within=body)
    s.put(box(250, 220, 550, 268), mix(main, accent, 0.75), within=body)
    s.shade(body, 0.7)
    for y in (246, 256):
        s.put(box(273, y, 527, y + 2), mix(main, INK, 0.4), opacity=0.4)
    s.put(box(384, 236, 416, 242, 3), mix(main, INK, 0.6), opacity=0.5)
    s.put(curve([(296, 300), (312, 420), (300, 560), (288, 430), (296, 300)]), WHITE, opacity=0.16)
    label(s, look, rng, 400, 440, 88, 112)


def _bag(s: Scene, look: Look, rng: Random) -> None:
    main, accent = colour(look.main), colour(look.accent)
    side = [(512, 300), (546, 320), (556, 636), (512, 652)]
    front = [(284, 300), (512, 300), (512, 652), (276, 652)]
    s.put(side, mix(main, INK, 0.34))
    s.put([(512, 300), (529, 400), (531, 560), (512, 652)], mix(main, INK, 0.2))
    s.put(front, main)
    s.put(box(260, 560, 530, 600), accent, within=front)
    s.shade(front, 0.45)
    s.put([(288, 232), (508, 232), (512, 302), (284, 302)], mix(main, WHITE, 0.1))
    s.put([(284, 302), (512, 302), (511, 312), (285, 316)], INK, opacity=0.22)
    s.put([(508, 232), (522, 240), (546, 320), (512, 302)], mix(main, INK, 0.28))
    s.put(box(276, 258, 524, 278, 5), accent)
    for r, shadow in ((13, 0.35), (10, 0.1), (3, 0.5)):
        s.put(oval(400, 340, r, r), mix(main, INK, shadow))
    label(s, look, rng, 396, 462, 80, 92)


def _jar(s: Scene, look: Look, rng: Random) -> None:
    main, accent = colour(look.main), colour(look.accent)
    glass = turned((92, 372), (104, 392), (130, 424), (134, 480), (134, 590), (130, 628), (112, 644))
    s.put(glass, mix(main, WHITE, 0.62))
    s.put(turned((120, 420), (126, 480), (126, 590), (122, 622), (106, 634)), main)
    s.put(oval(400, 421, 119, 15), mix(main, WHITE, 0.3))
    s.shade(glass)
    for x0, x1, opacity in ((286, 298, 0.5), (304, 309, 0.35), (514, 520, 0.3)):
        s.put(box(x0, 446, x1, 616, 4), WHITE, opacity=opacity)
    label(s, look, rng, 400, 532, 78, 74)
    cloth = turned((88, 318), (98, 350), (104, 372), (122, 408))
    s.put(cloth, accent)
    for i in range(9):
        fold = leaf(400 + (i - 4) * 21, 372, 46, 90 - (i - 4) * 7, 0.2)
        s.put(fold, mix(accent, INK, 0.25), within=cloth)
    s.shade(cloth)
    s.put(oval(400, 318, 88, 16), mix(accent, WHITE, 0.25))
    s.put(turned((101, 364), (101, 374)), GOLD)
    for angle in (20, 160):
        s.put(leaf(400, 376, 40, angle, 0.5), GOLD)


def _bar(s: Scene, look: Look, rng: Random) -> None:
    main, accent, chocolate = colour(look.main), colour(look.accent), colour(look.inside)
    s.put(box(300, 214, 500, 420, 6), chocolate)
    for row in range(3):
        for column in range(3):
            x, y = 306 + column * 64, 222 + row * 50
            s.put(box(x, y, x + 60, y + 46, 5), mix(chocolate, WHITE, 0.14))
            s.put(box(x + 6, y + 6, x + 56, y + 42, 4), mix(chocolate, INK, 0.12))
    edge = [(292 + i * 12, 318 + (i % 2) * 13 + math.sin(i) * 5) for i in range(19)]
    s.put([*edge, (508, 652), (292, 652)], mix(GOLD, WHITE, 0.5))
    sleeve = box(288, 352, 512, 654, 4)
    s.put(sleeve, main)
    for i in range(7):
        stripe = [(268 + i * 44, 352), (284 + i * 44, 352), (224 + i * 44, 654), (208 + i * 44, 654)]
        s.put(stripe, mix(main, accent, 0.22), within=sleeve)
    s.shade(box(288, 318, 512, 654, 4), 0.6)
    label(s, look, rng, 400, 504, 78, 104)


def _sweets(s: Scene, look: Look, rng: Random) -> None:
    main, accent, sweet = colour(look.main), colour(look.accent), colour(look.inside)
    lid = box(226, 236, 574, 500, 8)
    s.put(lid, main)
    s.shade(lid, 0.4)
    s.put(box(240, 250, 560, 486, 5), accent, opacity=0.5)
    s.put(box(243, 253, 557, 483, 4), main)
    label(s, look, rng, 400, 362, 92, 92)
    s.put([(240, 470), (560, 470), (596, 570), (204, 570)], mix(accent, INK, 0.45))
    for row in range(2):
        for column in range(6):
            x, y, r = 400 + (column - 2.5) * (54 + row * 5), 502 + row * 40, 22 + row * 2
            shell = (sweet, mix(sweet, PAPER, 0.75), mix(sweet, INK, 0.35))[rng.randrange(3)]
            s.put(oval(x, y + 10, r + 4, r * 0.66), PAPER)
            s.put(oval(x, y, r, r * 0.82), shell)
            s.put(oval(x - r * 0.3, y - r * 0.35, r * 0.3, r * 0.16), WHITE, opacity=0.5)
    front = [(204, 566), (596, 566), (588, 654), (212, 654)]
    s.put(front, main)
    s.put([(204, 566), (596, 566), (595, 578), (205, 578)], mix(main, accent, 0.6))
    s.shade(front, 0.5)


PACKS: dict[str, Callable[[Scene, Look, Random], None]] = {
    "tin": _tin,
    "pouch": _pouch,
    "bag": _bag,
    "jar": _jar,
    "bar": _bar,
    "sweets": _sweets,
}
