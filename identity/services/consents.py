"""A person's consents: given to a notice in one of its versions, and withdrawn, with what rested on them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from identity.actors import Anonymous
from identity.events import DataConsentGiven, DataConsentWithdrawn
from identity.models import Consent, ExternalIdentity, IdentityLink, User
from identity.rules.consents import Notice
from identity.services.disconnecting import end_identity
from identity.services.links import revoke_link
from identity.services.locking import lock_person
from identity.states import LinkState
from kernel.errors import NotFound
from kernel.services import record


@transaction.atomic
def give_consent(
    *, user: User, notice: Notice, from_jurisdiction: str, to_jurisdiction: str, now: datetime
) -> Consent:
    """The person has read `notice` and goes on; what it names may go from one jurisdiction to the other."""
    consent = written_consent(
        user=user,
        notice=notice,
        from_jurisdiction=from_jurisdiction,
        to_jurisdiction=to_jurisdiction,
        now=now,
    )
    event = DataConsentGiven(consent_id=consent.pk)
    record(event, actor=Anonymous(user_id=user.pk), now=now, subject=consent)
    return consent


@transaction.atomic
def withdraw_consent(*, user: User, consent: Consent, now: datetime) -> Consent:
    """What rests on it ends at once, and what was signed before keeps its evidence. Once more changes nothing."""
    lock_person(user.pk)
    consent = Consent.objects.select_for_update().get(pk=consent.pk)
    if consent.user_id != user.pk:
        raise NotFound
    if consent.withdrawn_at is not None:
        return consent
    for link in IdentityLink.objects.filter(consent=consent, state__in=(LinkState.MATCHED, LinkState.ACTIVE)):
        revoke_link(link=link, user=user, now=now)
    for identity in ExternalIdentity.objects.filter(consent=consent, ended_at__isnull=True):
        end_identity(identity=identity, user=user, now=now)
    consent.withdrawn_at = now
    consent.save(update_fields=["withdrawn_at"])
    event = DataConsentWithdrawn(consent_id=consent.pk)
    record(event, actor=Anonymous(user_id=user.pk), now=now, subject=consent)
    return consent


def written_consent(
    *, user: User, notice: Notice, from_jurisdiction: str, to_jurisdiction: str, now: datetime
) -> Consent:
    """The row alone, as the notice's version words it; what it was given for is told by the caller's event."""
    consent: Consent = Consent.objects.create(
        user=user,
        purpose=notice.purpose,
        data_categories=list(notice.data),
        from_jurisdiction=from_jurisdiction,
        to_jurisdiction=to_jurisdiction,
        legal_basis=notice.legal_basis,
        notice_version=notice.version,
        given_at=now,
    )
    return consent
