"""Terms: drafted and locked by the mediator, signed by both. An edit makes a new text, and signatures void."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disputes import queries
from disputes.events import SettlementSigned, TermsDrafted, TermsLocked, TermsSigned
from disputes.models import Case, Clause, Instalment, Signature, Terms
from disputes.rules.clauses import Pair, Payment, same_figures, text_hash
from disputes.rules.deadlines import NoCalendar, count, day_of, end_of
from disputes.rules.roles import SIGNATORIES
from disputes.services.consenting import TextChanged
from disputes.services.fetching import (
    CalendarMissing,
    NotNow,
    await_until,
    expect,
    last_deadline,
    move,
    own_mediation,
    party_case,
    set_state,
    tell,
    wind,
)
from disputes.states import TERMS_MOVES, CaseState, Side, TermsState
from identity.actors import Actor
from identity.services import check_not_held, guard
from identity.states import Purpose, ScreenedAct
from kernel.errors import Conflict, Refused
from kernel.money import round_money
from kernel.states import check_move
from tariffs.queries import Worth

MOST_CLAUSES = 60
MOST_INSTALMENTS = 24
LANGUAGES = ("en", "zh-hans")
#: calendars are known about that far
LONGEST_SCHEDULE = timedelta(days=366)


class ClauseIncomplete(Refused):
    code = "terms.clause_incomplete"
    message = _("Every clause stands in both languages; there are 1 to 60 of them.")
    field = "clauses"


class FiguresDiffer(Refused):
    code = "terms.figures_differ"
    message = _("Clause %(number)s: the figures and dates of the two languages are not the same.")
    field = "clauses"


class NotASchedule(Refused):
    code = "terms.not_a_schedule"
    message = _(
        "Each payment names a payer, an amount above 0 with two decimals, and a day within a year from today."
    )
    field = "payments"


class SignedAlready(Conflict):
    code = "terms.signed_already"
    message = _("Your company has signed this text already.")


class NameMissing(Refused):
    code = "terms.name_missing"
    message = _("Write your name as you sign.")
    field = "name"


@transaction.atomic
def draft_terms(
    *,
    actor: Actor,
    case: str,
    clauses: Sequence[Pair],
    payments: Sequence[Payment],
    governing: str,
    now: datetime,
) -> Terms:
    """The mediator writes the terms. While they are out for signature this is an edit: signatures are void."""
    found, _mediator = own_mediation(actor, case)
    if found.state == CaseState.MEDIATING or found.state == CaseState.SIGNING:
        move(found, CaseState.DRAFTING, now=now)
        _back_to_mediation_time(found, actor=actor, now=now)
    else:
        expect(found, CaseState.DRAFTING, now=now)
    _check(clauses, payments, found, governing, now)
    version = _void_standing(found) + 1
    terms = Terms.objects.create(case=found, version=version, governing_language=governing, drafted_at=now)
    Clause.objects.bulk_create(
        Clause(terms=terms, number=number, text_en=pair.en.strip(), text_zh=pair.zh.strip())
        for number, pair in enumerate(clauses, 1)
    )
    Instalment.objects.bulk_create(
        Instalment(
            terms=terms,
            number=number,
            payer=each.payer,
            amount=each.amount,
            currency=each.currency,
            due_on=each.due_on,
        )
        for number, each in enumerate(payments, 1)
    )
    tell(found, TermsDrafted(case_id=found.pk, terms_id=terms.pk), actor=actor, now=now, subject=terms)
    return terms


@transaction.atomic
def lock_terms(*, actor: Actor, case: str, now: datetime) -> Terms:
    """The mediator locks the draft: its hash is what both sides sign, before the deadline."""
    found, _mediator = own_mediation(actor, case)
    move(found, CaseState.SIGNING, now=now)
    terms = found.terms.select_for_update().filter(state=TermsState.DRAFT).first()
    if terms is None:
        raise NotNow(state=found.get_state_display())
    check_move(TERMS_MOVES, terms.state, TermsState.LOCKED)
    terms.state, terms.locked_at, terms.text_hash = TermsState.LOCKED, now, hash_of(terms)
    terms.save(update_fields=["state", "locked_at", "text_hash"])
    until = await_until(found, "sign", actor=actor, now=now)
    found.save(update_fields=["state", "respond_by", "changed_at"])
    event = TermsLocked(case_id=found.pk, terms_id=terms.pk, respond_by=until)
    tell(found, event, actor=actor, now=now, subject=terms)
    return terms


@transaction.atomic
def sign_terms(*, actor: Actor, case: str, name: str, text_seen: str, now: datetime) -> Signature:
    """A signatory signs the text of the hash that they read; with the other side's signature it is a settlement."""
    found, member, side = party_case(actor, case, *SIGNATORIES)
    expect(found, CaseState.SIGNING, now=now)
    terms = found.terms.select_for_update().get(state=TermsState.LOCKED)
    others = [party for party in found.parties if party != member.company_id]
    check_not_held(act=ScreenedAct.SIGN_SETTLEMENT, company_id=member.company_id, others=others, now=now)
    assured = guard(actor=member, purpose=Purpose.SIGN_SETTLEMENT, worth=worth_of(terms, found, now), now=now)
    if text_seen != terms.text_hash:
        raise TextChanged
    if not name.strip():
        raise NameMissing
    if terms.signatures.filter(side=side).exists():
        raise SignedAlready
    signature = Signature.objects.create(
        terms=terms,
        side=side,
        company_id=member.company_id,
        signed_by=member.user,
        name=name.strip()[:120],
        text_hash=terms.text_hash,
        at=now,
    )
    tell(
        found,
        TermsSigned(case_id=found.pk, terms_id=terms.pk, side=side, assurance=assured.evidence),
        actor=member,
        now=now,
        subject=terms,
    )
    if terms.signatures.count() == len(Side.values):
        _settle(found, terms, actor=actor, now=now)
    return signature


