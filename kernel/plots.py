"""Plots drawn by the server: bars as SVG rectangles, which the content policy allows and which need no script.

A plot is stretched to the width it is given, so its words stand beside it in HTML, and the same figures in a table that
everybody can open. Colours are classes (`plot-waiting` …) and follow the theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

#: of 100 units of width, what stands between two bars
_GAP = 0.28
#: of 100 units of height, the tallest bar
_TALLEST = 96
_NUMBERS = ' class="num"'

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

    def drawn(self) -> SafeString:
        """The figure as HTML: title, bars, labels, legend and the table. A home draws hundreds of bars and cells, so it is
        written here and not in a template."""
        return SafeString(
            f'<figure class="plot"><figcaption class="plot-head"><h3>{escaped(self.title)}</h3>'
            + (f'<b class="plot-figure">{escaped(self.headline)}</b>' if self.headline else "")
            + '</figcaption>\n<svg class="plot-field" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" '
            + f'aria-label="{escaped(self.summary)}">'
            + '<path class="plot-ground" d="M0 100H100" vector-effect="non-scaling-stroke"/>'
            + f"{''.join(self._rectangles())}</svg>\n{self._labels()}{self._key()}{self._table()}</figure>"
        )

    def _rectangles(self) -> Iterator[str]:
        """The parts of each bar, from the ground up, in a field of 100 × 100."""
        totals = [float(bar.total) for bar in self.bars]
        scale = _TALLEST / (max(totals, default=0) or 1)
        step = 100 / max(len(self.bars), 1)
        for number, bar in enumerate(self.bars):
            left, ground = f"{step * (number + _GAP / 2):.2f}", 100.0
            for part in bar.parts:
                if height := float(part.value) * scale:
                    ground -= height
                    yield (
                        f'<rect class="plot-{part.tone}" x="{left}" y="{ground:.2f}" '
                        f'width="{step * (1 - _GAP):.2f}" height="{height:.2f}"/>'
                    )

    def _labels(self) -> str:
        if not self.labelled:
            return ""
        return f'<ol class="plot-labels" aria-hidden="true">{_each("li", (bar.label for bar in self.bars))}</ol>\n'

    def _key(self) -> str:
        if not self.legend:
            return ""
        entries = "".join(
            f'<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="plot-{tone}" width="10" height="10" rx="2"/>'
            f"</svg>{escaped(word)}</li>"
            for tone, word in self.legend
        )
        return f'<ul class="plot-legend">{entries}</ul>\n'

    def _table(self) -> str:
        """The same figures for those who would rather read, or do not see the bars."""
        first, *others = self.columns
        heads = _each("th", others, f' scope="col"{_NUMBERS}')
        rows = "".join(
            f'<tr><th scope="row">{escaped(bar.label)}</th>{_each("td", bar.cells, _NUMBERS)}</tr>'
            for bar in self.bars
        )
        return (
            f'<details class="plot-table"><summary>{escaped(gettext("Show as a table"))}</summary>'
            '<div class="table-wrap"><table class="table"><thead><tr>'
            f'<th scope="col">{escaped(first)}</th>{heads}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div></details>"
        )


def escaped(said: Any) -> str:
    """Words, lazy ones too, as HTML says them."""
    return escape(str(said))


def _each(tag: str, said: Iterable[Any], attributes: str = "") -> str:
    return "".join(f"<{tag}{attributes}>{escaped(each)}</{tag}>" for each in said)


def share(part: Number, whole: Number) -> int:
    """Per cent, rounded to whole ones; 0 of nothing."""
    return round(100 * part / whole) if whole else 0
