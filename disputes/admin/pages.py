"""The console's pages of one case: the same zones as everywhere, and the official's own acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from disputes import forms as shapes
from disputes import queries, services
from disputes.admin import drafts
from disputes.models import Case, Official
from disputes.rules.zones import Viewer
from disputes.states import ENDED, AppointmentState, CaseState, OfficeKind
from disputes.views.cases import file_response, record_of, session_response
from disputes.views.panes import room_news
from disputes.views.rooms import context_of, parts_in_words
from identity.actors import Staff
from kernel.errors import Forbidden, NotFound, Refused


@dataclass(frozen=True)
class Act:
    kind: str
    verb: Callable[..., object]
    states: frozenset[str]
    done: Any
    form: type[forms.Form] = shapes.NoForm


_S = CaseState
_ROOMS = frozenset({_S.MEDIATING, _S.DRAFTING, _S.SIGNING})
_NOT_ENDED = frozenset(_S.values) - ENDED
_BEFORE_SIGNING = frozenset({_S.CONFLICT_CHECK, _S.CONSENT_PENDING, _S.MEDIATING, _S.DRAFTING})

ACTS: dict[str, Act] = {
    "serve": Act(
        OfficeKind.MANAGER,
        services.serve_request,
        frozenset({_S.REQUESTED}),
        _("The request is served; the respondent has until the deadline."),
    ),
    "take": Act(
        OfficeKind.MANAGER,
        services.take_case,
        frozenset({_S.AWAITING_ANSWER, _S.NOMINATING}),
        _("The case is yours."),
    ),
    "ask": Act(
        OfficeKind.MANAGER,
        services.ask_mediator,
        frozenset({_S.NOMINATING}),
        _("The mediator is asked."),
        drafts.AskForm,
    ),
    "replace": Act(
        OfficeKind.MANAGER,
        services.replace_mediator,
        _BEFORE_SIGNING,
        _("The appointment has ended, and with it all sight of the case."),
        shapes.ReasonForm,
    ),
    "disclose": Act(
        OfficeKind.MEDIATOR,
        services.disclose,
        frozenset({_S.CONFLICT_CHECK}),
        _("The parties read your disclosure."),
        drafts.DisclosureForm,
    ),
    "decline": Act(
        OfficeKind.MEDIATOR,
        services.decline_appointment,
        frozenset({_S.CONFLICT_CHECK}),
        _("You have declined."),
        shapes.ReasonForm,
    ),
    "message": Act(
        OfficeKind.MEDIATOR, services.leave_message_once, _NOT_ENDED, _("Sent."), shapes.MessageForm
    ),
    "session": Act(
        OfficeKind.MEDIATOR, services.set_session, _ROOMS, _("The session is set."), drafts.SessionForm
    ),
    "cancel_session": Act(
        OfficeKind.MEDIATOR,
        services.cancel_session,
        _ROOMS,
        _("The session is called off."),
        drafts.CancelForm,
    ),
    "draft": Act(
        OfficeKind.MEDIATOR, services.draft_terms, _ROOMS, _("The draft is kept."), drafts.TermsForm
    ),
    "lock": Act(
        OfficeKind.MEDIATOR,
        services.lock_terms,
        frozenset({_S.DRAFTING}),
        _("The terms are locked; both sides are asked to sign."),
    ),
    "admit": Act(
        OfficeKind.SCIA,
        services.admit_filing,
        frozenset({_S.SCIA_FILED}),
        _("It goes before the arbitrator. Look again in a moment."),
    ),
    "send_back": Act(
        OfficeKind.SCIA,
        services.send_filing_back,
        frozenset({_S.SCIA_FILED}),
        _("It goes back to the parties. Look again in a moment."),
    ),
    "ask_again": Act(
        OfficeKind.SCIA,
        services.ask_desk_again,
        frozenset({_S.SCIA_FILED}),
        _("The desk is asked. Look again in a moment."),
    ),
    "end": Act(
        OfficeKind.MEDIATOR,
        services.end_mediation,
        frozenset({_S.CONSENT_PENDING, *_ROOMS}),
        _("The mediation has ended without a settlement."),
    ),
}
#: where the office may write beside the mediator
_OFFICE_WRITES = frozenset(CaseState.values) - {_S.NEGOTIATING}


@require_safe
def case(request: HttpRequest, case: str) -> HttpResponse:
    return _page(request, case)


@require_safe
def case_record(request: HttpRequest, case: str) -> HttpResponse:
    context = site_context(request) | record_of(_actor(request), case)
    return TemplateResponse(request, "mediation/record.html", context)


@require_safe
def case_room(request: HttpRequest, case: str, zone: str) -> HttpResponse:
    return room_news(request, _actor(request), case, zone, timezone.now())


@require_safe
def case_file(request: HttpRequest, case: str, file: str) -> HttpResponse:
    actor = _actor(request)
    found = queries.file_of(actor, case, file)
    services.note_reading(actor=actor, case=found.case, zones=[found.zone], file=found, now=timezone.now())
    return file_response(found)


@require_safe
def case_session(request: HttpRequest, case: str, session: str) -> HttpResponse:
    actor = _actor(request)
    return session_response(queries.session_of(actor, case, session), actor.user.email)


@require_POST
def case_act(request: HttpRequest, case: str, act: str) -> HttpResponse:
    """One verb, then back to the case; after a refusal the page again, with what was typed."""
    known = ACTS.get(act)
    if known is None:
        raise Http404
    actor = _actor(request)
    queries.case_of(actor, case)  # the unseen first: not even the form's errors are for strangers
    form = known.form(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, case, failed=act, error=_first_error(form), status=422)
    try:
        known.verb(actor=actor, case=case, now=timezone.now(), **form.cleaned_data)
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        return _page(request, case, failed=act, error=str(refused), status=refused.status)
    messages.success(request, str(known.done))
    return redirect("mediation:case", case) if _still_sees(actor, case) else redirect("mediation:index")


def site_context(request: HttpRequest) -> dict[str, Any]:
    """What every page of the console has."""
    from disputes.admin.site import official, site

    return {**site.each_context(request), "official": official(request)}


def _page(
    request: HttpRequest, public_id: str, *, failed: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    actor, now = _actor(request), timezone.now()
    found = queries.case_of(actor, public_id)
    frame = site_context(request)
    seat = frame["official"]
    context = context_of(found, actor, now, before=request.GET.get("before", "")[:60])
    acts = _acts(found, seat, context["viewer"], now)
    context |= {
        **frame,
        "title": found.number,
        "desk": True,
        "now": now,
        "id": found.public_id,
        "acts": acts,
        "failed": failed,
        "error": error,
        "typed": request.POST if failed else {},
        "mediators": list(queries.mediators_for(found)) if "ask" in acts else [],
        "draft": drafts.draft_of(context["terms"], found, request.POST if failed == "draft" else None)
        if "draft" in acts
        else None,
        "readings": queries.readings_of(found, context["viewer"]),
        "sees_claim": context["viewer"] != Viewer.SCIA,
        "passed_on": parts_in_words(context["filing"].packet.get("parts", [])) if context["filing"] else [],
        "separator": pgettext("between two parties", "against"),
    }
    return TemplateResponse(request, "mediation/case.html", context, status=status)


def _acts(case: Case, seat: Official | None, viewer: str, now: datetime) -> set[str]:
    if seat is None:
        return set()
    found = {name for name, act in ACTS.items() if act.kind == seat.kind and case.state in act.states}
    if seat.kind == OfficeKind.MEDIATOR:
        asked = case.appointments.filter(mediator=seat, state=AppointmentState.ASKED).exists()
        if not asked:
            found -= {"disclose", "decline"}
        if viewer != Viewer.MEDIATOR:
            found &= {"disclose", "decline"}
    if seat.kind == OfficeKind.SCIA:
        filing = case.filings.order_by("-pk").first()
        held = filing is not None and filing.waits_for_registrar
        found -= {"ask_again"} if held else {"admit", "send_back"}
    if seat.kind == OfficeKind.MANAGER:
        found &= {"serve", "take"} if case.manager_id is None else set(found) - {"take"}
    if seat.kind == OfficeKind.MANAGER and case.state in _OFFICE_WRITES and not case.has_ended:
        found |= {"message"}
    return found & {"message"} if case.is_late(now) else found


def _actor(request: HttpRequest) -> Staff:
    return Staff(user=request.user)  # type: ignore[arg-type]


def _still_sees(actor: Staff, case: str) -> bool:
    return bool(Case.objects.visible_to(actor).with_public_id(case).exists())


def _first_error(form: forms.Form) -> str:
    field, errors = next(iter(form.errors.items()))
    label = form.fields[field].label if field in form.fields else ""
    return f"{label}: {errors[0]}" if label else str(errors[0])
