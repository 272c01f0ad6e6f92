"""Complete pictures: a product on a stand, several pieces, its contents on a plate."""

import math
from random import Random

from PIL import Image

from demo.pictures.colours import INK, PAPER, WHITE, Colour, colour, mix
from demo.pictures.contents import CONTENTS
from demo.pictures.look import Look
from demo.pictures.packs import PACKS
from demo.pictures.presents import PRESENTS
from demo.pictures.scene import SCALE, SIZE, Scene
from demo.pictures.shapes import box, oval, turned
from demo.pictures.tableware import TABLEWARE

THINGS = PACKS | TABLEWARE | PRESENTS  # all drawn at (400, 640)


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
    for x, y in ((92, 118), (60, 330), (704, 96), (748, 640), (690, 716), (118, 690)):  # a few beside the plate
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
    return scene.jpeg()
