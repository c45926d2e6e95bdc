"""What a home is made of: a panel holds plots, a ranking or facts about one subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from kernel.plots import Plot, escaped

_BAR = (
    '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="plot-money" width="%d" height="4"/></svg>'
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of a ranking: what, how much of it, and a bar against the largest."""

    name: str
    url: str = ""
    note: str = ""
    figure: str = ""
    share: int = 0

    def drawn(self) -> str:
        name = escaped(self.name)
        named = f'<a href="{escaped(self.url)}">{name}</a>' if self.url else f"<b>{name}</b>"
        note = f" <small>{escaped(self.note)}</small>" if self.note else ""
        bar = _BAR % self.share if self.share else ""
        return f'<li><span>{named}{note}{bar}</span><span class="num">{escaped(self.figure)}</span></li>'


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One subject of a home; `kind` says which of its fields it shows: plots, ranking or facts."""

    key: str
    title: Any
    kind: str
    plots: Sequence[Plot] = ()
    rows: Sequence[Row] = ()
    #: label, value
    facts: Sequence[tuple[Any, Any]] = ()
    note: str = ""
    #: said where there is nothing yet
    empty: Any = ""
    more: tuple[Any, str] | tuple[()] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.facts or any(not plot.is_empty for plot in self.plots))

    def drawn(self, number: int) -> str:
        """As HTML, written here and not in a template: a home shows half a dozen panels of many small parts.

        `number` tells it from the others of the page.
        """
        heading = f"home-{self.key}-{number}"
        more = (
            f'<a class="small" href="{escaped(self.more[1])}">{escaped(self.more[0])}</a>'
            if self.more
            else ""
        )
        return (
            f'<section class="panel panel-{self.kind}" aria-labelledby="{heading}"><div class="panel-head">'
            f'<h2 id="{heading}">{escaped(self.title)}</h2>{more}</div>\n{self._body()}</section>'
        )

    def _body(self) -> str:
        if self.is_empty:
            return f'<p class="panel-body soft">{escaped(self.empty)}</p>'
        match self.kind:
            case "plots":
                plots = "".join(plot.drawn() for plot in self.plots)
                return f'<div class="panel-body">{self._note()}<div class="plots">{plots}</div></div>'
            case "facts":
                facts = "".join(
                    f"<dt>{escaped(label)}</dt><dd>{escaped(value)}</dd>" for label, value in self.facts
                )
                return (
                    f'<div class="panel-body"><dl class="facts facts-money">{facts}</dl>{self._note()}</div>'
                )
        return f'<ol class="ranking">{"".join(row.drawn() for row in self.rows)}</ol>'

    def _note(self) -> str:
        return f'<p class="small soft">{escaped(self.note)}</p>' if self.note else ""


def drawn(panels: Sequence[Panel]) -> SafeString:
    return SafeString("".join(panel.drawn(number) for number, panel in enumerate(panels, 1)))
