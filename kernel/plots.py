"""Plots drawn by the server: bars as SVG rectangles, which the content policy allows and which need no script.

A plot is stretched to the width it is given, so its words stand beside it in HTML, and the same figures in a table that
everybody can open. Colours are classes (`plot-waiting` …) and follow the theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

#: of 100 units of width, what stands between two bars
_GAP = 0.28

Number = int | Decimal


@dataclass(frozen=True)
class Part:
    """One colour of a bar: the class's tail, and how much of it."""

    tone: str
    value: Number


@dataclass(frozen=True)
class Bar:
    label: str
    parts: Sequence[Part]
    #: the cells of the bar's row in the table
    cells: Sequence[Any]

    @property
    def total(self) -> Number:
        return sum((part.value for part in self.parts), start=Decimal(0))


@dataclass(frozen=True)
class Box:
    """A rectangle in a field of 100 × 100."""

    tone: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, kw_only=True)
class Plot:
    title: Any
    #: what the plot says, for those who do not see it
    summary: str
    bars: Sequence[Bar]
    #: headings of the table's columns
    columns: Sequence[Any]
    #: tone and word of each colour; empty where there is one
    legend: Sequence[tuple[str, Any]] = ()
    #: stands large above the bars
    headline: str = ""
    #: whether the bars' labels stand below them; where they are long the legend says them
    labelled: bool = True

    @property
    def is_empty(self) -> bool:
        return not any(bar.total for bar in self.bars)

    @property
    def boxes(self) -> list[Box]:
        """The parts of each bar, from the ground up."""
        most = max((bar.total for bar in self.bars), default=0) or 1
        step = 100 / max(len(self.bars), 1)
        boxes = []
        for number, bar in enumerate(self.bars):
            ground = 100.0
            for part in bar.parts:
                height = float(part.value / most) * 96
                ground -= height
                if height:
                    boxes.append(
                        Box(
                            part.tone,
                            f"{step * (number + _GAP / 2):.2f}",
                            f"{ground:.2f}",
                            f"{step * (1 - _GAP):.2f}",
                            f"{height:.2f}",
                        )
                    )
        return boxes


def share(part: Number, whole: Number) -> int:
    """Per cent, rounded to whole ones; 0 of nothing."""
    return round(100 * part / whole) if whole else 0
