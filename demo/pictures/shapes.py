"""Closed outlines: ellipses, rectangles, curves, leaves, stars."""

import math
from collections.abc import Sequence

DIP = 0.13  # height of a horizontal circle in perspective, relative to its width

Point = tuple[float, float]
Shape = Sequence[Point]


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
    """Make a symmetric shape such as a jar, from points (half the width, y) downwards; the ends are curved."""
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
