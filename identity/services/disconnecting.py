"""A person disconnects an identity that they had shown: all that rests on it here ends."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from identity.actors import Anonymous
from identity.events import IdentityEnded
from identity.models import Consent, EntityBinding, ExternalIdentity, IdentityLink, User
from identity.models.linked import UNDER_WAY
from identity.services.authorising import end_authority
from identity.services.links import end_link, revoke_link
from identity.services.locking import lock_person
from identity.states import LinkState
from kernel.errors import NotFound
from kernel.services import record


@transaction.atomic
def end_identity(*, identity: ExternalIdentity, user: User, now: datetime) -> ExternalIdentity:
    """Its bindings and its link end with it, and it can be connected anew. The name that its issuer gave is not kept; what was
    signed rests on digests.
    """
    lock_person(user.pk)
    identity = ExternalIdentity.objects.select_for_update().get(pk=identity.pk)
    if identity.user_id != user.pk:
        raise NotFound
    if identity.ended_at is not None:
        return identity
    shown_in = IdentityLink.objects.filter(Q(first=identity) | Q(second=identity)).order_by("pk")
    for link in shown_in.filter(state__in=(LinkState.MATCHED, LinkState.ACTIVE)):
        revoke_link(link=link, user=user, now=now)
    for link in shown_in.filter(state__in=UNDER_WAY).select_for_update():
        end_link(link, LinkState.EXPIRED)
    EntityBinding.objects.filter(identity=identity, ended_at__isnull=True).update(ended_at=now)
    end_authority(identity=identity, now=now)
    identity.ended_at, identity.ended_reason, identity.name_shown = now, "disconnected", ""
    identity.save(update_fields=["ended_at", "ended_reason", "name_shown"])
    Consent.objects.filter(pk__in=[identity.consent_id], withdrawn_at__isnull=True).update(withdrawn_at=now)
    event = IdentityEnded(identity_id=identity.pk)
    record(event, actor=Anonymous(user_id=user.pk), now=now, subject=identity)
    return identity
