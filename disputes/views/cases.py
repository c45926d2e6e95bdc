"""A party's cases: the list, opening one, the case's page, its files and sessions."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
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
from disputes.rules.roles import PARTY_ROLES
from disputes.views.rooms import case_page, case_rows
from identity.acting import CompanyRequest, for_company
from kernel.errors import Forbidden, NotFound, Refused
from kernel.refusals import add_to_form
from orders.queries import order_of


@require_safe
@for_company
def cases(request: CompanyRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    form.is_valid()
    given = form.cleaned_data
    filters = Filters(open_only=given.get("show") != "all", words=given.get("q", ""))
    page = queries.page_of(request.actor, filters, after=given.get("after", ""))
    context = {
        "rows": case_rows(page.cases, request.actor, timezone.now()),
        "filters": filters,
        "next_url": f"?show={'open' if filters.open_only else 'all'}&after={page.after}"
        if page.after
        else "",
    }
    return render(request, "disputes/cases.html", context)


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
    context = {"form": form, "order": about, "open_one": open_one}
    return render(request, "disputes/case_new.html", context, status=status)


@require_safe
@for_company
def case(request: CompanyRequest, case: str) -> HttpResponse:
    return case_page(request, case)


@require_safe
@for_company
def case_file(request: CompanyRequest, case: str, attachment: str) -> HttpResponse:
    return file_response(queries.file_of(request.actor, case, attachment))


@require_safe
@for_company
def case_session(request: CompanyRequest, case: str, meeting: str) -> HttpResponse:
    return session_response(queries.session_of(request.actor, case, meeting))


def file_response(file: CaseFile) -> HttpResponse:
    """As a download that no browser runs; kept by nobody."""
    response = HttpResponse(file.content(), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = _attachment(file.name)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def session_response(session: Session) -> HttpResponse:
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
    )
    method = "CANCEL" if session.cancelled_at else "REQUEST"
    response = HttpResponse(content, content_type=f"text/calendar; method={method}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{session.case.number}.ics"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
