"""The page of a case, for whoever may see it: every part asks the policy what this viewer reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from disputes import queries
from disputes.models import Case, Instalment, Terms
from disputes.queries.packets import PARTS, manifest_of, packet_of
from disputes.rules.acts import acts_open_to
from disputes.rules.clauses import digest
from disputes.rules.consents import TICKS, text_hash
from disputes.rules.outcomes import unsettled
from disputes.rules.returns import UNANSWERED, returned_in_words
from disputes.rules.steps import next_step
from disputes.rules.stories import told_to
from disputes.rules.zones import Viewer, may_see
from disputes.states import (
    PERFORMED_IN,
    SETTLED,
    AppointmentState,
    CaseState,
    Side,
    TermsState,
    Zone,
)
from disputes.views.panes import rooms_of
from disputes.views.rows import TONES
from identity.acting import CompanyRequest
from identity.actors import Actor, Member
from kernel.queries import story_of, whole_story_of

#: name of the event → words, icon, tone
STORY: dict[str, tuple[Any, str, str]] = {
    "CaseOpened": (gettext_lazy("Case opened"), "scale", ""),
    "SettlementClaimed": (gettext_lazy("One side says that it is settled"), "handshake", ""),
    "CaseSettledDirectly": (gettext_lazy("Settled between the parties"), "handshake", "success"),
    "MediationRequested": (gettext_lazy("Mediation requested"), "send", ""),
    "RequestServed": (gettext_lazy("Request served on the respondent"), "mail", ""),
    "CaseTaken": (gettext_lazy("A case manager took the case on"), "user-plus", ""),
    "CaseAnswered": (gettext_lazy("The respondent answered"), "message-square", ""),
    "CaseUnanswered": (gettext_lazy("No answer came in time"), "hourglass", "danger"),
    "MediatorAsked": (gettext_lazy("A mediator was asked"), "user-plus", ""),
    "MediatorDisclosed": (gettext_lazy("The mediator disclosed"), "eye", ""),
    "MediatorNotAvailable": (gettext_lazy("Another mediator is looked for"), "user", ""),
    "MediatorAppointed": (gettext_lazy("The mediator is appointed"), "badge-check", "success"),
    "ConsentGiven": (gettext_lazy("One side consented"), "check", ""),
    "MediationBegan": (gettext_lazy("Mediation began"), "users", ""),
    "LongerAsked": (gettext_lazy("One side asks for more time"), "clock", ""),
    "DeadlineMoved": (gettext_lazy("The deadline was moved"), "clock", ""),
    "SessionSet": (gettext_lazy("A session was set"), "calendar-clock", ""),
    "SessionCancelled": (gettext_lazy("A session was called off"), "calendar", ""),
    "TermsLocked": (gettext_lazy("Terms locked for signature"), "lock", ""),
    "TermsSigned": (gettext_lazy("One side signed"), "signature", ""),
    "SettlementSigned": (gettext_lazy("Settlement signed by both"), "signature", "success"),
    "SettlementFiled": (gettext_lazy("Settlement passed to the arbitration desk"), "send", ""),
    "FilingReceived": (gettext_lazy("Received by the arbitration desk"), "inbox", ""),
    "FilingExamined": (gettext_lazy("A person at the arbitration desk looked at it"), "eye", ""),
    "FilingReturned": (gettext_lazy("Returned by the arbitration desk"), "rotate-ccw", "danger"),
    "AwardIssued": (gettext_lazy("Award issued"), "landmark", "success"),
    "PerformanceBegan": (gettext_lazy("Performance began"), "play", ""),
    "InstalmentReceived": (gettext_lazy("A payment of the settlement arrived"), "banknote", "success"),
    "PerformanceReported": (gettext_lazy("The respondent says that all was done"), "check", ""),
    "PerformanceContested": (
        gettext_lazy("The claimant says that it was not done"),
        "triangle-alert",
        "danger",
    ),
    "SettlementPerformed": (gettext_lazy("Settlement performed"), "circle-check", "success"),
    "SettlementDefaulted": (gettext_lazy("A payment of the settlement is late"), "triangle-alert", "danger"),
    "MediationFailed": (gettext_lazy("Mediation ended without a settlement"), "circle-x", "danger"),
    "CaseExpired": (gettext_lazy("Time ran out"), "hourglass", "danger"),
    "CaseWithdrawn": (gettext_lazy("Case withdrawn"), "ban", ""),
    "CaseClosed": (gettext_lazy("Case closed"), "archive", ""),
}


@dataclass(frozen=True)
class Entry:
    text: str
    at: datetime
    by: str
    note: str
    tone: str
    icon_name: str


def case_page(
    request: CompanyRequest, case: str, *, failed: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    """A party's page; after a refusal with the words that were typed."""
    found = queries.case_of(request.actor, case)
    now = timezone.now()
    context = context_of(found, request.actor, now, before=request.GET.get("before", "")[:60])
    side = context["side"]
    context |= {
        "acts": _acts(found, request.actor, side, now),
        "days": _days(found, now) if found.state in PERFORMED_IN else {},
        "failed": failed,
        "error": error,
        "typed": request.POST if failed else {},
        "typed_phrases": request.POST.getlist("phrases") if failed else [],
        "waiting": not context["step"].is_for(side),
    }
    return render(request, "disputes/case.html", context, status=status)


