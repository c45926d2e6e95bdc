"""A changelist as a table: what Django found and sorted, with its rows ready, so that a row costs next to nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language

from disputes.admin.home import case_address
from disputes.models import Case
from disputes.views.rows import state_pill
from kernel.ids import public_id
from kernel.sheets import Cell
from kernel.templatetags.look import moments

if TYPE_CHECKING:
    from disputes.admin.lists import OwnAdmin


class OwnList(ChangeList):
    """What Django found, of each row the columns that are shown, and the table's rows ready."""

    model_admin: OwnAdmin

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = self.result_list.values_list(*self.model_admin.reads, named=True)

    @cached_property
    def heads(self) -> list[Any]:
        return list(result_headers(self))

    @property
    def rows(self) -> SafeString:
        """Each leads by its number to the page of the case."""
        case, language, address = self.model_admin.case, get_language() or "en", case_address()
        shown, state, states = _shown_by(moments()), self.model_admin.state_in_words, self.model_admin.states
        number, *others = self.model_admin.columns()
        starts = [f'</td><td data-label="{escape(capfirst(head["text"]))}">' for head in self.heads[1:]]
        cells = [(start, cell, cell == state) for start, cell in zip(starts, others, strict=True)]
        rows = []
        for row in self.result_list:
            url = f"{address}{public_id(Case.PREFIX, getattr(row, f'{case}uid'))}/"
            rows.append(
                f'<tr><td class="card-title"><a class="mono" href="{url}">{escape(str(number(row, language)))}</a>'
            )
            for start, cell, says_state in cells:
                words = state_pill(row.state, language, states) if says_state else shown(cell(row, language))
                rows += (start, words)
            rows.append("</td></tr>")
        return SafeString("".join(rows))

    @property
    def choices(self) -> Iterator[Any]:
        """Of every filter; without counts: a number beside a filter is a fact as well."""
        for spec in self.filter_specs:
            yield from spec.choices(self)

    @property
    def previous_url(self) -> str:
        return self.get_query_string({PAGE_VAR: self.page_num - 1}) if self.page_num > 1 else ""

    @property
    def next_url(self) -> str:
        more = self.page_num < self.paginator.num_pages
        return self.get_query_string({PAGE_VAR: self.page_num + 1}) if more else ""

    @property
    def asked(self) -> str:
        """What the page shows, for the file of it."""
        return self.get_query_string(remove=[PAGE_VAR])


_NOTHING = SafeString('<span class="soft">–</span>')
#: a SHA-256 in hex, of which the page shows the beginning
_DIGEST = re.compile(r"([0-9a-f]{16})[0-9a-f]{48}")


def _shown_by(moment: Callable[[datetime], str]) -> Callable[[Cell], str]:
    def shown(cell: Cell) -> str:
        if cell is None or cell == "":
            return _NOTHING
        if isinstance(cell, datetime):
            return moment(cell)
        text = escape(str(cell))
        digest = _DIGEST.fullmatch(text)
        return f'<span class="mono" title="{text}">{digest[1]}…</span>' if digest else text

    return shown
