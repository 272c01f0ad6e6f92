"""The canvas: a field of 800 x 800, painted twice as large and scaled down."""

import io
import math
from collections.abc import Callable, Iterable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from demo.pictures.colours import INK, WHITE, Colour
from demo.pictures.shapes import Point, Shape, oval

SIZE = 800
SCALE = 2


def _strip(value: Callable[[float], float]) -> Image.Image:
    strip = Image.new("L", (256, 1))
    strip.putdata([round(255 * min(max(value(i / 255), 0), 1)) for i in range(256)])
    return strip


# Light comes from the left: shadow and highlight across the width of a round shape.
DARK = _strip(lambda t: 0.42 * max(t - 0.42, 0) ** 1.3 / 0.49 + 0.16 * max(0.16 - t, 0) / 0.16)
BRIGHT = _strip(lambda t: 0.30 * math.exp(-(((t - 0.24) / 0.09) ** 2)) + 0.08 * math.exp(-(((t - 0.3) / 0.25) ** 2)))


class Scene:
    """A picture that is being drawn."""

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

    def jpeg(self) -> bytes:
        """Scale it down and encode it."""
        file = io.BytesIO()
        self.image.reduce(SCALE).save(file, "JPEG", quality=82)
        return file.getvalue()

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
        """Shade a round shape, with light from the left."""
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
