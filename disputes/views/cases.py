"""A party's cases: the list, opening one, the case's page, its files and sessions."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from disputes import queries, services
from disputes.forms import FilterForm, OpenForm
from disputes.models import CaseFile, Session
from disputes.queries import Filters
from disputes.rules.invitations import invitation
from disputes.rules.outcomes import unsettled
from disputes.rules.roles import PARTY_ROLES
from disputes.rules.zones import may_see
from disputes.states import Zone
from disputes.views import exporting
from disputes.views.panes import room_news
from disputes.views.rooms import case_page
from disputes.views.rows import case_rows
from identity.acting import CompanyRequest, for_company
from identity.actors import Actor
from kernel.errors import Forbidden, NotFound, Refused
from kernel.refusals import add_to_form
from kernel.sheets import sheet_of
from orders.queries import order_of


@require_safe
@for_company(*PARTY_ROLES)
def cases(request: CompanyRequest) -> HttpResponse:
    filters, after = _asked(request)
    page = queries.page_of(request.actor, filters, after=after)
    query = urlencode({"show": "open" if filters.open_only else "all", "q": filters.words})
    context = {
        "rows": case_rows(page.cases, request.actor),
        "filters": filters,
        "next_url": f"?{query}&after={page.after}" if page.after else "",
        "export_query": query,
    }
    return render(request, "disputes/cases.html", context)


@require_safe
@for_company(*PARTY_ROLES)
def cases_export(request: CompanyRequest, form: str) -> HttpResponseBase:
    """What the filters show, as CSV or XLSX that spreadsheets open as it is."""
    filters, _after = _asked(request)
    rows = map(exporting.case_row, queries.exported(request.actor, filters))
    return sheet_of(f"cases-{timezone.localdate():%Y%m%d}", exporting.COLUMNS, rows, form)


def _asked(request: CompanyRequest) -> tuple[Filters, str]:
    form = FilterForm(request.GET)
    form.is_valid()
    given = form.cleaned_data
    filters = Filters(open_only=given.get("show") != "all", words=given.get("q", ""))
    return filters, given.get("after", "")


@require_http_methods(["GET", "HEAD", "POST"])
@for_company
def case_new(request: CompanyRequest, order: str) -> HttpResponse:
    """What happened, how much, what is asked for; the order's evidence is pulled in."""
    if not request.actor.may(*PARTY_ROLES):
        raise Forbidden
    about = order_of(request.actor, order)
    form = OpenForm(request.POST or None, request.FILES or None, initial={"key": secrets.token_urlsafe(18)})
    status = 200
    if form.is_bound and form.is_valid():
        try:
            opened = services.open_case_once(
                actor=request.actor,
                order=order,
                claim=form.claim(),
                files=form.cleaned_data["files"],
                key=form.cleaned_data["key"],
                now=timezone.now(),
            )
            messages.success(request, _("The case is open. Payment of the order is held until it has ended."))
            return redirect("case", company=request.actor.company.slug, case=opened["id"])
        except (NotFound, Forbidden):
            raise
        except Refused as refused:
            add_to_form(form, refused)
            form.data = request.POST.copy()
            form.data["key"] = secrets.token_urlsafe(18)  # another try is another request
            status = refused.status
    open_one = queries.open_case_of_order(request.actor, about)
    wait = queries.wait_before_again(request.actor.company_id, about, timezone.now())
    context = {"form": form, "order": about, "open_one": open_one, "wait": wait}
    return render(request, "disputes/case_new.html", context, status=status)


@require_safe
@for_company
def case(request: CompanyRequest, case: str) -> HttpResponse:
    return case_page(request, case)


@require_safe
@for_company
def case_room(request: CompanyRequest, case: str, zone: str) -> HttpResponse:
    return room_news(request, request.actor, case, zone, timezone.now())


@require_safe
@for_company
def case_record(request: CompanyRequest, case: str) -> HttpResponse:
    """What both sides keep of a case that brought no settlement."""
    return render(request, "disputes/record.html", record_of(request.actor, case))


@require_safe
@for_company
def case_file(request: CompanyRequest, case: str, attachment: str) -> HttpResponse:
    return file_response(queries.file_of(request.actor, case, attachment))


@require_safe
@for_company
def case_session(request: CompanyRequest, case: str, meeting: str) -> HttpResponse:
    return session_response(queries.session_of(request.actor, case, meeting), request.actor.user.email)


def record_of(actor: Actor, case: str) -> dict[str, Any]:
    """For the readers of a case's record, once there is one; `NotFound` otherwise."""
    found = queries.case_of(actor, case)
    ended = unsettled(found) if may_see(Zone.RECORD, queries.viewer_of(found, actor)) else None
    if ended is None:
        raise NotFound
    return {"case": found, "unsettled": ended, "again": queries.rule_before_again(found, timezone.now())}


def file_response(file: CaseFile) -> HttpResponse:
    """As a download that no browser runs; kept by nobody."""
    response = HttpResponse(file.content(), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = _attachment(file.name)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def session_response(session: Session, reader: str) -> HttpResponse:
    """As iCalendar, addressed to whoever asked (`reader`, an e-mail address)."""
    content = invitation(
        number=session.case.number,
        uid=session.uid,
        sequence=session.sequence,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place=session.place,
        cancelled=session.cancelled_at is not None,
        stamp=session.cancelled_at or session.set_at,
        organizer=settings.DEFAULT_FROM_EMAIL.partition("<")[2].rstrip(">") or settings.DEFAULT_FROM_EMAIL,
        attendee=reader,
    )
    method = "CANCEL" if session.cancelled_at else "REQUEST"
    response = HttpResponse(content, content_type=f"text/calendar; method={method}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{session.case.number}.ics"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
