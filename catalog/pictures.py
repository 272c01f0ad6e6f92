"""Pictures of the demo shop, drawn with Pillow alone: things on a stand, or what is in them on a plate.

Everything is a closed line of points on a field of 800 x 800, painted twice as large and scaled down.
The same product gives the same bytes every time.
"""

import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIZE = 800
SCALE = 2
DIP = 0.13  # how flat a circle looks from where we stand

Colour = tuple[int, int, int]
Point = tuple[float, float]
Shape = Sequence[Point]

WHITE: Colour = (255, 255, 255)
INK: Colour = (58, 38, 30)
PAPER: Colour = (251, 244, 231)
WOOD: Colour = (190, 140, 95)
GOLD: Colour = (212, 168, 92)


@dataclass(frozen=True)
class Look:
    """What a product looks like.

    `thing` is one of `THINGS`, `sign` one of `SIGNS`; `inside` is the colour of what can be seen in it,
    `content` one of `CONTENTS`: what lies on the plate of the second picture.
    """

    thing: str
    main: str
    accent: str
    sign: str
    inside: str = "#6b3f2a"
    content: str = ""


def colour(code: str) -> Colour:
    """Read a colour such as `#8c2f39`."""
    red, green, blue = bytes.fromhex(code.removeprefix("#"))
    return red, green, blue


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Blend two colours; `share` is how much of the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


# --- Lines ------------------------------------------------------------------------------------------------


def oval(x: float, y: float, rx: float, ry: float, start: float = 0, end: float = 360) -> Shape:
    """Make an ellipse, or the part of it between two angles."""
    angles = [math.radians(start + (end - start) * i / 60) for i in range(61)]
    return [(x + rx * math.cos(t), y + ry * math.sin(t)) for t in angles]


def box(x0: float, y0: float, x1: float, y1: float, r: float = 0) -> Shape:
    """Make a rectangle with round corners."""
    return [
        *oval(x1 - r, y1 - r, r, r, 0, 90),
        *oval(x0 + r, y1 - r, r, r, 90, 180),
        *oval(x0 + r, y0 + r, r, r, 180, 270),
        *oval(x1 - r, y0 + r, r, r, 270, 360),
    ]


def curve(points: Sequence[Point]) -> Shape:
    """Make a smooth line through points (Catmull-Rom)."""
    padded = [points[0], *points, points[-1]]
    line: list[Point] = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for t in (i / 12 for i in range(12)):
            a, b, c, d = -t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2
            x, y = ((a * k0 + b * k1 + c * k2 + d * k3) / 2 for k0, k1, k2, k3 in zip(p0, p1, p2, p3, strict=True))
            line.append((x, y))
    return [*line, points[-1]]


def turned(*profile: Point, x: float = 400) -> Shape:
    """Make what a potter's wheel makes, from (half the width, y) downwards; the ends bulge towards us."""
    side = curve(profile)
    (top, y0), (bottom, y1) = profile[0], profile[-1]
    return [
        *((x + w, y) for w, y in side),
        *oval(x, y1, bottom, bottom * DIP, 0, 180),
        *((x - w, y) for w, y in reversed(side)),
        *oval(x, y0, top, top * DIP, 180, 0),
    ]


