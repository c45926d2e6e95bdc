"""Any list of a desk as a file: the rows and columns that the list shows under the same address, all its pages.

Nothing more leaves than may be looked at: a file is asked for and narrowed as its list is.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import display_for_field, display_for_value, label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, re_path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext

from kernel.sheets import Cell, Row, read_as, sheet_of

#: rows that are fetched at once
CHUNK = 500
#: a column that only leads on is no part of a file
LEADS_ON = "_link"


class FiledAdmin(admin.ModelAdmin):
    """A table of a desk whose list is also a file. A page of it is short: every row is drawn by Django's own machinery."""

    list_per_page = 25

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)
        view.model_admin = self  # type: ignore[attr-defined]  # as Django marks its own views
        return [
            re_path(r"^export\.(?P<form>csv|xlsx)$", view, name=self.export_name),
            *super().get_urls(),
        ]

    @property
    def export_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_export"

    def export_view(self, request: HttpRequest, form: str) -> HttpResponseBase:
        """What the list shows, for whoever may look at it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            shown = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(request.path)
        columns = [name for name in self.get_list_display(request) if not str(name).endswith(LEADS_ON)]
        found = cast(Generator[Any], shown.get_queryset(request).iterator(chunk_size=CHUNK))
        rows = read_as(found, self._row_of(columns))
        header = [capfirst(str(label_for_field(name, self.model, self))) for name in columns]
        return sheet_of(f"{self.opts.model_name}-{timezone.localdate():%Y%m%d}", header, rows, form)

    def _row_of(self, columns: list[Any]) -> Callable[[Any], Row]:
        return lambda row: [self._cell(row, column) for column in columns]

    def _cell(self, row: Any, column: Any) -> Cell:
        """As the list says it, but for numbers and dates, which a spreadsheet reads as such."""
        field, attribute, value = lookup_field(column, row, self)
        if field is not None and field.is_relation:
            related = getattr(row, field.name)
            return "" if related is None else str(related)
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        if value is None or field is not None and field.choices:
            return str(display_for_field(value, field, "")) if field is not None else ""
        if isinstance(value, str | int | Decimal | date):
            return value
        return str(display_for_value(value, "", boolean=getattr(attribute, "boolean", False)))
