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
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from identity.actors import DECIDE_LINK, Anonymous, Staff
from identity.events import (
    IdentitiesLinked,
    IdentityEnded,
    IdentityLinkMatched,
    IdentityLinkRejected,
    IdentityLinkRevoked,
    IdentityLinkStarted,
)
from identity.models import Consent, EntityBinding, ExternalIdentity, IdentityLink, Issuer, LinkedSide, User
from identity.models.linked import UNDER_WAY
from identity.rules.consents import LINKING, Notice
from identity.rules.links import names_agree
from identity.services.authorising import end_authority
from identity.states import LINK_MOVES, LinkState
from kernel.errors import Conflict, Forbidden, NotFound, Refused
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


class SideHeld(Conflict):
    """Says nothing about whose it is."""

    code = "link.identity_held"
    message = _("This identity cannot be linked. The programme office can tell you more.")


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
def start_link(*, user: User, first: Issuer, second: Issuer, session: str, now: datetime) -> IdentityLink:
    """Begin with an issuer of each city. What this person had begun before ends: one ceremony at a time.

    `session` is the hash of the browser's session (`services.subjects.session_hash`).
    """
    if first.framework.jurisdiction == second.framework.jurisdiction:
        raise SameSide
    for issuer in (first, second):
        if not issuer.stands:
            raise IssuerSuspended
    User.objects.select_for_update().get(pk=user.pk)
    for begun in IdentityLink.objects.select_for_update().filter(user=user, state__in=UNDER_WAY):
        _end(begun, LinkState.EXPIRED)
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
def consent_to_link(*, link: IdentityLink, user: User, session: str, now: datetime) -> IdentityLink:
    """The person agrees to the notice shown. Names that agree settle it; else two officers look."""
    link = _open(link, session, now)
    if link.user_id != user.pk:
        raise NotFound
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
def decide_link(
    *, actor: Staff, link: IdentityLink, accepted: bool, reason: str, now: datetime
) -> IdentityLink:
    """An officer's word where names do not settle it. Two officers accept; one is enough to refuse."""
    if not actor.has(DECIDE_LINK):
        raise Forbidden
    if not reason.strip():
        raise LinkReasonMissing
    link = IdentityLink.objects.select_for_update().get(pk=link.pk)
    if link.user_id == actor.user_id:
        raise OwnLink
    if link.decided_by_1_id == actor.user_id:
        raise SecondOfficer
    if accepted and link.decided_by_1_id is None:
        check_move(LINK_MOVES, link.state, LinkState.ACTIVE)
        link.decided_by_1, link.reason = actor.user, reason[:300]
        link.save()
        return link
    target = LinkState.ACTIVE if accepted else LinkState.REJECTED
    check_move(LINK_MOVES, link.state, target)
    link.state, link.decided_at = target, now
    link.decided_by_1, link.decided_by_2 = (
        (link.decided_by_1, actor.user) if link.decided_by_1_id else (actor.user, None)
    )
    link.reason = f"{link.reason} · {reason}".strip(" ·")[:300]
    link.save()
    if target == LinkState.REJECTED:
        _let_go(link)
    event = IdentitiesLinked(link_id=link.pk) if accepted else IdentityLinkRejected(link_id=link.pk)
    record(event, actor=actor, now=now, subject=link)
    return link


@transaction.atomic
def revoke_link(*, link: IdentityLink, user: User, reason: str = "", now: datetime) -> IdentityLink:
    """The person takes their link back: new acts that rest on it are refused from now on; past ones keep their evidence."""
    link = IdentityLink.objects.select_for_update().get(pk=link.pk)
    if link.user_id != user.pk:
        raise NotFound
    check_move(LINK_MOVES, link.state, LinkState.REVOKED)
    link.state, link.revoked_at, link.revoked_by, link.reason = LinkState.REVOKED, now, user, reason[:300]
    link.save()
    _let_go(link)
    if link.consent is not None and link.consent.withdrawn_at is None:
        link.consent.withdrawn_at = now
        link.consent.save(update_fields=["withdrawn_at"])
    record(IdentityLinkRevoked(link_id=link.pk), actor=Anonymous(user_id=user.pk), now=now, subject=link)
    return link


@transaction.atomic
def end_identity(*, identity: ExternalIdentity, user: User, now: datetime) -> ExternalIdentity:
    """The person disconnects it: its bindings and its link end with it, and it can be connected anew."""
    identity = ExternalIdentity.objects.select_for_update().get(pk=identity.pk)
    if identity.user_id != user.pk:
        raise NotFound
    if identity.ended_at is not None:
        return identity
    shown_in = IdentityLink.objects.filter(Q(first=identity) | Q(second=identity))
    for link in shown_in.filter(state__in=(LinkState.MATCHED, LinkState.ACTIVE)):
        revoke_link(link=link, user=user, now=now)
    for link in shown_in.filter(state__in=UNDER_WAY).select_for_update():
        _end(link, LinkState.EXPIRED)
    EntityBinding.objects.filter(identity=identity, ended_at__isnull=True).update(ended_at=now)
    end_authority(identity=identity, now=now)
    identity.ended_at, identity.ended_reason = now, "disconnected"
    identity.save(update_fields=["ended_at", "ended_reason"])
    Consent.objects.filter(pk__in=[identity.consent_id], withdrawn_at__isnull=True).update(withdrawn_at=now)
    event = IdentityEnded(identity_id=identity.pk)
    record(event, actor=Anonymous(user_id=user.pk), now=now, subject=identity)
    return identity


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


def _open(link: IdentityLink, session: str, now: datetime) -> IdentityLink:
    """The ceremony, locked, while it lasts and in the session in which it began."""
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


def _end(link: IdentityLink, state: LinkState) -> None:
    check_move(LINK_MOVES, link.state, state)
    link.state = state
    link.save(update_fields=["state"])
    _let_go(link)


def _let_go(link: IdentityLink) -> None:
    LinkedSide.objects.filter(link=link).update(open=False)
