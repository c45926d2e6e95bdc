"""How far a signed settlement is performed: what is to be paid still, and the last day that its terms name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from disputes.models import Case, Clause, Instalment
from disputes.queries.calendars import rules_of_day
from disputes.rules.clauses import last_day_in
from disputes.rules.deadlines import day_of
from disputes.states import TermsState


def rule_of(case: Case, code: str, now: datetime) -> dict[str, Any] | None:
    """How many days of which kind: by the rules of the case, else by those of the day; None where neither names it."""
    return case.rules["rules"].get(code) or rules_of_day(day_of(now))["rules"].get(code)


def payments_are_open(case: Case) -> bool:
    """Whether something of the signed settlement is to be paid still."""
    return Instalment.objects.filter(
        terms__case=case, terms__state=TermsState.SIGNED, received_on__isnull=True
    ).exists()


def last_day_named(case: Case) -> date | None:
    """In the clauses of the signed settlement, whose figures are the same in both languages."""
    clauses = Clause.objects.filter(terms__case=case, terms__state=TermsState.SIGNED)
    return last_day_in(clauses.values_list("text_en", flat=True))


def may_contest(case: Case, now: datetime) -> bool:
    """Whether the claimant can say that it was not done: the respondent says that it was, or the day for it is over."""
    if case.performed_said_at is not None:
        return True
    named = last_day_named(case)
    return named is None or day_of(now) > named
