"""The site: who may enter, its home, and what of Django's admin is closed here."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from disputes import queries
from disputes.admin import pages
from disputes.admin.home import home_of
from disputes.models import Official
from disputes.states import OfficeKind
from identity.acting import ask_to_sign_in
from identity.actors import Staff


def official(request: HttpRequest) -> Official | None:
    """The reader's seat: asked once a request."""
    if not hasattr(request, "official"):
        user = request.user
        known = user.is_authenticated and user.is_active
        request.official = queries.official_of(user.pk) if known else None  # type: ignore[attr-defined]
    found: Official | None = request.official  # type: ignore[attr-defined]
    return found


def actor(request: HttpRequest) -> Staff:
    """The reader as who acts. Their permissions elsewhere count for nothing here."""
    return Staff(user=request.user)  # type: ignore[arg-type]


def _tabs(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    seat = official(request)
    return _tabs_of(seat.kind, get_language() or "en") if seat else ()


@cache
def _tabs_of(kind: str, language: str) -> tuple[tuple[str, str], ...]:
    """Where an official of this kind may go, with its word in the thread's language, which `language` names."""
    places = [
        ("index", _("What waits for you")),
        ("disputes_case_changelist", _("Cases")),
        ("disputes_appointment_changelist", _("Appointments") if kind != OfficeKind.SCIA else ""),
        ("disputes_filing_changelist", _("Filings") if kind != OfficeKind.MEDIATOR else ""),
    ]
    return tuple((reverse(f"mediation:{name}"), word) for name, word in places if word)


class MediationSite(AdminSite):
    site_header = gettext_lazy("Case office")
    site_title = gettext_lazy("Case office")
    index_template = "mediation/index.html"
    enable_nav_sidebar = False
    final_catch_all_view = True

    def has_permission(self, request: HttpRequest) -> bool:
        """People with a seat, while they have it: no superuser, no officer."""
        return official(request) is not None

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Officials sign in where everybody does; who is signed in and has no seat finds nothing."""
        if request.user.is_authenticated:
            if self.has_permission(request):
                return redirect("mediation:index")
            raise Http404
        return ask_to_sign_in(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What waits for this official, the most urgent first, and their cases in figures."""
        seat = official(request)
        assert seat is not None, "admin_view lets in people with a seat only"
        context = {
            **self.each_context(request),
            "title": _("What waits for you"),
            **home_of(seat, timezone.now()),
        }
        return TemplateResponse(request, self.index_template, context)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Without Django's list of applications and their counts."""
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "site_url": "/",
            "has_permission": self.has_permission(request),
            "tabs": _tabs(request),
            "available_apps": [],
            "is_popup": False,
            "is_nav_sidebar_enabled": False,
            "log_entries": [],
        }

    def get_urls(self) -> list[URLPattern | URLResolver]:
        ours = [
            path("cases/<str:case>/", self.admin_view(pages.case), name="case"),
            path("cases/<str:case>/rooms/<slug:zone>/", self.admin_view(pages.case_room), name="case_room"),
            path("cases/<str:case>/record/", self.admin_view(pages.case_record), name="case_record"),
            path("cases/<str:case>/files/<str:file>/", self.admin_view(pages.case_file), name="case_file"),
            path(
                "cases/<str:case>/sessions/<str:session>.ics",
                self.admin_view(pages.case_session),
                name="case_session",
            ),
            path("cases/<str:case>/<slug:act>/", self.admin_view(pages.case_act), name="case_act"),
        ]
        kept = [
            each
            for each in super().get_urls()
            if getattr(each, "name", "")
            not in {"autocomplete", "app_list", "view_on_site", "password_change", "password_change_done"}
        ]
        return [*ours, *kept]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Nothing here completes names of companies or cases."""
        raise Http404

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        raise Http404


site = MediationSite(name="mediation")