def context_of(case: Case, actor: Actor, now: datetime, *, before: str = "") -> dict[str, Any]:
    """What this viewer reads of the case, zone by zone; a room is turned back by `before`, one of its messages."""
    viewer = queries.viewer_of(case, actor)
    language = get_language() or "en"
    names = {Side.A: case.claimant.name_in(language), Side.B: case.respondent.name_in(language)}
    terms = queries.standing_terms(case, viewer)
    owed = _owed(case, terms)
    ended = unsettled(case) if may_see(Zone.RECORD, viewer) else None
    step = next_step(case, paid_for=owed is None or bool(owed))
    deadlines = list(case.deadlines.all())
    counted = deadlines[-1] if deadlines and deadlines[-1].ends_at == case.respond_by else None
    return {
        "case": case,
        "viewer": viewer.value,
        "side": {Viewer.PARTY_A: "a", Viewer.PARTY_B: "b"}.get(viewer, ""),
        "names": {"a": names[Side.A], "b": names[Side.B]},
        "tone": TONES.get(case.state, "info"),
        "step": step,
        "step_by": names.get(step.who, ""),  # type: ignore[call-overload]
        "awaited_until": case.respond_by or _first_late(owed or ()),
        "late": case.is_late(now),
        "sees_open": may_see(Zone.OPEN, viewer),
        "sees_record": may_see(Zone.RECORD, viewer),
        "sees_award": may_see(Zone.AWARD, viewer),
        "rooms": rooms_of(case, actor, viewer, now, before=before),
        "files": queries.files_of(case, actor, viewer),
        "appointments": queries.disclosures_of(case, viewer),
        "sessions": queries.sessions_of(case, viewer),
        "deadlines": deadlines if may_see(Zone.OPEN, viewer) else [],
        "provisional": counted is not None and counted.provisional,
        "terms": terms,
        "signatures": queries.signatures_of(case, terms),
        "signed_by": {each.side for each in terms.signatures.all()} if terms else set(),
        "consents": list(case.consents.select_related("given_by")) if may_see(Zone.RECORD, viewer) else [],
        "ticks": [_tick(tick, language) for tick in TICKS],
        "text_seen": text_hash(),
        "filing": _filing(case, viewer),
        "manifest": _manifest(case, terms, viewer),
        "settled": case.state in SETTLED,
        "today": timezone.localdate(now),
        "unsettled": ended,
        "again": queries.rule_before_again(case, now) if ended else None,
        "entries": [entry_of(event, names, case) for event in _story(case, actor, viewer)],
    }


