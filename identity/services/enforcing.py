"""From when on acts ask for what is laid down: officers decide it, say why, and may take it back at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import GOVERN, Actor, Staff
from identity.events import RequirementEased, RequirementEnforced
from identity.models import Enforcement
from identity.queries.enforcement import asking_at
from identity.queries.recognition import day_of, requirement_on
from identity.services.recognition import ReasonNeeded
from identity.states import Purpose
from kernel.errors import Conflict, Forbidden, Refused
from kernel.services import record

#: acts whose verbs ask (`services.assurance.guard`)
GUARDED = (
    Purpose.ORDER,
    Purpose.ISSUE_DOCUMENT,
    Purpose.ACCEPT_FINANCE,
    Purpose.SIGN_SETTLEMENT,
    Purpose.CHANGE_BANK_ACCOUNT,
)


class NothingToAsk(Refused):
    code = "requirement.nothing_to_ask"
    message = _("No act of this kind asks who somebody is, or nothing is laid down for it.")


class AskedAlready(Conflict):
    code = "requirement.asked_already"
    message = _("This is asked for already, or will be from that moment on.")


class NotAsked(Conflict):
    code = "requirement.not_asked"
    message = _("This is not asked for.")


class AskedBackwards(Refused):
    code = "requirement.in_the_past"
    message = _("It is asked for from now or later: what was done is not judged anew.")
    field = "from_at"


@transaction.atomic
def enforce_requirement(
    *, actor: Actor, purpose: str, reason: str, from_at: datetime | None = None, now: datetime
) -> Enforcement:
    """From `from_at` (now where none is said) on acts of this kind ask for what is laid down. Shown to everybody at once."""
    officer = _officer(actor, reason)
    begins = from_at or now
    if begins < now:
        raise AskedBackwards
    requirement = requirement_on(purpose, day_of(begins))
    if purpose not in GUARDED or requirement is None or requirement.rank == 0:
        raise NothingToAsk
    asking = asking_at(now).get(purpose)
    if asking and (asking.since or asking.next and asking.next <= begins):
        raise AskedAlready
    row = _decide(officer, purpose, asked=True, from_at=begins, reason=reason, now=now)
    record(RequirementEnforced(purpose=purpose, from_at=begins), actor=officer, now=now)
    return row


@transaction.atomic
def ease_requirement(*, actor: Actor, purpose: str, reason: str, now: datetime) -> Enforcement:
    """From now on acts of this kind ask for nothing, also where they would have from a later day on."""
    officer = _officer(actor, reason)
    asking = asking_at(now).get(purpose)
    if asking is None or not (asking.since or asking.next):
        raise NotAsked
    row = _decide(officer, purpose, asked=False, from_at=now, reason=reason, now=now)
    record(RequirementEased(purpose=purpose), actor=officer, now=now)
    return row


def _decide(
    officer: Staff, purpose: str, *, asked: bool, from_at: datetime, reason: str, now: datetime
) -> Enforcement:
    return Enforcement.objects.create(
        purpose=purpose,
        asked=asked,
        from_at=from_at,
        reason=reason.strip()[:500],
        officer=officer.user,
        at=now,
    )


def _officer(actor: Actor, reason: str) -> Staff:
    if not isinstance(actor, Staff) or not actor.has(GOVERN):
        raise Forbidden
    if not reason.strip():
        raise ReasonNeeded
    return actor
