"""The table at the end: what was measured, the limit, the verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Line:
    what: str
    measured: str
    limit: str
    #: None where there is no limit
    holds: bool | None
    note: str = ""


@dataclass
class Report:
    lines: list[Line]
    facts: dict[str, Any]

    @property
    def holds(self) -> bool:
        return all(line.holds is not False for line in self.lines)

    def add(
        self, what: str, measured: str, limit: str = "", holds: bool | None = None, note: str = ""
    ) -> None:
        self.lines.append(Line(what, measured, limit, holds, note))

    def table(self) -> str:
        rows = [("what", "measured", "limit", "", "")]
        rows += [
            (line.what, line.measured, line.limit, verdict(line.holds), line.note) for line in self.lines
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        return "\n".join(
            "  ".join(
                [*(cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)), row[4]]
            ).rstrip()
            for row in rows
        )

    def keep(self, path: Path) -> None:
        path.write_text(
            json.dumps(
                {"holds": self.holds, "facts": self.facts, "lines": [asdict(line) for line in self.lines]},
                indent=2,
            )
        )


def verdict(holds: bool | None) -> str:
    return {True: "ok", False: "TOO MUCH", None: ""}[holds]


def widest(names: Sequence[str], costs: Mapping[str, float]) -> str:
    return max(names, key=lambda name: costs[name])