def _acts(case: Case, actor: Member, side: str, now: datetime) -> set[str]:
    """What the member can do now, without what their side has done already."""
    acts = acts_open_to(actor, side, case.state, late=case.is_late(now))
    if case.state == CaseState.NEGOTIATING and (
        case.settled_by_a_at if side == "a" else case.settled_by_b_at
    ):
        acts -= {"settled"}
    if case.state == CaseState.CONSENT_PENDING and case.consents.filter(side=side).exists():
        acts -= {"consent"}
    if case.state == CaseState.SIGNING:
        locked = case.terms.get(state=TermsState.LOCKED)
        if locked.signatures.filter(side=side).exists():
            acts -= {"sign"}
    if case.state == CaseState.CONFLICT_CHECK:
        disclosed = case.appointments.filter(state=AppointmentState.DISCLOSED).first()
        if disclosed is None:
            acts -= {"accept_mediator", "object"}
        elif side in disclosed.accepted_by:
            acts -= {"accept_mediator"}
    if case.state == CaseState.DEFAULTED and side in queries.sides_in_default(case, now):
        acts -= {"close"}
    if case.longer_asked_by == side:
        acts -= {"longer"}
    return acts - _said_by_payments(case, now) if case.state in PERFORMED_IN else acts


def _days(case: Case, now: datetime) -> dict[str, int]:
    """How long what is said of a performance holds: until it counts, and until a case in default closes."""
    rules = {code: queries.rule_of(case, code, now) for code in ("contest", "recover")}
    return {code: int(rule["days"]) for code, rule in rules.items() if rule}


def _said_by_payments(case: Case, now: datetime) -> set[str]:
    """What the sides need not say of a performance, since its payments say it; or cannot yet, or have."""
    if queries.payments_are_open(case):
        return {"report", "contest", "confirm"}
    done = {"report"} if case.performed_said_at else set()
    return done if queries.may_contest(case, now) else done | {"contest"}


def _owed(case: Case, terms: Terms | None) -> list[Instalment] | None:
    """The payments of the settlement that are still open; None where it is not being performed, or is not for the viewer."""
    if terms is None or case.state not in PERFORMED_IN:
        return None
    return [each for each in terms.instalments.all() if each.received_on is None]


def _first_late(owed: Iterable[Instalment]) -> datetime | None:
    """When the first of these payments counts as late."""
    return min((each.late_after for each in owed if each.late_after is not None), default=None)


def _filing(case: Case, viewer: Viewer) -> Any:
    return case.filings.order_by("-pk").first() if may_see(Zone.AWARD, viewer) else None


def _manifest(case: Case, terms: Any, viewer: Viewer) -> dict[str, Any]:
    """What would be sent, part by part, for the two sides to read before they send it."""
    if case.state not in (CaseState.MSA_SIGNED, CaseState.RETURNED) or terms is None:
        return {}
    if viewer not in (Viewer.PARTY_A, Viewer.PARTY_B):
        return {}
    manifest = manifest_of(packet_of(case, terms))
    return {"parts": parts_in_words(manifest), "digest": digest(manifest)}


def parts_in_words(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of a manifest or a packet, each with what it and its zone are called."""
    return [part | {"words": PARTS[part["name"]], "zone_words": Zone(part["zone"]).label} for part in parts]


def _tick(tick: Any, language: str) -> dict[str, str]:
    own, other = (tick.zh, tick.en) if language.startswith("zh") else (tick.en, tick.zh)
    return {"code": tick.code, "own": own, "other": other}


def _story(case: Case, actor: Actor, viewer: Viewer) -> list[Any]:
    """Newest first: for the parties what their company may know, for officials what their place lets them know."""
    if viewer in (Viewer.PARTY_A, Viewer.PARTY_B):
        told = story_of(case.uid, actor=actor).filter(name__in=STORY)
    else:
        told = whole_story_of(case.uid, names=told_to(viewer).intersection(STORY))
    return list(reversed(told))


def entry_of(event: Any, names: dict[Any, str], case: Case) -> Entry:
    words, icon_name, tone = STORY[event.name]
    by = {case.claimant_id: names[Side.A], case.respondent_id: names[Side.B]}.get(event.company_id, "")
    silent = event.name == "FilingReturned" and event.payload.get("by_time")
    note = returned_in_words(UNANSWERED) if silent else ""
    return Entry(str(words), event.at, by, note, tone, icon_name)
