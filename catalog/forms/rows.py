"""Rows of numbers in a form: tier prices and packs. They work without scripts; a script adds rows in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

#: rows that a form may carry
MOST_ROWS = 12
#: empty rows offered below the filled ones
SPARE_ROWS = 2


@dataclass(frozen=True)
class Cell:
    """A column of the rows: `choices` make it a list to choose from."""

    name: str
    label: Any
    after: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()


Rows = list[dict[str, str]]


class RowsWidget(forms.Widget):
    """A table of inputs named `<field>-<number>-<cell>`."""

    def __init__(self, cells: tuple[Cell, ...]) -> None:
        super().__init__()
        self.cells = cells

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Rows:
        numbers = range(MOST_ROWS)
        rows = [
            {cell.name: str(data.get(f"{name}-{n}-{cell.name}", "")).strip() for cell in self.cells}
            for n in numbers
        ]
        return [row for row in rows if any(row.values())]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-{self.cells[0].name}" if id_ else id_

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        rows: Rows = list(value or [])
        blank = {cell.name: "" for cell in self.cells}
        spare = min(MOST_ROWS, max(len(rows) + SPARE_ROWS, 3)) - len(rows)
        numbered = [self._row(name, number, row) for number, row in enumerate([*rows, *[blank] * spare])]
        return render_to_string(
            "catalog/selling/rows.html",
            {
                "cells": self.cells,
                "rows": numbered,
                "blank": self._row(name, "NUMBER", blank),
                "most": MOST_ROWS,
                "invalid": (attrs or {}).get("aria-invalid"),
            },
        )

    def _row(self, name: str, number: int | str, row: dict[str, str]) -> list[dict[str, Any]]:
        return [
            {"cell": cell, "name": f"{name}-{number}-{cell.name}", "value": row.get(cell.name, "")}
            for cell in self.cells
        ]


class RowsField(forms.Field):
    """Its value is a list of dicts, one per row that is not blank."""

    def __init__(self, *cells: Cell, **more: Any) -> None:
        super().__init__(widget=RowsWidget(cells), **more)

    def validate(self, value: Any) -> None:
        """Whether rows are needed is for publishing to say."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != (data or []))


def tier_rows(**more: Any) -> RowsField:
    """One row per quantity, one column per currency."""
    return RowsField(
        Cell("from", _("From quantity")),
        Cell("sgd", "SGD"),
        Cell("cny", "CNY"),
        Cell("usd", "USD"),
        **more,
    )


def pack_rows(packages: list[tuple[str, Any]], **more: Any) -> RowsField:
    return RowsField(
        Cell("code", _("Package"), choices=(("", "–"), *packages)),
        Cell("contains", _("Units inside")),
        Cell("length", _("Length"), after="mm"),
        Cell("width", _("Width"), after="mm"),
        Cell("height", _("Height"), after="mm"),
        Cell("gross", _("Gross weight"), after="kg"),
        **more,
    )