def leaf(x: float, y: float, length: float, angle: float, width: float = 0.36) -> Shape:
    """Make a leaf (a petal, a flame) that grows from a point; 0 degrees is to the right."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    half = [(i / 10, math.sin(math.pi * (i / 10) ** 0.8) * width / 2) for i in range(11)]
    outline = half + [(u, -v) for u, v in reversed(half)]
    return [(x + (u * cos - v * sin) * length, y + (u * sin + v * cos) * length) for u, v in outline]


def star(x: float, y: float, radius: float, tips: int, inner: float) -> Shape:
    """Make a star with round or sharp tips."""
    radii = [radius if i % 2 == 0 else radius * inner for i in range(tips * 2)]
    angles = [math.pi * i / tips - math.pi / 2 for i in range(tips * 2)]
    return [(x + r * math.cos(t), y + r * math.sin(t)) for r, t in zip(radii, angles, strict=True)]


# --- The canvas -------------------------------------------------------------------------------------------


def _strip(value: Callable[[float], float]) -> Image.Image:
    strip = Image.new("L", (256, 1))
    strip.putdata([round(255 * min(max(value(i / 255), 0), 1)) for i in range(256)])
    return strip


# Light comes from the left: how dark and how bright a round thing is across its width.
DARK = _strip(lambda t: 0.42 * max(t - 0.42, 0) ** 1.3 / 0.49 + 0.16 * max(0.16 - t, 0) / 0.16)
BRIGHT = _strip(lambda t: 0.30 * math.exp(-(((t - 0.24) / 0.09) ** 2)) + 0.08 * math.exp(-(((t - 0.3) / 0.25) ** 2)))


class Scene:
    """A picture in the making."""

    def __init__(self, background: Colour) -> None:
        """Start with one colour."""
        self.image = Image.new("RGB", (SIZE * SCALE, SIZE * SCALE), background)
        self.pen = ImageDraw.Draw(self.image)
        self.zoom = 1.0
        self.shift: Point = (0, 0)

    def _points(self, shape: Iterable[Point]) -> list[Point]:
        (dx, dy), zoom = self.shift, self.zoom
        return [((x * zoom + dx) * SCALE, (y * zoom + dy) * SCALE) for x, y in shape]

    def _mask(self, shape: Shape, within: Shape | None) -> tuple[Image.Image, tuple[int, int]]:
        points = self._points(shape)
        left, top = (math.floor(min(p[i] for p in points)) for i in (0, 1))
        right, bottom = (math.ceil(max(p[i] for p in points)) for i in (0, 1))
        masks = []
        for line in (points, self._points(within) if within else points):
            mask = Image.new("L", (right - left + 1, bottom - top + 1))
            ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in line], 255)
            masks.append(mask)
        return ImageChops.multiply(*masks), (left, top)

    def put(self, shape: Shape, fill: Colour, *, within: Shape | None = None, opacity: float = 1) -> None:
        """Paint a shape, only where it lies within another one."""
        if within is None and opacity == 1:
            self.pen.polygon(self._points(shape), fill)
            return
        mask, corner = self._mask(shape, within)
        self.image.paste(fill, corner, mask.point([round(i * opacity) for i in range(256)]))

    def line(self, points: Sequence[Point], width: float, fill: Colour) -> None:
        """Draw a line with round ends."""
        for x, y in (points[0], points[-1]):
            self.put(oval(x, y, width / 2, width / 2), fill)
        self.pen.line(self._points(points), fill, round(width * self.zoom * SCALE), joint="curve")

    def shade(self, shape: Shape, strength: float = 1) -> None:
        """Let light fall on a round thing."""
        mask, corner = self._mask(shape, None)
        for strip, light in ((DARK, INK), (BRIGHT, WHITE)):
            glow = strip.point([round(i * strength) for i in range(256)]).resize(mask.size)
            self.image.paste(light, corner, ImageChops.multiply(mask, glow))

    def soft(self, shapes: Iterable[Shape], fill: Colour, opacity: float, blur: float) -> None:
        """Paint shapes without edges: shadows and glows."""
        small = [[(x / SCALE, y / SCALE) for x, y in self._points(shape)] for shape in shapes]
        blur, points = blur * self.zoom, [point for shape in small for point in shape]
        left, top = (math.floor(min(p[i] for p in points) - 2.5 * blur) for i in (0, 1))
        right, bottom = (math.ceil(max(p[i] for p in points) + 2.5 * blur) for i in (0, 1))
        mask = Image.new("L", ((right - left) // 2, (bottom - top) // 2))
        for shape in small:
            ImageDraw.Draw(mask).polygon([((x - left) / 2, (y - top) / 2) for x, y in shape], 255)
        mask = mask.filter(ImageFilter.GaussianBlur(blur / 2)).point([round(i * opacity) for i in range(256)])
        mask = mask.resize((mask.width * 2 * SCALE, mask.height * 2 * SCALE), Image.Resampling.BILINEAR)
        self.image.paste(fill, (left * SCALE, top * SCALE), mask)


# --- Signs on labels --------------------------------------------------------------------------------------


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
    _bean(s, x - r * 0.4, y + r * 0.15, r * 0.68, 60, fill, PAPER)
    _bean(s, x + r * 0.4, y, r * 0.68, 110, fill, PAPER)


def _comb(s: Scene, x: float, y: float, r: float, fill: Colour) -> None:
    s.put(oval(x, y, r * 0.36, r * 0.36, 30, 390)[::10], mix(fill, PAPER, 0.45))
    for cx, cy in oval(x, y, r * 0.66, r * 0.66)[:60:10]:
        s.put(oval(cx, cy, r * 0.36, r * 0.36, 30, 390)[::10], fill)


def _snowflake(s: Scene, x: float, y: float, r: float, fill: Colour) -> None:
    s.put(star(x, y, r, 8, 0.5), mix(fill, PAPER, 0.45))
    s.put(star(x, y, r * 0.72, 4, 0.3), fill)


def _bean(scene: Scene, x: float, y: float, r: float, angle: float, fill: Colour, seam: Colour) -> None:
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


def _label(scene: Scene, look: Look, rng: Random, x: float, y: float, w: float, h: float) -> None:
    accent, form = colour(look.accent), rng.choice(("oval", "arch", "card"))
    for inset, fill in ((0.0, PAPER), (7, accent), (10, PAPER)):
        a, b = w - inset, h - inset
        r = {"oval": 0, "arch": a - 0.1, "card": 14 - inset / 2}[form]
        shape = box(x - a, y - b, x + a, y + b, r) if form != "oval" else oval(x, y, a, b)
        if form == "arch":
            shape = [(px, min(py, y + b)) for px, py in box(x - a, y - b, x + a, y + b + r, r)]
        scene.put(shape, fill)
    SIGNS[look.sign](scene, x, y - h * 0.18, w * 0.5, colour(look.main))
    for row, half in enumerate((0.42, 0.26)):  # what is written there, from afar
        scene.line(
            [(x - w * half, y + h * (0.5 + row * 0.16)), (x + w * half, y + h * (0.5 + row * 0.16))],
            6,
            accent,
        )


# --- Things, all standing at (400, 640) --------------------------------------------------------------------


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
    _label(s, look, rng, 400, 478, 82, 104)
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
    _label(s, look, rng, 400, 440, 88, 112)


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
    _label(s, look, rng, 396, 462, 80, 92)


def _jar(s: Scene, look: Look, rng: Random) -> None:
    main, accent = colour(look.main), colour(look.accent)
    glass = turned((92, 372), (104, 392), (130, 424), (134, 480), (134, 590), (130, 628), (112, 644))
    s.put(glass, mix(main, WHITE, 0.62))
    s.put(turned((120, 420), (126, 480), (126, 590), (122, 622), (106, 634)), main)
    s.put(oval(400, 421, 119, 15), mix(main, WHITE, 0.3))
    s.shade(glass)
    for x0, x1, opacity in ((286, 298, 0.5), (304, 309, 0.35), (514, 520, 0.3)):
        s.put(box(x0, 446, x1, 616, 4), WHITE, opacity=opacity)
    _label(s, look, rng, 400, 532, 78, 74)
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
    _label(s, look, rng, 400, 504, 78, 104)


def _sweets(s: Scene, look: Look, rng: Random) -> None:
    main, accent, sweet = colour(look.main), colour(look.accent), colour(look.inside)
    lid = box(226, 236, 574, 500, 8)
    s.put(lid, main)
    s.shade(lid, 0.4)
    s.put(box(240, 250, 560, 486, 5), accent, opacity=0.5)
    s.put(box(243, 253, 557, 483, 4), main)
    _label(s, look, rng, 400, 362, 92, 92)
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
    _label(s, look, rng, 400, 556, 66, 72)
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


THINGS: dict[str, Callable[[Scene, Look, Random], None]] = {
    "tin": _tin, "pouch": _pouch, "bag": _bag, "jar": _jar, "bar": _bar, "sweets": _sweets, "cup": _cup,
    "gaiwan": _gaiwan, "teapot": _teapot, "glass": _glass, "cezve": _cezve, "candle": _candle, "gift": _gift,
    "cake": _cake,
}  # fmt: skip


# --- What is in them, from above ----------------------------------------------------------------------------


def _curl(s: Scene, x: float, y: float, r: float, fill: Colour, rng: Random) -> None:
    angle = rng.uniform(0, 360)
    x, y = x - r * math.cos(math.radians(angle)), y - r * math.sin(math.radians(angle))
    s.put(leaf(x, y, r * 2.2, angle, 0.3), fill)
    s.put(leaf(x, y, r * 1.5, angle + rng.uniform(20, 60), 0.24), mix(fill, INK, 0.25))


def _seed(s: Scene, x: float, y: float, r: float, fill: Colour, rng: Random) -> None:
    angle = rng.uniform(0, 180)
    _bean(s, x + r * 0.1, y + r * 0.16, r, angle, mix(fill, INK, 0.6), INK)
    _bean(s, x, y, r, angle, fill, mix(fill, INK, 0.7))


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
    """What lies on a plate: how one piece is drawn, how large, how many, in which colours."""

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


# --- Whole pictures ---------------------------------------------------------------------------------------


def _slope(scene: Scene, top: int, bottom: int, one: Colour, other: Colour) -> None:
    column = Image.new("RGB", (1, bottom - top))
    for y in range(bottom - top):
        column.putpixel((0, y), mix(one, other, y / (bottom - top)))
    scene.image.paste(column.resize((SIZE * SCALE, (bottom - top) * SCALE), Image.Resampling.NEAREST), (0, top * SCALE))


def _backdrop(scene: Scene, wall: Colour, rng: Random, floor: int) -> None:
    _slope(scene, 0, floor, wall, mix(wall, WHITE, 0.34))
    form = rng.choice(("arch", "sun", "arches", "window"))
    if form == "sun":
        scene.put(oval(400, 340, 290, 290), mix(wall, WHITE, 0.46))
    elif form == "window":
        panes = [[(x, y + 60), (x + 165, y), (x + 165, y + 230), (x, y + 290)] for x in (60, 250) for y in (20, 280)]
        scene.soft(panes, WHITE, 0.3, 7)
    else:
        for dx, share in ((-120, 0.26), (0, 0.46)) if form == "arches" else ((0, 0.46),):
            scene.put(box(140 + dx, 70 - dx / 3, 660 + dx, 1300, 260), mix(wall, WHITE, share))
    _slope(scene, floor, SIZE, mix(wall, INK, 0.1), wall)


def _standing(scene: Scene, look: Look, wall: Colour, rng: Random) -> None:
    _backdrop(scene, wall, rng, 660)
    scene.zoom, scene.shift = 1.14, (-56, -44)
    stand = turned((232, 640), (232, 716))
    scene.soft([oval(450, 720, 262, 36)], INK, 0.34, 20)
    scene.put(stand, mix(wall, WHITE, 0.5))
    scene.shade(stand, 0.55)
    scene.put(oval(400, 640, 232, 30), mix(wall, WHITE, 0.74))
    scene.soft([oval(424, 648, 165, 14), oval(400, 650, 130, 10)], INK, 0.5, 12)
    THINGS[look.thing](scene, look, rng)


def _pair(scene: Scene, look: Look, wall: Colour, rng: Random) -> None:
    _backdrop(scene, mix(wall, colour(look.main), 0.22), rng, 540)
    other = Look(look.thing, look.accent, look.main, look.sign, look.inside)
    for shown, zoom, x, y in ((other, 0.8, 250, 610), (look, 1.12, 490, 716)):
        scene.zoom, scene.shift = zoom, (x - 400 * zoom, y - 640 * zoom)
        scene.soft([oval(450, 648, 200, 16), oval(405, 650, 135, 11)], INK, 0.5, 14)
        THINGS[look.thing](scene, shown, rng)


def _plate(scene: Scene, look: Look, wall: Colour, rng: Random) -> None:
    content, main, accent = CONTENTS[look.content], colour(look.main), colour(look.accent)
    _slope(scene, 0, SIZE, mix(wall, WHITE, 0.4), mix(wall, INK, 0.06))
    lean = rng.uniform(-0.5, 0.5)
    cloth = [(400 + x - y * lean, 410 + y + x * lean) for x, y in box(-170, -460, 170, 460, 10)]
    scene.soft([[(x + 12, y + 14) for x, y in cloth]], INK, 0.22, 12)
    scene.put(cloth, mix(main, PAPER, 0.62))
    for at in (-146, -132, 132, 146):
        scene.line([(400 + at - y * lean, 410 + y + at * lean) for y in (-460, 460)], 5, mix(main, PAPER, 0.3))
    scene.soft([oval(424, 436, 296, 296)], INK, 0.42, 20)
    for r, fill in (
        (296, PAPER),
        (282, accent),
        (277, PAPER),
        (232, mix(PAPER, INK, 0.14)),
        (226, mix(PAPER, INK, 0.05)),
    ):
        scene.put(oval(400, 410, r, r), fill)
    heap = [colour(code) for code in content.colours]
    scene.soft([oval(400, 410, 168, 168)], mix(heap[0], INK, 0.4), 0.96, 8)
    for i in range(content.count):
        reach, angle = 188 * math.sqrt(1 - i / content.count), i * 2.39996 + rng.uniform(-0.12, 0.12)
        x, y = 400 + reach * math.cos(angle), 410 + reach * math.sin(angle)
        content.piece(scene, x, y, content.radius, rng.choice(heap), rng)
    for x, y in ((92, 118), (60, 330), (704, 96), (748, 640), (690, 716), (118, 690)):  # a few fell beside it
        x, y = x + rng.uniform(-30, 30), y + rng.uniform(-30, 30)
        scene.soft([oval(x + 4, y + 6, content.radius * 0.8, content.radius * 0.8)], INK, 0.3, 5)
        content.piece(scene, x, y, content.radius, rng.choice(heap), rng)


def draw(*, sku: str, look: Look, wall: str, view: int = 1) -> bytes:
    """Draw a picture of a product in front of a wall, as JPEG.

    :param view: 1 for the cover; any other for what is in it, or for the thing and its like.
    """
    rng = Random(f"{sku}/{view}")  # noqa: S311 - nobody guesses a picture
    scene = Scene(colour(wall))
    paint = _standing if view == 1 else _plate if look.content else _pair
    paint(scene, look, colour(wall), rng)
    file = io.BytesIO()
    scene.image.reduce(SCALE).save(file, "JPEG", quality=82)
    return file.getvalue()
