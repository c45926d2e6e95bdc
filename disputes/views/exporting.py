"""The columns of a party's file of cases: what its list and the open file say, and nothing of the rooms."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from disputes.models import Case, Official
from kernel.sheets import Row

COLUMNS = (
    _("Case"),
    _("About order"),
    _("Claimant"),
    _("Respondent"),
    _("State"),
    _("What is it about"),
    _("What is asked for"),
    _("Amount claimed"),
    _("Currency"),
    _("Opened on"),
    _("Deadline"),
    _("Case manager"),
    _("Mediator"),
    _("Settled on"),
    _("Ended on"),
)


def case_row(case: Case) -> Row:
    language = get_language() or "en"
    return (
        case.number,
        case.order.reference,
        case.claimant.name_in(language),
        case.respondent.name_in(language),
        str(case.get_state_display()),
        str(case.get_kind_display()),
        str(case.get_remedy_display()),
        round(case.amount, 2),
        case.currency,
        case.opened_at,
        case.respond_by,
        _name(case.manager, language),
        _name(case.mediator, language),
        case.settled_at,
        case.ended_at,
    )


def _name(official: Official | None, language: str) -> str:
    return official.name_in(language) if official else ""
