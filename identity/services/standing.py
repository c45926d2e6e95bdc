"""Suspending a company and reinstating it: the programme office's own decision, with a reason that the company reads.

A suspended company's people still come in, and orders placed before go on. It sells and orders nothing new.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import SUSPEND, Actor, Staff
from identity.events import CompanyReinstated, CompanySuspended
from identity.models import Company, Membership
from identity.states import COMPANY_MOVES, CompanyState
from kernel.errors import Forbidden, Refused
from kernel.services import record
from kernel.states import check_move


class StandingReasonMissing(Refused):
    code = "company.standing_reason_missing"
    message = _("Say why: the company reads it.")
    field = "reason"


class OwnCompanysStanding(Refused):
    code = "company.own_standing"
    message = _("You act for this company yourself. Another officer has to decide.")
    status = 403


@transaction.atomic
def suspend_company(*, actor: Actor, company: Company, reason: str, now: datetime) -> Company:
    """From now on nobody finds or orders its goods, and it places no orders."""
    locked = _move(actor, company, CompanyState.SUSPENDED, reason, now)
    record(CompanySuspended(company_id=locked.pk), actor=actor, now=now, subject=locked, audience=[locked.pk])
    return locked


@transaction.atomic
def reinstate_company(*, actor: Actor, company: Company, reason: str, now: datetime) -> Company:
    """Its published listings are for sale again, and it orders again."""
    locked = _move(actor, company, CompanyState.ACTIVE, reason, now)
    record(
        CompanyReinstated(company_id=locked.pk), actor=actor, now=now, subject=locked, audience=[locked.pk]
    )
    return locked


def _move(actor: Actor, company: Company, state: str, reason: str, now: datetime) -> Company:
    _check_officer(actor, company, now)
    if not reason.strip():
        raise StandingReasonMissing
    locked = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    check_move(COMPANY_MOVES, locked.state, state)
    locked.state, locked.standing_reason = state, reason.strip()[:500]
    locked.save(update_fields=["state", "standing_reason"])
    return locked


def _check_officer(actor: Actor, company: Company, now: datetime) -> None:
    if not isinstance(actor, Staff) or not actor.has(SUSPEND):
        raise Forbidden
    if Membership.objects.active(now).filter(company_id=company.pk, user_id=actor.user_id).exists():
        raise OwnCompanysStanding
