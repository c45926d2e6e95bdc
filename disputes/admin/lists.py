"""Changelists: of own cases, own appointments, own filings. Rows are read here; acts are forms of the case's page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, re_path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from disputes.admin.site import actor, official, site
from disputes.models import Appointment, Case, Filing
from disputes.states import ENDED, OfficeKind
from disputes.views.rooms import TONES
from identity.models import Company
from kernel.admin import ReadOnlyAdmin
from kernel.sheets import Cell, sheet_of


@dataclass(frozen=True)
class Line:
    """A row as the page shows it: where it leads, its number, and the other cells with their headings."""

    url: str
    number: Cell
    cells: Sequence[tuple[Any, Cell]]
    state: str
    tone: str


class OwnList(ChangeList):
    """What Django found, ready for a table of ours. Its links lead to the page of the case, by public id."""

    def url_for_result(self, result: Any) -> str:
        return reverse("mediation:case", args=[_case(result).public_id])

    model_admin: OwnAdmin

    @property
    def heads(self) -> list[Any]:
        return list(result_headers(self))

    @property
    def lines(self) -> Iterator[Line]:
        labels = [head["text"] for head in self.heads]
        for row in self.result_list:
            number, *others = self.model_admin.cells(row)
            tone = TONES.get(row.state, "info")
            cells = list(zip(labels[1:], others, strict=True))
            yield Line(self.url_for_result(row), number, cells, row.get_state_display(), tone)

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


def _case(row: Any) -> Case:
    found: Case = row if isinstance(row, Case) else row.case
    return found


class EndedFilter(admin.SimpleListFilter):
    title = _("stands")
    parameter_name = "stands"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("open")), ("ended", _("ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        ended = Q(**{self._field(queryset): sorted(ENDED)})
        match self.value():
            case "open":
                return queryset.exclude(ended)
            case "ended":
                return queryset.filter(ended)
        return queryset

    @staticmethod
    def _field(queryset: QuerySet[Any]) -> str:
        return "state__in" if queryset.model is Case else "case__state__in"


class OwnAdmin(ReadOnlyAdmin):
    """Seen by seats of some kinds, each its own rows: as a list, as a search, and as a file of what the list shows.

    Pages of single rows, their history, deletion and pop-ups are not there: a row's page is the page of its case.
    """

    kinds: tuple[str, ...] = ()
    #: of the list, and of its file
    heading: Any = ""
    name = ""
    change_list_template = "mediation/list.html"
    list_per_page = 100
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    list_filter = (EndedFilter,)
    search_help_text = _("Case number, or a party’s name")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """The list's own filter: whether a row answers to `?amount__gt=500` would say what its reader may not read."""
        return lookup == EndedFilter.parameter_name

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        seat = official(request)
        if seat is None or seat.kind not in self.kinds:
            return False
        return obj is None or self.get_queryset(request).filter(pk=obj.pk).exists()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return OwnList

    def get_urls(self) -> list[URLPattern]:
        """The list, and the list as a file."""
        lists = [each for each in super().get_urls() if (each.name or "").endswith("_changelist")]
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        view = self.admin_site.admin_view(self.export_view)
        return [*lists, re_path(r"^export\.(?P<form>csv|xlsx)$", view, name=name)]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        names = {
            "official": official(request),
            "heading": self.heading,
            "list_url": reverse(f"mediation:disputes_{self.opts.model_name}_changelist"),
            "csv_url": reverse(f"mediation:disputes_{self.opts.model_name}_export", args=["csv"]),
            "xlsx_url": reverse(f"mediation:disputes_{self.opts.model_name}_export", args=["xlsx"]),
        }
        return super().changelist_view(request, names | (extra_context or {}))

    def export_view(self, request: HttpRequest, form: str) -> HttpResponseBase:
        """The own rows that the list would show under the same address, all pages of it."""
        if not self.has_view_permission(request):
            raise Http404
        try:
            found: Any = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(request.path)
        rows = (self.cells(row) for row in found.get_queryset(request).iterator(chunk_size=500))
        labels = [head["text"] for head in found.heads]
        return sheet_of(f"{self.name}-{timezone.localdate():%Y%m%d}", labels, rows, form)

    def cells(self, row: Any) -> list[Cell]:
        """As the columns say; the first is the number that leads to the case."""
        return [getattr(self, str(column))(row) for column in self.list_display]

    def own_cases(self, request: HttpRequest) -> Any:
        return Case.objects.visible_to(actor(request))

    # -- columns of more than one list ----------------------------------------------------------------

    @admin.display(description=_("Case"))
    def number(self, row: Any) -> str:
        return _case(row).number

    @admin.display(description=_("State"), ordering="state")
    def state_in_words(self, row: Any) -> str:
        return str(row.get_state_display())


