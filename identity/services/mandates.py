"""Mandates: whom a company's owner lets do a kind of act, up to how much, from when to when; asked at every such act.

Once an owner has given the first mandate for an act, owners and those with a standing mandate do it, and nobody else. One
that has run out or was revoked never opens the act again for whoever had it.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor, CompanyActor, Member, require_person
from identity.events import MandateGiven, MandateRevoked
from identity.models import Mandate, Membership
from identity.services.locking import lock_company
from identity.states import Purpose, Role
from kernel.errors import Forbidden, NotFound, Refused
from kernel.money import CURRENCIES, round_money
from kernel.services import record

#: what a mandate can be for
MANDATED = (
    Purpose.ORDER,
    Purpose.ISSUE_DOCUMENT,
    Purpose.ACCEPT_FINANCE,
    Purpose.SIGN_SETTLEMENT,
    Purpose.CHANGE_BANK_ACCOUNT,
)
MOST = Decimal(10) ** 13


class Worth(Protocol):
    """What an act is about in money."""

    def in_currency(self, code: str) -> Decimal | None:
        """Rounded, by the stored rate of the day; None where there is none."""


class MandateNeeded(Forbidden):
    code = "mandate.needed"
    message = _(
        "Your company lets only owners and people with a mandate do this. Ask an owner for one: %(act)s."
    )


class MandateExceeded(Forbidden):
    code = "mandate.exceeded"
    message = _(
        "This is over your mandate of %(ceiling)s %(currency)s. Ask an owner to do it, or for a higher one."
    )


class NotMandated(Refused):
    code = "mandate.not_for_this"
    message = _("There are no mandates for this.")
    field = "act"


class HolderUnknown(Refused):
    code = "mandate.holder_unknown"
    message = _("Choose somebody who acts for your company.")
    field = "holder"


class NotACeiling(Refused):
    code = "mandate.not_a_ceiling"
    message = _("Give an amount of 0 or more and its currency, or neither for any amount.")
    field = "ceiling"


class MandateDates(Refused):
    code = "mandate.dates_out_of_order"
    message = _("A mandate begins now or later, and ends after it begins.")
    field = "valid_to"


@transaction.atomic
def give_mandate(
    *,
    actor: Actor,
    holder: str,
    act: str,
    ceiling: Decimal | None = None,
    currency: str = "",
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    now: datetime,
) -> Mandate:
    """Let the member of the public id `holder` do `act`; for owners. From the first one on others may no longer."""
    owner = require_person(actor, Role.OWNER)
    lock_company(owner)
    if act not in MANDATED:
        raise NotMandated
    begins = valid_from or now
    if begins < now or (valid_to is not None and valid_to <= begins):
        raise MandateDates
    _check_ceiling(ceiling, currency)
    mandate = Mandate.objects.create(
        company_id=owner.company_id,
        holder_id=_holder(owner, holder, now).user_id,
        act=act,
        ceiling=ceiling,
        currency=currency,
        valid_from=begins,
        valid_to=valid_to,
    )
    event = MandateGiven(mandate_id=mandate.pk, act=act)
    record(event, actor=owner, now=now, subject=mandate, audience=[owner.company_id])
    return mandate


@transaction.atomic
def revoke_mandate(*, actor: Actor, mandate: str, now: datetime) -> Mandate:
    """From now on it counts for nothing, whoever vouched for it; revoked before, it stays as it is."""
    owner = require_person(actor, Role.OWNER)
    found: Mandate = Mandate.objects.visible_to(owner).select_for_update().fetch(mandate)
    if found.revoked_at is None:
        found.revoked_at = now
        found.save(update_fields=["revoked_at"])
        event = MandateRevoked(mandate_id=found.pk, act=found.act)
        record(event, actor=owner, now=now, subject=found, audience=[owner.company_id])
    return found


def check_mandate(
    *, actor: CompanyActor, act: str, worth: Worth | None = None, now: datetime
) -> Mandate | None:
    """The mandate that the act rests on; None for owners, and where the company works without mandates for it.

    Raises `MandateNeeded`, or `MandateExceeded` over every ceiling of the person's, and where no rate tells.
    """
    if act not in MANDATED or actor.may(Role.OWNER) or not _works_by_mandates(actor.company_id, act, now):
        return None
    mine = [one for one in _held_by(actor, act) if one.stands_at(now)]
    if not mine:
        if _is_owner(actor, now):  # of a program, whose roles are cut down
            return None
        raise MandateNeeded(act=Purpose(act).label)
    for mandate in mine:
        if _covers(mandate, worth):
            return mandate
    widest = mine[-1]
    raise MandateExceeded(ceiling=f"{widest.ceiling:,.2f}", currency=widest.currency)


def _works_by_mandates(company_id: int, act: str, now: datetime) -> bool:
    """Since the first one that an owner gave began. What an issuer says of one person binds nobody else."""
    given = Mandate.objects.filter(company_id=company_id, act=act, issuer__isnull=True, valid_from__lte=now)
    return given.exists()


def _held_by(actor: CompanyActor, act: str) -> list[Mandate]:
    """The widest last. Once an owner of the company has decided on somebody, an issuer's word on them adds nothing to it.

    Those of an issuer that is suspended do not count.
    """
    theirs = Mandate.objects.filter(company_id=actor.company_id, holder_id=actor.user_id, act=act)
    every = list(theirs.select_related("issuer__framework"))
    by_owner = [one for one in every if one.issuer is None]
    held = [one for one in by_owner or every if one.revoked_at is None]
    standing = [one for one in held if one.issuer is None or one.issuer.stands]
    return sorted(standing, key=lambda one: MOST if one.ceiling is None else one.ceiling)


def _covers(mandate: Mandate, worth: Worth | None) -> bool:
    if mandate.ceiling is None or worth is None:
        return True
    amount = worth.in_currency(mandate.currency)
    return amount is not None and amount <= mandate.ceiling


def _is_owner(actor: CompanyActor, now: datetime) -> bool:
    found = Membership.objects.active(now).filter(company_id=actor.company_id, user_id=actor.user_id).first()
    return found is not None and Role.OWNER in found.roles


def _holder(owner: Member, member: str, now: datetime) -> Membership:
    try:
        found: Membership = Membership.objects.active(now).visible_to(owner).fetch(member)
    except NotFound as error:
        raise HolderUnknown from error
    return found


def _check_ceiling(ceiling: Decimal | None, currency: str) -> None:
    if ceiling is None and not currency:
        return
    if ceiling is None or currency not in CURRENCIES or not ceiling.is_finite() or not 0 <= ceiling < MOST:
        raise NotACeiling
    if ceiling != round_money(ceiling, currency):
        raise NotACeiling
