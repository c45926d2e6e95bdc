"""From when on acts ask for what is laid down: one officer drafts it and says why, another one decides it.

Both ways take two: what begins to be asked keeps companies from their business, and what is asked no longer leaves a door
open. What cannot wait for a second officer, an issuer whose keys are lost, is stopped by one (`services.issuers`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor, Staff
from identity.events import RequirementDrafted, RequirementEased, RequirementEnforced
from identity.models import Enforcement, PurposeRequirement
from identity.queries.enforcement import asking_at, drafts_at
from identity.queries.recognition import day_of, requirement_on
from identity.services.governing import governing, governing_with
from identity.states import Purpose
from kernel.errors import Conflict, Forbidden, Refused
from kernel.events import BusinessEvent
from kernel.services import record

#: acts whose verbs ask (`services.assurance.guard`)
GUARDED = (
    Purpose.QUOTE,
    Purpose.ORDER,
    Purpose.ISSUE_DOCUMENT,
    Purpose.ACCEPT_FINANCE,
    Purpose.SIGN_SETTLEMENT,
    Purpose.CHANGE_BANK_ACCOUNT,
)


def unasked(now: datetime) -> list[Purpose]:
    """Guarded acts that whoever has the role does at that moment without showing who they are. One statement."""
    asking = asking_at(now)
    return [purpose for purpose in GUARDED if purpose not in asking or not asking[purpose].since]


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


class NothingDrafted(Conflict):
    code = "requirement.nothing_drafted"
    message = _("No officer has drafted a change here in the last seven days.")


class OwnDraft(Forbidden):
    code = "requirement.own_draft"
    message = _("You drafted this yourself: another officer decides it.")


@transaction.atomic
def enforce_requirement(
    *, actor: Actor, purpose: str, reason: str, from_at: datetime | None = None, now: datetime
) -> Enforcement:
    """Draft that from `from_at` on (at once where none is said) acts of this kind ask for what is laid down."""
    officer = governing_with(actor, reason)
    begins = from_at or now
    if begins < now:
        raise AskedBackwards
    _check_can_be_asked(purpose, begins, now)
    return _draft(officer, purpose, asked=True, from_at=begins, reason=reason, now=now)


@transaction.atomic
def ease_requirement(*, actor: Actor, purpose: str, reason: str, now: datetime) -> Enforcement:
    """Draft that acts of this kind ask for nothing any more, also where they would have from a later day on."""
    officer = governing_with(actor, reason)
    _check_is_asked(purpose, now)
    return _draft(officer, purpose, asked=False, from_at=now, reason=reason, now=now)


@transaction.atomic
def confirm_requirement(*, actor: Actor, purpose: str, now: datetime) -> Enforcement:
    """Decide what another officer has drafted last for acts of this kind. Shown to everybody at once."""
    officer = governing(actor)
    _lock(purpose)
    draft = drafts_at(now).get(purpose)
    if draft is None:
        raise NothingDrafted
    if draft.officer_id == officer.user_id:
        raise OwnDraft
    begins = max(draft.from_at, now)
    event: BusinessEvent
    if draft.asked:
        _check_can_be_asked(purpose, begins, now)
        event = RequirementEnforced(purpose=purpose, from_at=begins)
    else:
        _check_is_asked(purpose, now)
        event = RequirementEased(purpose=purpose)
    row = _write(
        officer, purpose, asked=draft.asked, from_at=begins, reason=draft.reason, confirms=draft, now=now
    )
    record(event, actor=officer, now=now)
    return row


def _check_can_be_asked(purpose: str, begins: datetime, now: datetime) -> None:
    requirement = requirement_on(purpose, day_of(begins))
    if purpose not in GUARDED or requirement is None or requirement.rank == 0:
        raise NothingToAsk
    asking = asking_at(now).get(purpose)
    if asking and (asking.since or asking.next and asking.next <= begins):
        raise AskedAlready


def _check_is_asked(purpose: str, now: datetime) -> None:
    asking = asking_at(now).get(purpose)
    if asking is None or not (asking.since or asking.next):
        raise NotAsked


def _draft(officer: Staff, purpose: str, *, asked: bool, now: datetime, **said: Any) -> Enforcement:
    row = _write(officer, purpose, asked=asked, now=now, **said)
    record(RequirementDrafted(purpose=purpose, asked=asked), actor=officer, now=now)
    return row


def _write(
    officer: Staff,
    purpose: str,
    *,
    asked: bool,
    from_at: datetime,
    reason: str,
    confirms: Enforcement | None = None,
    now: datetime,
) -> Enforcement:
    return Enforcement.objects.create(
        purpose=purpose,
        asked=asked,
        from_at=from_at,
        reason=reason.strip()[:500],
        officer=officer.user,
        confirms=confirms,
        at=now,
    )


def _lock(purpose: str) -> None:
    """Of two officers who confirm at once the second finds nothing left to confirm."""
    list(PurposeRequirement.objects.select_for_update(no_key=True).filter(purpose=purpose).order_by("pk"))