def worth_of(terms: Terms, case: Case, now: datetime) -> Worth:
    """What is paid under the terms, by whichever side."""
    amounts = [each.amount for each in terms.instalments.all()]
    return Worth(sum(amounts, Decimal(0)), case.currency, timezone.localdate(now))


def hash_of(terms: Terms) -> str:
    """The hash of what the rows say now."""
    pairs = [Pair(clause.text_en, clause.text_zh) for clause in terms.clauses.all()]
    payments = [
        Payment(each.payer, each.amount, each.currency, each.due_on) for each in terms.instalments.all()
    ]
    return text_hash(pairs, payments, governing=terms.governing_language)


def reopen_draft(case: Case, *, actor: Actor, now: datetime) -> None:
    """Signatures did not come in time: the text is a draft again, under a number of its own."""
    locked = case.terms.select_for_update().get(state=TermsState.LOCKED)
    clauses, payments = list(locked.clauses.all()), list(locked.instalments.all())
    _void_standing(case)
    again = Terms.objects.create(
        case=case,
        version=locked.version + 1,
        governing_language=locked.governing_language,
        drafted_at=now,
    )
    for clause in clauses:
        clause.pk, clause.terms = None, again
        clause.save(force_insert=True)
    for payment in payments:
        payment.pk, payment.terms = None, again
        payment.save(force_insert=True)
    set_state(case, CaseState.DRAFTING, now=now)
    _back_to_mediation_time(case, actor=actor, now=now)
    tell(case, TermsDrafted(case_id=case.pk, terms_id=again.pk), actor=actor, now=now, subject=again)


def _settle(case: Case, terms: Terms, *, actor: Actor, now: datetime) -> None:
    check_move(TERMS_MOVES, terms.state, TermsState.SIGNED)
    terms.state = TermsState.SIGNED
    terms.save(update_fields=["state"])
    move(case, CaseState.MSA_SIGNED, now=now)
    case.settled_at = now
    await_until(case, "file", actor=actor, now=now)
    case.save(update_fields=["state", "respond_by", "changed_at", "settled_at"])
    tell(case, SettlementSigned(case_id=case.pk, terms_id=terms.pk), actor=actor, now=now, subject=terms)


def _back_to_mediation_time(case: Case, *, actor: Actor, now: datetime) -> None:
    """Drafting is part of the mediation and ends with it."""
    counted = last_deadline(case, "mediate")
    assert counted is not None, "mediation began with a deadline"
    wind(case, "mediate", counted.ends_at, actor=actor, now=now)
    case.save(update_fields=["state", "respond_by", "changed_at"])


def _void_standing(case: Case) -> int:
    """The last version's number; what stood is void."""
    last = case.terms.select_for_update().order_by("-version").first()
    if last is None:
        return 0
    if last.state != TermsState.VOID:
        check_move(TERMS_MOVES, last.state, TermsState.VOID)
        last.state = TermsState.VOID
        last.save(update_fields=["state"])
    return last.version


def _check(
    clauses: Sequence[Pair], payments: Sequence[Payment], case: Case, governing: str, now: datetime
) -> None:
    if governing not in LANGUAGES or not 0 < len(clauses) <= MOST_CLAUSES:
        raise ClauseIncomplete
    for number, pair in enumerate(clauses, 1):
        if not (pair.en.strip() and pair.zh.strip()) or len(pair.en + pair.zh) > 8000:
            raise ClauseIncomplete
        if not same_figures(pair):
            raise FiguresDiffer(number=number)
    if len(payments) > MOST_INSTALMENTS:
        raise NotASchedule
    for each in payments:
        today = day_of(now)
        in_time = today <= each.due_on <= today + LONGEST_SCHEDULE
        good = each.payer in Side.values and each.currency == case.currency and in_time
        amount = each.amount
        if not good or not amount.is_finite() or amount <= 0 or amount != round_money(amount, each.currency):
            raise NotASchedule
    _check_grace(payments, case)


def _check_grace(payments: Sequence[Payment], case: Case) -> None:
    """The grace of each payment can be counted: once both have signed, a year without a calendar would hold all up."""
    calendars = queries.calendars()
    try:
        for each in payments:
            count(case.rules["rules"]["grace"], start=end_of(each.due_on), calendars=calendars)
    except NoCalendar as error:
        raise CalendarMissing from error