def _name(company: Company) -> str:
    return company.name_in(get_language() or "en")


def _of_parties(prefix: str = "") -> tuple[str, ...]:
    """What a search looks at: names that every official of the case sees."""
    names = ("legal_name", "name_en", "name_zh")
    return (
        f"{prefix}number",
        *(f"{prefix}{party}__{name}" for party in ("claimant", "respondent") for name in names),
    )


@admin.register(Case, site=site)
class CaseAdmin(OwnAdmin):
    kinds = (OfficeKind.MANAGER, OfficeKind.MEDIATOR, OfficeKind.SCIA)
    heading = _("Cases")
    name = "cases"
    list_display = ("number", "claimant_name", "respondent_name", "state_in_words", "until", "changed")
    list_select_related = ("claimant", "respondent")
    search_fields = _of_parties()
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        cases: QuerySet[Case] = self.own_cases(request).defer("evidence", "statement", "answer", "rules")
        return cases

    @admin.display(description=_("Claimant"), ordering="claimant__legal_name")
    def claimant_name(self, case: Case) -> str:
        return _name(case.claimant)

    @admin.display(description=_("Respondent"), ordering="respondent__legal_name")
    def respondent_name(self, case: Case) -> str:
        return _name(case.respondent)

    @admin.display(description=_("Deadline"), ordering="respond_by")
    def until(self, case: Case) -> datetime | None:
        return case.respond_by

    @admin.display(description=_("Changed"), ordering="changed_at")
    def changed(self, case: Case) -> datetime:
        return case.changed_at


@admin.register(Appointment, site=site)
class AppointmentAdmin(OwnAdmin):
    """What a mediator was asked, while they may know of it."""

    kinds = (OfficeKind.MANAGER, OfficeKind.MEDIATOR)
    heading = _("Appointments")
    name = "appointments"
    list_display = ("number", "mediator_name", "state_in_words", "asked", "disclosed")
    list_select_related = ("case", "mediator")
    search_fields = _of_parties("case__")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        seat = official(request)
        found = Appointment.objects.filter(case__in=self.own_cases(request))
        if seat is not None and seat.kind == OfficeKind.MEDIATOR:
            found = found.filter(mediator=seat)
        return found

    @admin.display(description=_("Mediator"), ordering="mediator__name_en")
    def mediator_name(self, appointment: Appointment) -> str:
        return appointment.mediator.name_in(get_language() or "en")

    @admin.display(description=_("Asked"), ordering="asked_at")
    def asked(self, appointment: Appointment) -> datetime:
        return appointment.asked_at

    @admin.display(description=_("Disclosed"), ordering="disclosed_at")
    def disclosed(self, appointment: Appointment) -> datetime | None:
        return appointment.disclosed_at


@admin.register(Filing, site=site)
class FilingAdmin(OwnAdmin):
    """What was passed to the desk."""

    kinds = (OfficeKind.MANAGER, OfficeKind.SCIA)
    heading = _("Filings")
    name = "filings"
    list_display = ("number", "state_in_words", "filed", "reference_of_desk", "award", "manifest")
    list_select_related = ("case",)
    search_fields = (*_of_parties("case__"), "reference", "award_number")
    search_help_text = _("Case or award number, or a party’s name")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Filing]:
        found: QuerySet[Filing] = Filing.objects.filter(case__in=self.own_cases(request)).defer("packet")
        return found

    @admin.display(description=_("Passed on"), ordering="filed_at")
    def filed(self, filing: Filing) -> datetime:
        return filing.filed_at

    @admin.display(description=_("The desk’s reference"))
    def reference_of_desk(self, filing: Filing) -> str:
        return filing.reference

    @admin.display(description=_("Award number"))
    def award(self, filing: Filing) -> str:
        return filing.award_number

    @admin.display(description=_("Manifest (SHA-256)"))
    def manifest(self, filing: Filing) -> str:
        return filing.manifest_digest
