"""Changelists: of own cases, own appointments, own filings. Rows are read here; acts are forms of the case's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet, TextChoices
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, re_path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from disputes.admin.site import official, site
from disputes.admin.tables import OwnList
from disputes.models import Appointment, Case, CaseQuerySet, Filing
from disputes.queries.lines import PARTIES, Named
from disputes.states import ENDED, AppointmentState, CaseState, FilingState, OfficeKind
from kernel.admin import ReadOnlyAdmin
from kernel.sheets import Cell, read_as, sheet_of


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
    #: columns that a row of the list is made of, and what leads from it to its case
    reads: tuple[str, ...] = ()
    case = ""
    states: type[TextChoices]
    change_list_template = "mediation/list.html"
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    list_filter = (EndedFilter,)
    #: nothing but `reads`
    list_select_related = ()
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
        asked = found.get_queryset(request).values_list(*self.reads, named=True)
        columns, language = self.columns(), get_language() or "en"
        rows = read_as(asked.iterator(chunk_size=500), lambda row: [cell(row, language) for cell in columns])
        labels = [head["text"] for head in found.heads]
        return sheet_of(f"{self.name}-{timezone.localdate():%Y%m%d}", labels, rows, form)

    def columns(self) -> list[Callable[[Any, str], Cell]]:
        """What makes a row's cells, in the language given; the first is the number that leads to the case."""
        return [getattr(self, str(column)) for column in self.list_display]

    def own_cases(self, request: HttpRequest) -> CaseQuerySet:
        seat = official(request)
        return Case.objects.of_seat(seat) if seat else Case.objects.none()

    # -- columns of more than one list: of a row of `reads`, in the reader's language -----------------

    @admin.display(description=_("Case"))
    def number(self, row: Any, language: str) -> str:
        return str(getattr(row, f"{self.case}number"))

    @admin.display(description=_("State"), ordering="state")
    def state_in_words(self, row: Any, language: str) -> str:
        return str(self.states(row.state).label)


@lru_cache(maxsize=1024)
def _name(language: str, *names: str) -> str:
    """A few companies have most of the cases."""
    return Named(*names).name_in(language)


def _of_parties(prefix: str = "") -> tuple[str, ...]:
    """What a search looks at: names that every official of the case sees."""
    return (f"{prefix}number", *(f"{prefix}{column}" for column in PARTIES))


@admin.register(Case, site=site)
class CaseAdmin(OwnAdmin):
    kinds = (OfficeKind.MANAGER, OfficeKind.MEDIATOR, OfficeKind.SCIA)
    heading = _("Cases")
    name = "cases"
    reads = ("uid", "number", "state", "respond_by", "changed_at", *PARTIES)
    states = CaseState
    list_display = ("number", "claimant_name", "respondent_name", "state_in_words", "until", "changed")
    search_fields = _of_parties()
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return self.own_cases(request)

    @admin.display(description=_("Claimant"), ordering="claimant__legal_name")
    def claimant_name(self, row: Any, language: str) -> str:
        return _name(language, row.claimant__name_en, row.claimant__name_zh, row.claimant__legal_name)

    @admin.display(description=_("Respondent"), ordering="respondent__legal_name")
    def respondent_name(self, row: Any, language: str) -> str:
        return _name(language, row.respondent__name_en, row.respondent__name_zh, row.respondent__legal_name)

    @admin.display(description=_("Deadline"), ordering="respond_by")
    def until(self, row: Any, language: str) -> datetime | None:
        found: datetime | None = row.respond_by
        return found

    @admin.display(description=_("Changed"), ordering="changed_at")
    def changed(self, row: Any, language: str) -> datetime:
        found: datetime = row.changed_at
        return found


@admin.register(Appointment, site=site)
class AppointmentAdmin(OwnAdmin):
    """What a mediator was asked, while they may know of it."""

    kinds = (OfficeKind.MANAGER, OfficeKind.MEDIATOR)
    heading = _("Appointments")
    name = "appointments"
    case = "case__"
    reads = (
        *("case__uid", "case__number", "state", "asked_at", "disclosed_at"),
        *("mediator__name_en", "mediator__name_zh"),
    )
    states = AppointmentState
    list_display = ("number", "mediator_name", "state_in_words", "asked", "disclosed")
    search_fields = _of_parties("case__")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        seat = official(request)
        found = Appointment.objects.filter(case__in=self.own_cases(request))
        if seat is not None and seat.kind == OfficeKind.MEDIATOR:
            found = found.filter(mediator=seat)
        return found

    @admin.display(description=_("Mediator"), ordering="mediator__name_en")
    def mediator_name(self, row: Any, language: str) -> str:
        chinese = language.startswith("zh")
        return str((chinese and row.mediator__name_zh) or row.mediator__name_en)

    @admin.display(description=_("Asked"), ordering="asked_at")
    def asked(self, row: Any, language: str) -> datetime:
        found: datetime = row.asked_at
        return found

    @admin.display(description=_("Disclosed"), ordering="disclosed_at")
    def disclosed(self, row: Any, language: str) -> datetime | None:
        found: datetime | None = row.disclosed_at
        return found


@admin.register(Filing, site=site)
class FilingAdmin(OwnAdmin):
    """What was passed to the desk."""

    kinds = (OfficeKind.MANAGER, OfficeKind.SCIA)
    heading = _("Filings")
    name = "filings"
    case = "case__"
    reads = (
        *("case__uid", "case__number", "state", "filed_at"),
        *("reference", "award_number", "manifest_digest"),
    )
    states = FilingState
    list_display = ("number", "state_in_words", "filed", "reference_of_desk", "award", "digest")
    search_fields = (*_of_parties("case__"), "reference", "award_number")
    search_help_text = _("Case or award number, or a party’s name")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Filing]:
        found: QuerySet[Filing] = Filing.objects.filter(case__in=self.own_cases(request))
        return found

    @admin.display(description=_("Passed on"), ordering="filed_at")
    def filed(self, row: Any, language: str) -> datetime:
        found: datetime = row.filed_at
        return found

    @admin.display(description=_("The desk’s reference"))
    def reference_of_desk(self, row: Any, language: str) -> str:
        return str(row.reference)

    @admin.display(description=_("Award number"))
    def award(self, row: Any, language: str) -> str:
        return str(row.award_number)

    @admin.display(description=_("Manifest (SHA-256)"))
    def digest(self, row: Any, language: str) -> str:
        return str(row.manifest_digest)
