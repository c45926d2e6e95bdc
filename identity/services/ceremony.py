"""The ceremony in which a person links their Singapore and their Shenzhen identity: two fresh sign-ins, then consent.

    started → a_proved → b_proved → active                     where the names settle that it is one person
                                  → matched → active           where two officers decide
    and from each: rejected, revoked, expired

Both sign-ins happen in one session and within ten minutes. A link says that one account has shown both identities; of two
companies it says that one person acts for both, never that they are one legal person.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import Anonymous
from identity.events import IdentitiesLinked, IdentityLinkMatched, IdentityLinkRefused, IdentityLinkStarted
from identity.models import ExternalIdentity, IdentityLink, Issuer, LinkedSide, User
from identity.models.linked import UNDER_WAY
from identity.rules.consents import LINKING
from identity.rules.links import names_agree
from identity.services.consents import written_consent
from identity.services.links import end_link
from identity.services.locking import lock_person
from identity.states import LINK_MOVES, LinkState
from kernel.errors import Conflict, NotFound, Refused
from kernel.services import record
from kernel.states import check_move

#: from the first step to consent
TIME = timedelta(minutes=10)
#: what officers see of themselves as the reason
BY_NAMES = "names agree"


class SameSide(Refused):
    code = "link.same_side"
    message = _("Choose one issuer of each city.")
    field = "second"


class IssuerSuspended(Refused):
    code = "link.issuer_suspended"
    message = _("Signing in with this issuer is suspended at present.")
    status = 409


class CeremonyOver(Conflict):
    code = "link.over"
    message = _("The ten minutes have passed. Start again: nothing was linked.")


class OtherSession(Refused):
    code = "link.other_session"
    message = _("Both sign-ins have to happen in the browser in which you started. Start again there.")
    status = 409


class NotFresh(Refused):
    code = "link.not_fresh"
    message = _("The issuer says that you signed in before you started here. Sign in there again.")
    status = 409


class NoticeChanged(Conflict):
    """Nobody agrees to words that they have not read."""

    code = "link.notice_changed"
    message = _("What you agree to is worded otherwise by now. Read it as it stands here, and agree again.")


class SideHeld(Conflict):
    """Says nothing about whose it is."""

    code = "link.identity_held"
    message = _("This identity cannot be linked. The programme office can tell you more.")


@transaction.atomic
def start_link(*, user: User, first: Issuer, second: Issuer, session: str, now: datetime) -> IdentityLink:
    """Begin with an issuer of each city. What this person had begun before ends: one ceremony at a time.

    `session` is the hash of the browser's session (`services.subjects.session_hash`).
    """
    if first.framework.jurisdiction == second.framework.jurisdiction:
        raise SameSide
    for issuer in (first, second):
        if not issuer.stands:
            raise IssuerSuspended
    lock_person(user.pk)
    for begun in IdentityLink.objects.select_for_update().filter(user=user, state__in=UNDER_WAY):
        end_link(begun, LinkState.EXPIRED)
    link = IdentityLink.objects.create(
        user=user,
        first_issuer=first,
        second_issuer=second,
        session=session,
        started_at=now,
        expires_at=now + TIME,
    )
    record(IdentityLinkStarted(link_id=link.pk), actor=Anonymous(user_id=user.pk), now=now, subject=link)
    return link


@transaction.atomic
def prove_side(
    *, link: IdentityLink, identity: ExternalIdentity, auth_time: datetime, session: str, now: datetime
) -> IdentityLink:
    """The person has just signed in at one of the two issuers."""
    link = _open(link, session, now)
    if identity.user_id != link.user_id or identity.ended_at is not None:
        raise SideHeld
    if auth_time < link.started_at - timedelta(seconds=60):  # clocks of two houses
        raise NotFresh
    _check_sides_stand(link)
    if identity.issuer_id == link.first_issuer_id:
        link.first = identity
    elif identity.issuer_id == link.second_issuer_id:
        link.second = identity
    else:
        raise NotFound
    shown = LinkState.B_PROVED if link.first and link.second else LinkState.A_PROVED
    if shown != link.state:
        check_move(LINK_MOVES, link.state, shown)
        link.state = shown
    if shown == LinkState.B_PROVED:
        _hold_sides(link)
    link.save()
    return link


@transaction.atomic
def consent_to_link(
    *, link: IdentityLink, user: User, session: str, agreed: str, now: datetime
) -> IdentityLink:
    """The person agrees to the notice shown, whose version is `agreed`. Names that agree settle it; else two officers look."""
    link = _open(link, session, now)
    if link.user_id != user.pk:
        raise NotFound
    if agreed != LINKING.version:
        raise NoticeChanged
    check_move(LINK_MOVES, link.state, LinkState.MATCHED)
    _check_sides_stand(link)
    assert link.first is not None and link.second is not None  # a constraint of the state
    settled = names_agree(link.first.name_shown, link.second.name_shown)
    state = LinkState.ACTIVE if settled else LinkState.MATCHED
    link.consent = written_consent(
        user=user,
        notice=LINKING,
        from_jurisdiction=link.second_issuer.framework.jurisdiction,
        to_jurisdiction=link.first_issuer.framework.jurisdiction,
        now=now,
    )
    link.state = state
    link.reason = BY_NAMES if settled else ""
    link.decided_at = now if settled else None
    link.save()
    event = IdentitiesLinked(link_id=link.pk) if settled else IdentityLinkMatched(link_id=link.pk)
    record(event, actor=Anonymous(user_id=user.pk), now=now, subject=link)
    return link


@transaction.atomic
def note_refused_link(*, link: IdentityLink, why: str, now: datetime) -> None:
    """For the audit, by the edge, after everything else was undone."""
    event = IdentityLinkRefused(link_id=link.pk, why=why)
    record(event, actor=Anonymous(user_id=link.user_id), now=now, subject=link)


def _open(link: IdentityLink, session: str, now: datetime) -> IdentityLink:
    """The ceremony, locked, while it lasts and in the session in which it began."""
    lock_person(link.user_id)
    found: IdentityLink = (
        IdentityLink.objects.select_for_update(of=("self",))
        .select_related("first", "second", "first_issuer__framework", "second_issuer__framework")
        .get(pk=link.pk)
    )
    if found.session != session:
        raise OtherSession
    if not found.is_open_at(now):
        raise CeremonyOver
    return found


def _check_sides_stand(link: IdentityLink) -> None:
    """An identity that was disconnected since it was shown ends the ceremony."""
    if any(side is not None and side.ended_at is not None for side in (link.first, link.second)):
        raise CeremonyOver


def _hold_sides(link: IdentityLink) -> None:
    """An identity stands in one open link at most: the index decides, and the person is not told whose the other is.

    A side that is shown once more, from another tab, is held already.
    """
    held = set(LinkedSide.objects.filter(link=link, open=True).values_list("identity_id", flat=True))
    shown = [side for side in (link.first, link.second) if side is not None]
    sides = [LinkedSide(link=link, identity=side) for side in shown if side.pk not in held]
    try:
        with transaction.atomic():
            LinkedSide.objects.bulk_create(sides)
    except IntegrityError as error:
        raise SideHeld from error
