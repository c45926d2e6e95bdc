"""Mandates that rest on an issuer's word: each role of somebody's, with its own end, renewed at every sign-in there.

A role that the issuer names no more ends with that sign-in; one that has an end runs out by itself. What an owner revoked is
not given again by an issuer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from identity.actors import Anonymous
from identity.events import MandateGiven, MandateRevoked
from identity.models import Company, ExternalIdentity, Mandate
from identity.queries.shown import mandates_said
from kernel.services import record

_MOMENT = timedelta(microseconds=1)


def take_authority(
    *, company: Company, identity: ExternalIdentity, wanted: dict[str, datetime | None], now: datetime
) -> None:
    """The person's mandates by this issuer become `wanted` (act → its end; None for no end). One statement where they are so.

    Inside the transaction of a sign-in.
    """
    known = mandates_said(company, identity, now)
    kept = {mandate.act for mandate in known if mandate.revoked_at is not None}
    for mandate in known:
        if mandate.revoked_at is not None:
            continue
        if mandate.act in wanted and mandate.valid_to == wanted[mandate.act]:
            kept.add(mandate.act)
        else:
            _end(mandate, identity, now, tells=mandate.act not in wanted)
    for act in sorted(wanted.keys() - kept):
        _give(company, identity, act, wanted[act], now)


def end_authority(*, identity: ExternalIdentity, now: datetime) -> None:
    """The person is no longer known by it: what this issuer said they may do ends, for every company."""
    said = Mandate.objects.filter(holder_id=identity.user_id, issuer_id=identity.issuer_id)
    lasting = said.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=now), revoked_at__isnull=True)
    for mandate in lasting.order_by("pk"):
        _end(mandate, identity, now, tells=True)


def _give(
    company: Company, identity: ExternalIdentity, act: str, ends: datetime | None, now: datetime
) -> None:
    mandate = Mandate.objects.create(
        company=company,
        holder_id=identity.user_id,
        act=act,
        valid_from=now,
        valid_to=ends,
        issuer_id=identity.issuer_id,
    )
    event = MandateGiven(mandate_id=mandate.pk, act=act)
    actor = Anonymous(user_id=identity.user_id)
    record(event, actor=actor, now=now, subject=mandate, audience=[company.pk])


def _end(mandate: Mandate, identity: ExternalIdentity, now: datetime, *, tells: bool) -> None:
    """Its end is now; one that is only renewed with another end is no news."""
    mandate.valid_to = max(now, mandate.valid_from + _MOMENT)
    mandate.save(update_fields=["valid_to"])
    if tells:
        event = MandateRevoked(mandate_id=mandate.pk, act=mandate.act)
        actor = Anonymous(user_id=identity.user_id)
        record(event, actor=actor, now=now, subject=mandate, audience=[mandate.company_id])
