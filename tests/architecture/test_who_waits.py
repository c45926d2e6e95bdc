"""Every state of every machine either waits for somebody, who is told and reminded, or stands here with why it does not.

The states are read from the rooms: one that is added without a line here fails.
"""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec

from django.db.models import TextChoices

from disputes import events as of_cases
from disputes.states import ENDED, GIVEN_LATER, WITH_DEADLINE, CaseState
from financing import events as of_money
from kernel.events import BusinessEvent
from sme_hub import telling
from sme_hub.telling.rows import Row
from tests.architecture.house import ROOT, STACK
from tests.disputes.test_ends import BY_THE_CLOCK

RULE_SETS = ROOT / "disputes/reference/rule_sets.json"
Table = dict[str, dict[str, tuple[str, ...]]]


def of_both(*codes: str) -> tuple[str, ...]:
    return tuple(f"case.{code}_{side}" for code in codes for side in ("claimant", "respondent"))


PAID = ("order.to_pay", "order.payment_to_note")

#: machine → state → the rows of `sme_hub.telling` that tell those for whom it waits
WAITS: Table = {
    "orders.order": {
        "placed": ("order.to_answer",),
        "freight_offered": ("order.freight_to_agree",),
        "confirmed": (*PAID, "order.to_send"),
        "part_despatched": (*PAID, "order.to_send", "order.to_receive"),
        "despatched": (*PAID, "order.to_receive"),
        "completed": PAID,
    },
    "orders.approval": {"waiting": ("approval.to_give",)},
    "financing.offer": {
        "offered": ("money.offered",),
        "accepted": ("money.to_decide",),
        "reserved": ("money.to_pay_out",),
        "disbursed": ("money.to_repay", "money.repayment_to_note"),
    },
    "identity.claim": {"submitted": ("claim.to_decide",)},
    "identity.candidate": {"open": ("candidate.to_decide",)},
    "identity.bank_change": {"waiting": ("bank.to_confirm", "bank.to_confirm_office")},
    "identity.link": {"matched": ("link.to_decide",)},
    "disputes.case": {
        "negotiating": ("case.opened", "case.to_negotiate", *of_both("to_confirm_settled")),
        "requested": ("case.to_serve",),
        "awaiting_answer": ("case.to_answer", "case.to_take"),
        "no_answer": ("case.to_close",),
        "declined": ("case.to_close",),
        "nominating": ("case.to_nominate", "case.to_take"),
        "conflict_check": ("case.to_disclose", *of_both("mediator_to_accept")),
        "consent_pending": of_both("to_consent"),
        "mediating": ("case.to_mediate", *of_both("began", "longer_to_join")),
        "drafting": ("case.to_lock", *of_both("terms_to_read", "longer_to_join")),
        "signing": of_both("to_sign"),
        "msa_signed": of_both("settled"),
        "scia_filed": ("case.to_award",),
        "returned": of_both("returned"),
        "award_issued": of_both("awarded"),
        "performing": ("case.to_confirm", "case.to_report", "case.to_contest", *of_both("to_pay", "to_note")),
        "defaulted": of_both("late", "contested"),
        "failed": ("case.to_close",),
        "expired": ("case.to_close",),
    },
    "disputes.appointment": {
        "asked": ("case.to_disclose",),
        "disclosed": of_both("mediator_to_accept"),
        "confirmed": ("case.to_mediate", "case.to_lock"),
    },
    "disputes.terms": {
        "draft": ("case.to_lock", *of_both("terms_to_read")),
        "locked": of_both("to_sign"),
        "signed": of_both("settled"),
    },
    "disputes.filing": {
        "queued": ("case.to_award",),
        "unknown": ("case.to_award",),
        "received": ("case.to_award",),
        "awarded": of_both("awarded"),
        "returned": of_both("returned"),
    },
}
#: what waits for somebody beside the machines, and how it is told
BESIDES = {
    "delivery.parked": "a delivery that every attempt failed at waits until an operator replays it",
    "claim.to_renew": "a verified claim ends by the calendar: evidence sent again ends the wait",
    "framework.to_confirm": "a draft waits until it is decided, and is written or not",
    "invitation.to_answer": "an invitation stands until its day",
    "list.out_of_date": "a copy grows old by the calendar: the next one ends the wait",
    "policy.to_approve": "a policy is append-only: two officers' words give it force",
    "talk.to_seller": "a thread has no state: whoever did not write last may answer",
    "talk.to_buyer": "a thread has no state: whoever did not write last may answer",
    **dict.fromkeys(
        (*of_both("message"), "case.message_mediator"),
        "a room has no state: reading or answering ends the wait",
    ),
}
OVER = "it is over: nobody can do anything more"
OURS = "a process of ours works on it, and is watched by operators"
#: machine → state → why it waits for nobody
NOBODY: dict[str, dict[str, str]] = {
    "orders.order": {"refused": OVER, "lapsed": OVER, "cancelled": OVER},
    "orders.approval": {"given": OVER, "declined": OVER, "withdrawn": OVER, "lapsed": OVER},
    "financing.offer": {
        "repaid": OVER,
        "declined": OVER,
        "expired": OVER,
        "withdrawn": OVER,
        "disputed": "held by a case, whose own lines say who has to act; seller and bank are told when it ends",
    },
    "identity.company": {
        "active": "it trades",
        "suspended": "the office decides when it has reason to; its owners are told by a letter of its own",
    },
    "identity.claim": {
        "verified": "it holds until its day",
        "refused": "the owners are told why; whether they send it again is theirs to say",
        "withdrawn": OVER,
    },
    "identity.snapshot": {
        "importing": OURS,
        "ready": "it is in force",
        "refused": "officers are told; the copy of before stays in force",
    },
    "identity.candidate": {"cleared": "decided", "confirmed": "decided"},
    "identity.bank_change": {"confirmed": OVER, "declined": OVER, "withdrawn": OVER, "lapsed": OVER},
    "identity.issuer": {"active": "it is relied on", "suspended": "officers decide when they have reason to"},
    "identity.link": {
        "started": "its person is at the screen, and it lapses within the hour",
        "a_proved": "its person is at the screen, and it lapses within the hour",
        "b_proved": "its person is at the screen, and it lapses within the hour",
        "active": "it holds",
        "rejected": OVER,
        "revoked": OVER,
        "expired": OVER,
    },
    "catalog.product": {
        "draft": "the seller's own: counted on their home, and nobody else waits for it",
        "published": "it is on sale",
        "paused": "the seller's own decision",
        "ended": OVER,
    },
    "catalog.import": {
        "waiting": OURS,
        "reading": OURS,
        "running": OURS,
        "done": "told when it is done; rows to mend head the seller's home until the next import",
        "refused": "told when it is refused; it heads the seller's home until the next import",
    },
    "disputes.case": {"settled_direct": OVER, "completed": OVER, "withdrawn": OVER, "closed": OVER},
    "disputes.appointment": {
        "declined": "the manager is told by the case, which waits for another",
        "objected": "the manager is told by the case, which waits for another",
        "silent": "the manager is told by the case, which waits for another",
        "replaced": "the manager is told by the case, which waits for another",
    },
    "disputes.terms": {"void": "a later text has taken its place"},
}
#: events of cases and of money of which nobody is told by a line
UNTOLD: dict[type[BusinessEvent], str] = {
    of_cases.MediatorAccepted: "one side's own business: both are told once the mediator is appointed",
    of_cases.ConsentGiven: "both are told once both have consented",
    of_cases.TermsSigned: "both are told once both have signed",
    of_cases.DeadlineSet: "whatever sets a deadline is told itself, with the deadline",
    of_cases.FilingAwaited: "a timer of ours",
    of_cases.FilingExamined: "what becomes of it is told: the award, or the return",
    of_cases.FilingReceived: "the desk's receipt: the award or the return is told",
    of_money.OffersWanted: "the seller asked; the offers are told",
    of_money.BankInstructed: "the bank is told by the wire; what it answers is told",
    of_money.BankSilent: "a timer of ours; operators see what stays unclear",
    of_money.BankMessageRefused: "a matter of security, kept for operators",
    of_money.BankEnrolled: "done by the office with the bank",
    of_money.FinancePreferenceSet: "the person's own setting",
}


