"""Consent before mediation: tick by tick, by a signatory of each side, to a text known by its hash."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from disputes.events import ConsentGiven, MediationBegan
from disputes.models import Case, Consent
from disputes.rules.consents import CODES, TICKS, VERSION, text_hash
from disputes.rules.roles import SIGNATORIES
from disputes.services.fetching import await_until, expect, party_case, set_state, tell
from disputes.states import CaseState
from identity.actors import Actor
from identity.services import guard
from identity.states import Purpose
from kernel.errors import Conflict, Refused


class TickMissing(Refused):
    code = "case.tick_missing"
    message = _("Mediation begins when every point is agreed to. Agree to each, or leave the case.")


class TextChanged(Conflict):
    code = "case.text_changed"
    message = _("The text has changed since you read it. Read it again.")


class ConsentedAlready(Conflict):
    code = "case.consented_already"
    message = _("Your company has consented already.")


@transaction.atomic
def give_consent(
    *, actor: Actor, case: str, ticks: Collection[str], text_seen: str, now: datetime
) -> Consent:
    """One side agrees, each tick apart. `text_seen` is the hash of what was read. Both sides: mediation begins.

    It holds an agreement to arbitrate, so it asks of a signatory what their signature does. No sum is agreed on yet.
    """
    found, member, side = party_case(actor, case, *SIGNATORIES)
    expect(found, CaseState.CONSENT_PENDING, now=now)
    assured = guard(actor=member, purpose=Purpose.SIGN_SETTLEMENT, now=now)
    if text_seen != text_hash():
        raise TextChanged
    if any(tick.needed and tick.code not in ticks for tick in TICKS):
        raise TickMissing
    if found.consents.filter(side=side).exists():
        raise ConsentedAlready
    consent = Consent.objects.create(
        case=found,
        side=side,
        company_id=member.company_id,
        given_by=member.user,
        text_version=VERSION,
        text_hash=text_seen,
        at=now,
        **{code: code in ticks for code in CODES},
    )
    event = ConsentGiven(case_id=found.pk, side=side, assurance=assured.evidence)
    tell(found, event, actor=member, now=now)
    begin_if_both_consented(found, actor=member, now=now)
    return consent


def begin_if_both_consented(case: Case, *, actor: Actor, now: datetime) -> None:
    """Also after a mediator was replaced: consent is given to the mediation, not to a person."""
    if case.consents.count() < 2:
        return
    set_state(case, CaseState.MEDIATING, now=now)
    case.mediation_began_at = case.mediation_began_at or now
    until = await_until(case, "mediate", actor=actor, now=now)
    case.save(update_fields=["state", "respond_by", "changed_at", "mediation_began_at"])
    tell(case, MediationBegan(case_id=case.pk, respond_by=until), actor=actor, now=now)
