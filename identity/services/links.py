"""What becomes of a link after its ceremony: officers decide where names do not settle it, and it is taken back by its person,
or undone by an officer. The door shuts easily: whoever has a word in it may end it alone.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import DECIDE_LINK, Anonymous, Staff
from identity.events import (
    IdentitiesLinked,
    IdentityLinkAccepted,
    IdentityLinkRejected,
    IdentityLinkRevoked,
    IdentityLinkUndone,
)
from identity.models import Consent, IdentityLink, LinkedSide, User
from identity.services.locking import lock_person
from identity.states import LINK_MOVES, LinkState
from kernel.errors import Forbidden, NotFound, Refused
from kernel.services import record
from kernel.states import IllegalMove, check_move

#: characters of what an officer says
LONGEST = 300


class SecondOfficer(Refused):
    code = "link.second_officer"
    message = _("You have decided already. A second officer has to agree.")
    status = 403


class OwnLink(Refused):
    code = "link.own"
    message = _("This is your own link. Other officers decide.")
    status = 403


class LinkReasonMissing(Refused):
    code = "link.reason_missing"
    message = _("Say why.")
    field = "reason"


@transaction.atomic
def decide_link(
    *, actor: Staff, link: IdentityLink, accepted: bool, reason: str, now: datetime
) -> IdentityLink:
    """An officer's word where names do not settle it. Two officers accept; one is enough to refuse."""
    link = _for_officer(actor, link, reason)
    if link.decided_by_1_id == actor.user_id:
        raise SecondOfficer
    if accepted and link.decided_by_1_id is None:
        check_move(LINK_MOVES, link.state, LinkState.ACTIVE)
        link.decided_by_1, link.reason = actor.user, reason.strip()[:LONGEST]
        link.save()
        record(IdentityLinkAccepted(link_id=link.pk), actor=actor, now=now, subject=link)
        return link
    link.decided_at = now
    link.decided_by_1, link.decided_by_2 = (
        (link.decided_by_1, actor.user) if link.decided_by_1_id else (actor.user, None)
    )
    link.reason = f"{link.reason} · {reason.strip()}".strip(" ·")[:LONGEST]
    if accepted:
        check_move(LINK_MOVES, link.state, LinkState.ACTIVE)
        link.state = LinkState.ACTIVE
        link.save()
    else:
        end_link(link, LinkState.REJECTED)
    event = IdentitiesLinked(link_id=link.pk) if accepted else IdentityLinkRejected(link_id=link.pk)
    record(event, actor=actor, now=now, subject=link)
    return link


@transaction.atomic
def undo_link(*, actor: Staff, link: IdentityLink, reason: str, now: datetime) -> IdentityLink:
    """An officer ends a link that stands, by whomever it was made: a mistake, or somebody was deceived. Its person reads why.

    Their consent stays as they gave it: it is theirs to withdraw.
    """
    link = _for_officer(actor, link, reason)
    if link.state != LinkState.ACTIVE:  # one that waits is refused, with `decide_link`
        raise IllegalMove(state=link.state, target=LinkState.REVOKED)
    _revoke(link, by=actor.user, reason=reason.strip()[:LONGEST], now=now)
    record(IdentityLinkUndone(link_id=link.pk), actor=actor, now=now, subject=link)
    return link


@transaction.atomic
def revoke_link(*, link: IdentityLink, user: User, now: datetime) -> IdentityLink:
    """The person takes their link back: new acts that rest on it are refused from now on; past ones keep their evidence."""
    link = _locked(link)
    if link.user_id != user.pk:
        raise NotFound
    _revoke(link, by=user, reason="", now=now)
    Consent.objects.filter(pk__in=[link.consent_id], withdrawn_at__isnull=True).update(withdrawn_at=now)
    record(IdentityLinkRevoked(link_id=link.pk), actor=Anonymous(user_id=user.pk), now=now, subject=link)
    return link


def end_link(link: IdentityLink, state: LinkState) -> None:
    """A link that is not under way any more frees its identities for another."""
    check_move(LINK_MOVES, link.state, state)
    link.state = state
    link.save()
    LinkedSide.objects.filter(link=link).update(open=False)


def _for_officer(actor: Staff, link: IdentityLink, reason: str) -> IdentityLink:
    """The link, locked, for an officer who decides links, has a reason, and has no part in it."""
    if not actor.has(DECIDE_LINK):
        raise Forbidden
    if not reason.strip():
        raise LinkReasonMissing
    if link.user_id == actor.user_id:
        raise OwnLink
    return _locked(link)


def _locked(link: IdentityLink) -> IdentityLink:
    """Its person first, as everywhere."""
    lock_person(link.user_id)
    found: IdentityLink = IdentityLink.objects.select_for_update().get(pk=link.pk)
    return found


def _revoke(link: IdentityLink, *, by: User, reason: str, now: datetime) -> None:
    link.revoked_at, link.revoked_by, link.revoked_reason = now, by, reason
    end_link(link, LinkState.REVOKED)
