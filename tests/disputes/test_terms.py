"""Terms in two languages: equal figures, one hash, two signatures; an edit voids them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from disputes import services
from disputes.models import Signature
from disputes.rules.clauses import Pair, Payment, figures_of, same_figures
from disputes.rules.consents import CODES, TICKS, text_hash
from disputes.services import consenting, settling
from disputes.services.fetching import NotNow
from disputes.states import CaseState, TermsState
from kernel.errors import Forbidden, NotFound
from tests import factories as people
from tests.disputes import factories as cases
from tests.disputes.factories import NOW, a_case_in


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("Pay SGD 1,200.00 by 3 December 2026.", "2026年12月3日前支付 1200 新加坡元。"),
        ("Pay SGD 40.50 on 2026-12-03", "２０２６年１２月３日支付４０．５０新加坡元"),
        ("Within 5 working days", "5个工作日内"),
        ("No figures at all", "没有数字"),
    ],
)
def test_the_same_figures_however_written(en: str, zh: str) -> None:
    assert same_figures(Pair(en, zh)), (figures_of(en), figures_of(zh))


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("Pay SGD 1,200.00", "支付 1,000.00 新加坡元"),
        ("by 3 December 2026", "2026年12月4日前"),
        ("in 2 parts of 50", "分2期支付"),
    ],
)
def test_different_figures(en: str, zh: str) -> None:
    assert not same_figures(Pair(en, zh))


@pytest.mark.django_db
def test_a_clause_with_other_figures_is_refused() -> None:
    case = a_case_in(CaseState.MEDIATING)
    with pytest.raises(settling.FiguresDiffer):
        services.draft_terms(
            actor=cases.mediator(),
            case=case.public_id,
            clauses=[Pair("Pay 40.", "支付 400。")],
            payments=[],
            governing="en",
            now=NOW,
        )
    case.refresh_from_db()
    assert case.state == CaseState.MEDIATING
    assert not case.terms.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"amount": Decimal("NaN")},
        {"amount": Decimal("0")},
        {"amount": Decimal("1.001")},
        {"currency": "USD"},
        {"payer": "c"},
        {"due_on": NOW.date() - timedelta(days=2)},
        {"due_on": NOW.date() + timedelta(days=800)},
    ],
)
def test_an_absurd_schedule_is_refused(change: dict) -> None:
    case = a_case_in(CaseState.MEDIATING)
    values = {"payer": "b", "amount": Decimal(1), "currency": "SGD", "due_on": NOW.date() + timedelta(days=9)}
    with pytest.raises(settling.NotASchedule):
        services.draft_terms(
            actor=cases.mediator(),
            case=case.public_id,
            clauses=[Pair("Paid.", "付款。")],
            payments=[Payment(**(values | change))],
            governing="en",
            now=NOW,
        )


@pytest.mark.django_db
def test_an_edit_voids_the_signatures() -> None:
    case = a_case_in(CaseState.SIGNING)
    first = case.terms.get(state=TermsState.LOCKED)
    services.sign_terms(
        actor=people.bo(), case=case.public_id, name="Bo Wen", text_seen=first.text_hash, now=NOW
    )
    cases.drafted(case, amount="45.00")
    case.refresh_from_db()
    first.refresh_from_db()
    assert (case.state, first.state) == (CaseState.DRAFTING, TermsState.VOID)
    cases.locked(case)
    second = case.terms.get(state=TermsState.LOCKED)
    assert second.text_hash != first.text_hash
    assert not second.signatures.exists()
    with pytest.raises(consenting.TextChanged):
        services.sign_terms(
            actor=people.bo(), case=case.public_id, name="Bo Wen", text_seen=first.text_hash, now=NOW
        )


@pytest.mark.django_db
def test_a_side_signs_once() -> None:
    case = a_case_in(CaseState.SIGNING)
    seen = case.terms.get(state=TermsState.LOCKED).text_hash
    entry = {"actor": people.bo(), "case": case.public_id, "name": "Bo Wen", "text_seen": seen, "now": NOW}
    services.sign_terms(**entry)
    with pytest.raises(settling.SignedAlready):
        services.sign_terms(**entry)
    assert Signature.objects.count() == 1
    case.refresh_from_db()
    assert case.state == CaseState.SIGNING


@pytest.mark.django_db
def test_only_the_mediator_of_the_case_drafts_and_locks() -> None:
    case = a_case_in(CaseState.DRAFTING)
    other = cases.mediator("other@office.example", "Oskar Ho")
    for actor in (other, people.bo(), people.officer()):
        with pytest.raises(NotFound):
            services.lock_terms(actor=actor, case=case.public_id, now=NOW)
    with pytest.raises(Forbidden):
        services.lock_terms(actor=cases.manager(), case=case.public_id, now=NOW)


@pytest.mark.django_db
def test_there_is_nothing_to_lock_before_a_draft() -> None:
    case = a_case_in(CaseState.MEDIATING)
    with pytest.raises(NotNow):
        services.lock_terms(actor=cases.mediator(), case=case.public_id, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("missing", [tick.code for tick in TICKS])
def test_every_tick_is_needed(missing: str) -> None:
    case = a_case_in(CaseState.CONSENT_PENDING)
    ticks = [code for code in CODES if code != missing]
    with pytest.raises(consenting.TickMissing):
        services.give_consent(
            actor=people.bo(), case=case.public_id, ticks=ticks, text_seen=text_hash(), now=NOW
        )
    assert not case.consents.exists()


@pytest.mark.django_db
def test_consent_is_to_the_text_that_was_read() -> None:
    case = a_case_in(CaseState.CONSENT_PENDING)
    with pytest.raises(consenting.TextChanged):
        services.give_consent(actor=people.bo(), case=case.public_id, ticks=CODES, text_seen="x", now=NOW)
    assert not case.consents.exists()
