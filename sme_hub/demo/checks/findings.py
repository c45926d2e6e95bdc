"""What a check found, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing to mend: `where` names a SKU, a company or a whole file, `column` the cell."""

    where: str
    column: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.column}: {self.what}" if self.column else f"{self.where}: {self.what}"
