"""Tableware for tea and coffee: pots, cups, glasses."""

from collections.abc import Callable
from random import Random

from demo.pictures.colours import GOLD, INK, PAPER, WHITE, Colour, colour, mix
from demo.pictures.look import Look
from demo.pictures.scene import Scene
from demo.pictures.shapes import DIP, Shape, box, curve, oval, star, turned
from demo.pictures.signs import SIGNS


def _cup(s: Scene, look: Look, rng: Random) -> None:
    main, accent, tea = colour(look.main), colour(look.accent), colour(look.inside)
    _saucer(s, main, accent)
    for width, fill in ((22, mix(main, INK, 0.14)), (15, main)):
        s.line(curve([(506, 500), (566, 482), (588, 520), (560, 566), (488, 578)]), width, fill)
    _bowl(s, look, rng, turned((134, 462), (132, 500), (116, 560), (84, 606), (58, 628)), 134, tea)
    for x, opacity in ((370, 0.28), (425, 0.38)):
        steam = [(x, 430), (x + 22, 390), (x - 14, 340), (x + 14, 280)]
        back = [(px + 15 - i * 4, py) for i, (px, py) in enumerate(steam)]
        s.put([*curve(steam), *reversed(curve(back))], WHITE, opacity=opacity)


def _saucer(s: Scene, main: Colour, accent: Colour) -> None:
    s.put(oval(400, 644, 186, 30), mix(main, INK, 0.22))
    s.put(oval(400, 636, 190, 30), main)
    s.put(oval(400, 636, 176, 26), accent)
    s.put(oval(400, 636, 171, 24.5), mix(main, WHITE, 0.2))
    s.put(oval(404, 636, 92, 14), INK, opacity=0.22)


def _bowl(s: Scene, look: Look, rng: Random, body: Shape, half: float, drink: Colour) -> None:
    main, accent = colour(look.main), colour(look.accent)
    s.put(body, main)
    for x in (338, 400, 462):
        SIGNS[look.sign](s, x, 540 + rng.choice((-6, 0, 6)), 22, accent)
    s.shade(body)
    y = body[0][1]
    s.put(oval(400, y, half, half * DIP), mix(main, WHITE, 0.35))
    s.put(oval(400, y + 3, half - 7, half * DIP - 3.5), mix(main, INK, 0.25))
    s.put(oval(400, y + 5, half - 11, half * DIP - 5.5), drink)
    s.put(oval(370, y + 5, half * 0.4, half * DIP * 0.2), WHITE, opacity=0.25)


def _gaiwan(s: Scene, look: Look, rng: Random) -> None:
    main, accent = colour(look.main), colour(look.accent)
    _saucer(s, main, accent)
    _bowl(s, look, rng, turned((136, 462), (118, 486), (108, 540), (82, 596), (54, 628)), 136, colour(look.inside))
    lid = turned((30, 404), (70, 418), (100, 440), (112, 462))
    s.put(lid, main)
    s.put(turned((92, 430), (97, 436)), accent)
    s.shade(lid)
    s.put(turned((26, 380), (20, 392), (24, 406)), mix(main, INK, 0.08))
    s.put(oval(400, 380, 26, 6), mix(main, WHITE, 0.4))


def _teapot(s: Scene, look: Look, rng: Random) -> None:
    main, accent = colour(look.main), colour(look.accent)
    for width, fill in ((30, mix(main, INK, 0.25)), (22, mix(main, INK, 0.08))):
        s.line(curve([(290, 444), (206, 420), (176, 500), (214, 578), (288, 592)]), width, fill)
    upper = curve([(510, 470), (560, 470), (590, 420), (622, 388)])
    lower = curve([(644, 398), (622, 470), (590, 548), (500, 596)])
    s.put([*upper, *lower], mix(main, INK, 0.1))
    s.put(oval(633, 393, 12, 6), mix(main, INK, 0.5))
    body = turned((72, 414), (128, 446), (158, 510), (150, 576), (110, 630), (84, 646))
    s.put(body, main)
    for y in (452, 606):
        s.put(turned((180, y), (180, y + 5)), accent, within=body)
    SIGNS[look.sign](s, 400, 530, 58, accent)
    s.shade(body)
    lid = turned((34, 376), (64, 392), (76, 412))
    s.put(lid, mix(main, WHITE, 0.06))
    s.shade(lid)
    s.put(oval(400, 362, 20, 18), accent if rng.random() < 0.6 else main)
    s.put(oval(394, 356, 6, 5), WHITE, opacity=0.5)


def _glass(s: Scene, look: Look, rng: Random) -> None:
    main, accent, tea = colour(look.main), colour(look.accent), colour(look.inside)
    s.line([(452, 420), (492, 226)], 9, mix(GOLD, WHITE, 0.35))
    s.put(oval(494, 222, 13, 20), mix(GOLD, WHITE, 0.35))
    glass = turned((98, 330), (96, 640))
    s.put(glass, WHITE, opacity=0.45)
    s.put(turned((91, 378), (90, 630)), tea)
    s.put(oval(400, 378, 91, 11), mix(tea, WHITE, 0.3))
    s.shade(glass, 0.7)
    for width, fill in ((24, mix(main, INK, 0.35)), (15, main)):
        s.line(curve([(498, 494), (560, 480), (590, 530), (562, 586), (498, 600)]), width, fill)
    holder = turned((104, 474), (104, 620), (116, 646))
    s.put(holder, main)
    for i in range(-4, 5):
        for y in (500, 610):
            s.put(star(400 + i * 26, y + 8, 9, 4, 0.45), mix(main, accent, 0.8), within=holder)
    for y in (478, 594, 628):
        s.put(turned((118, y), (118, y + 5)), accent, within=holder)
    SIGNS[look.sign](s, 400, 558, 38, mix(accent, PAPER, 0.3 * rng.random()))
    s.shade(holder, 1.3)
    s.put(box(322, 346, 332, 470, 4), WHITE, opacity=0.5)


def _cezve(s: Scene, look: Look, rng: Random) -> None:
    main, accent = colour(look.main), colour(look.accent)
    s.line([(470, 440), (520, 420)], 20, mix(main, INK, 0.3))
    s.line([(520, 420), (648, 366)], 26, accent)
    s.line([(524, 412), (642, 362)], 6, mix(accent, WHITE, 0.25))
    body = turned((96, 430), (84, 452), (78, 484), (100, 560), (124, 612), (122, 642))
    s.put(body, main)
    for i in range(40):
        dent = oval(290 + (i * 61) % 220, 500 + (i * 37) % 140, 9, 7)
        s.put(dent, mix(main, WHITE, 0.12 + 0.1 * rng.random()), within=body)
    s.put(turned((130, 474), (130, 484)), mix(main, INK, 0.35), within=body)
    s.shade(body, 1.3)
    s.put(oval(400, 430, 98, 15), mix(main, WHITE, 0.35))
    s.put(oval(400, 432, 90, 11.5), colour("#7a4526"))
    s.put(oval(392, 431, 62, 7), colour("#c08a58"))


TABLEWARE: dict[str, Callable[[Scene, Look, Random], None]] = {
    "cup": _cup,
    "gaiwan": _gaiwan,
    "teapot": _teapot,
    "glass": _glass,
    "cezve": _cezve,
}