def machines() -> dict[str, set[str]]:
    """Every `*_MOVES` of the rooms' states, by room and name, with its states."""
    found = {}
    for room in STACK:
        if find_spec(f"{room}.states"):
            for name, value in vars(import_module(f"{room}.states")).items():
                if name.endswith("_MOVES"):
                    found[f"{room}.{name.removesuffix('_MOVES').lower()}"] = {str(state) for state in value}
    return found


def rows_that_wait() -> dict[str, Row]:
    return {row.code: row for row in telling.ROWS if row.waits}


def test_every_state_waits_for_somebody_or_says_why_not() -> None:
    for machine, states in machines().items():
        waits, nobody = set(WAITS.get(machine, ())), set(NOBODY.get(machine, ()))
        assert waits & nobody == set(), machine
        assert waits | nobody == states, machine
    assert {*WAITS, *NOBODY} <= set(machines()), "there is no such machine any more"


def test_every_choice_of_states_is_a_machine() -> None:
    """A state that moves by no `MOVES` would be looked at by nothing here."""
    known = list(machines().values())
    for room in STACK:
        if find_spec(f"{room}.states"):
            for name, value in vars(import_module(f"{room}.states")).items():
                if name.endswith("State") and isinstance(value, type) and issubclass(value, TextChoices):
                    assert set(value.values) in known, f"{room}.{name}"


def test_whoever_is_waited_for_is_told_and_reminded() -> None:
    wanted = {code for states in WAITS.values() for codes in states.values() for code in codes}
    assert wanted | set(BESIDES) == set(rows_that_wait())
    after = {row.remind_after for row in rows_that_wait().values()}
    assert min(after) > timedelta(0), "half way to the deadline, or after some days where there is none"


def test_no_case_waits_without_an_end() -> None:
    """Payment of its order is held meanwhile. Every end is tried, with the clock moved, in `tests.disputes.test_ends`."""
    waiting = {str(state) for state in CaseState if state not in ENDED}
    assert waiting == set(WITH_DEADLINE | set(GIVEN_LATER)), (
        "the database asks for the one, the start gives the other"
    )
    newest = max(json.loads(RULE_SETS.read_text()), key=lambda rules: rules["valid_from"])["rules"]
    assert set(GIVEN_LATER.values()) <= set(newest)
    assert waiting == set(BY_THE_CLOCK), "and the clock goes on from each"


def test_nothing_happens_to_a_case_or_to_money_untold() -> None:
    for module in (of_cases, of_money):
        happens = {
            value
            for value in vars(module).values()
            if isinstance(value, type)
            and issubclass(value, BusinessEvent)
            and value.__module__ == module.__name__
        }
        leaves = {event for event in happens if not event.__subclasses__()}
        told = {event for row in telling.ROWS for event in row.on}
        assert leaves - told == {event for event in UNTOLD if event in leaves}
