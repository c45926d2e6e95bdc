"""SVG path data, flattened to polygons: as much of the language as the drawings and pictograms use."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

Point = tuple[float, float]

_TOKEN = re.compile(r"[MmLlHhVvCcSsQqTtAaZz]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
#: how many straight pieces stand for a curve
_PIECES = 14


@dataclass
class Outline:
    """One subpath."""

    points: list[Point]
    closed: bool = False


def flatten(data: str) -> list[Outline]:
    """The subpaths of SVG path data. Raises `ValueError` for what is not path data."""
    return _Walker(_TOKEN.findall(data)).walk()


@dataclass
class _Walker:
    tokens: list[str]
    at: int = 0
    here: Point = (0.0, 0.0)
    start: Point = (0.0, 0.0)
    #: second control point of the curve just drawn, which S and T mirror
    control: Point | None = None
    found: list[Outline] = field(default_factory=list)

    def walk(self) -> list[Outline]:
        command = ""
        while self.at < len(self.tokens):
            if self.tokens[self.at].isalpha():
                command = self.tokens[self.at]
                self.at += 1
            self._do(command)
            command = {"M": "L", "m": "l"}.get(command, command)
        return [outline for outline in self.found if len(outline.points) > 1]

    def _do(self, command: str) -> None:
        relative = command.islower()
        match command.upper():
            case "M":
                self.start = self.here = self._point(relative)
                self.found.append(Outline([self.here]))
            case "Z":
                self.found[-1].closed = True
                self.here = self.start
            case "L":
                self._line(self._point(relative))
            case "H":
                self._line((self._number() + (self.here[0] if relative else 0), self.here[1]))
            case "V":
                self._line((self.here[0], self._number() + (self.here[1] if relative else 0)))
            case "C":
                self._cubic(self._point(relative), self._point(relative), self._point(relative))
                return
            case "S":
                self._cubic(self._mirrored(), self._point(relative), self._point(relative))
                return
            case "Q":
                self._quadratic(self._point(relative), self._point(relative))
                return
            case "T":
                self._quadratic(self._mirrored(), self._point(relative))
                return
            case "A":
                self._arc(relative)
            case _:
                raise ValueError(f"“{command}” is no path command")
        self.control = None

    def _number(self) -> float:
        self.at += 1
        return float(self.tokens[self.at - 1])

    def _point(self, relative: bool) -> Point:
        x, y = self._number(), self._number()
        return (x + self.here[0], y + self.here[1]) if relative else (x, y)

    def _mirrored(self) -> Point:
        x, y = self.control or self.here
        return 2 * self.here[0] - x, 2 * self.here[1] - y

    def _line(self, to: Point) -> None:
        if not self.found or self.found[-1].closed:  # after Z, drawing goes on from the beginning
            self.found.append(Outline([self.here]))
        self.found[-1].points.append(to)
        self.here = to

    def _cubic(self, one: Point, two: Point, to: Point) -> None:
        begin = self.here
        for step in range(1, _PIECES + 1):
            t = step / _PIECES
            u = 1 - t
            weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
            self._line(_weighted(weights, (begin, one, two, to)))
        self.control = two

    def _quadratic(self, one: Point, to: Point) -> None:
        begin = self.here
        for step in range(1, _PIECES + 1):
            t = step / _PIECES
            u = 1 - t
            self._line(_weighted((u * u, 2 * u * t, t * t), (begin, one, to)))
        self.control = one

    def _arc(self, relative: bool) -> None:
        rx, ry, tilt = self._number(), self._number(), math.radians(self._number())
        large, sweep = self._number() != 0, self._number() != 0
        begin, to = self.here, self._point(relative)
        if not rx or not ry or begin == to:
            self._line(to)
            return
        for point in _arc_points(begin, to, abs(rx), abs(ry), tilt, large=large, sweep=sweep):
            self._line(point)


def _weighted(weights: tuple[float, ...], points: tuple[Point, ...]) -> Point:
    return (
        sum(weight * point[0] for weight, point in zip(weights, points, strict=True)),
        sum(weight * point[1] for weight, point in zip(weights, points, strict=True)),
    )


def _arc_points(
    begin: Point, to: Point, rx: float, ry: float, tilt: float, *, large: bool, sweep: bool
) -> list[Point]:
    """From end points to a centre, as SVG 1.1, appendix F.6.5 has it."""
    cos, sin = math.cos(tilt), math.sin(tilt)
    dx, dy = (begin[0] - to[0]) / 2, (begin[1] - to[1]) / 2
    x1, y1 = cos * dx + sin * dy, -sin * dx + cos * dy
    if (stretch := (x1 / rx) ** 2 + (y1 / ry) ** 2) > 1:
        rx, ry = rx * math.sqrt(stretch), ry * math.sqrt(stretch)
    below = (rx * y1) ** 2 + (ry * x1) ** 2
    root = math.sqrt(max(0.0, ((rx * ry) ** 2 - below) / below))
    if large == sweep:
        root = -root
    cx1, cy1 = root * rx * y1 / ry, -root * ry * x1 / rx
    centre = (cos * cx1 - sin * cy1 + (begin[0] + to[0]) / 2, sin * cx1 + cos * cy1 + (begin[1] + to[1]) / 2)
    first = math.atan2((y1 - cy1) / ry, (x1 - cx1) / rx)
    turn = math.atan2((-y1 - cy1) / ry, (-x1 - cx1) / rx) - first
    if sweep and turn < 0:
        turn += 2 * math.pi
    if not sweep and turn > 0:
        turn -= 2 * math.pi
    pieces = max(2, math.ceil(abs(turn) / (math.pi / 18)))
    angles = [first + turn * step / pieces for step in range(1, pieces)]
    between = [(rx * math.cos(angle), ry * math.sin(angle)) for angle in angles]
    return [(cos * x - sin * y + centre[0], sin * x + cos * y + centre[1]) for x, y in between] + [to]
