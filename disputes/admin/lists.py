"""Changelists: of own cases, own appointments, own filings. Rows are read here; acts are forms of the case's page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from disputes.admin.site import actor, official, site
from disputes.models import Appointment, Case, Filing
from disputes.states import ENDED, OfficeKind
from kernel.admin import ReadOnlyAdmin


class CasesList(ChangeList):
    """Its links lead to the page of the case, by public id."""

    def url_for_result(self, result: Any) -> str:
        case = result if isinstance(result, Case) else result.case
        return reverse("mediation:case", args=[case.public_id])


class EndedFilter(admin.SimpleListFilter):
    """Without counts: a number beside a filter is a fact as well."""

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
    """Seen by seats of some kinds, each its own rows. History, details and facets are closed."""

    kinds: tuple[str, ...] = ()
    change_list_template = "mediation/change_list.html"
    list_per_page = 25
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    list_filter = (EndedFilter,)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        seat = official(request)
        if seat is None or seat.kind not in self.kinds:
            return False
        return obj is None or self.get_queryset(request).filter(pk=obj.pk).exists()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CasesList

    def get_urls(self) -> list[URLPattern]:
        """The list alone: the page of a row is the page of its case."""
        return [each for each in super().get_urls() if (each.name or "").endswith("_changelist")]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        return super().changelist_view(request, extra_context)

    def own_cases(self, request: HttpRequest) -> Any:
        return Case.objects.visible_to(actor(request))


@admin.register(Case, site=site)
class CaseAdmin(OwnAdmin):
    kinds = (OfficeKind.MANAGER, OfficeKind.MEDIATOR, OfficeKind.SCIA)
    list_display = ("number", "claimant", "respondent", "state", "respond_by", "changed_at")
    list_select_related = ("claimant", "respondent")
    search_fields = ("number",)
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        cases: QuerySet[Case] = self.own_cases(request).defer("evidence", "statement", "answer", "rules")
        return cases


@admin.register(Appointment, site=site)
class AppointmentAdmin(OwnAdmin):
    """What a mediator was asked, while they may know of it."""

    kinds = (OfficeKind.MANAGER, OfficeKind.MEDIATOR)
    list_display = ("case", "mediator", "state", "asked_at", "disclosed_at")
    list_select_related = ("case", "mediator")
    search_fields = ("case__number",)
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        seat = official(request)
        found = Appointment.objects.filter(case__in=self.own_cases(request))
        if seat is not None and seat.kind == OfficeKind.MEDIATOR:
            found = found.filter(mediator=seat)
        return found


@admin.register(Filing, site=site)
class FilingAdmin(OwnAdmin):
    """What was passed to the desk."""

    kinds = (OfficeKind.MANAGER, OfficeKind.SCIA)
    list_display = ("case", "state", "filed_at", "reference", "award_number", "packet_digest")
    list_select_related = ("case",)
    search_fields = ("case__number", "reference", "award_number")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Filing]:
        found: QuerySet[Filing] = Filing.objects.filter(case__in=self.own_cases(request)).defer("packet")
        return found

    @admin.display(description=_("manifest"))
    def packet_digest(self, filing: Filing) -> str:
        return format_html("<code>{}…</code>", filing.manifest_digest[:16])
