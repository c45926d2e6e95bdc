"""Who acts for a company: inviting, joining, changing roles, leaving. A company always keeps an owner."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor, Member, member_of, require_person
from identity.events import (
    InvitationRevoked,
    MemberInvited,
    MemberJoined,
    MemberRolesChanged,
    MembershipEnded,
)
from identity.models import Company, Invitation, Membership, User
from identity.services.locking import lock_company
from identity.states import CompanyState, Role
from kernel.errors import Conflict, Forbidden, NotFound, Refused
from kernel.services import record

INVITATION_LIFE = timedelta(days=14)
#: invitations of one company in a day, and waiting at the same time: nobody's letter box is ours to fill
MOST_INVITATIONS = 50


class NoRole(Refused):
    code = "member.no_role"
    message = _("Choose at least one role.")
    field = "roles"


class AlreadyMember(Refused):
    code = "member.already"
    message = _("This person acts for the company already.")
    field = "email"


class InvitedBefore(Refused):
    code = "invitation.sent_before"
    message = _("An invitation to this address waits already. Revoke it before you send another.")
    field = "email"


class TooManyInvitations(Refused):
    code = "invitation.too_many"
    message = _("A company sends up to %(most)d invitations a day, and no more may wait. Try again tomorrow.")


class LastOwner(Refused):
    code = "member.last_owner"
    message = _("A company keeps at least one owner. Make somebody else an owner first.")


class MemberHasLeft(Conflict):
    code = "member.left"
    message = _("This person no longer acts for the company.")


class InvitationGone(Refused):
    code = "invitation.gone"
    message = _("This invitation was accepted, revoked, or has expired. Ask the company for a new one.")
    status = 410


class InvitedAnotherAddress(Refused):
    code = "invitation.another_address"
    message = _(
        "This invitation was sent to another e-mail address than the one you signed in with. "
        "Sign in with the address that received it."
    )
    status = 403


@transaction.atomic
def invite_member(*, actor: Actor, email: str, roles: Iterable[str], now: datetime) -> Invitation:
    """Offer membership to whoever reads mail at `email`; a handler sends the letter with the link."""
    owner = require_person(actor, Role.OWNER)
    email = email.strip().lower()
    wanted = _roles(roles)
    company = lock_company(owner)
    if Membership.objects.active(now).filter(company=company, user__email__iexact=email).exists():
        raise AlreadyMember
    _make_room_for(email, company, now)
    invitation = Invitation(
        company=company,
        email=email,
        roles=wanted,
        invited_by=owner.user,
        created_at=now,
        expires_at=now + INVITATION_LIFE,
    )
    invitation.digest = _digest(secret_of(invitation))
    invitation.save(force_insert=True)
    event = MemberInvited(invitation_id=invitation.pk)
    record(event, actor=owner, now=now, subject=invitation, audience=[company.pk])
    return invitation


def secret_of(invitation: Invitation) -> str:
    """What the link carries. It is derived, not stored, so that a letter sent twice carries the same link."""
    return salted_hmac("identity.invitation", invitation.uid.hex, algorithm="sha256").hexdigest()


def invitation_link(invitation: Invitation) -> str:
    """The address of the page where it is accepted, without the host."""
    return reverse("invitation", kwargs={"secret": secret_of(invitation)})


def invitation_by_secret(secret: str) -> Invitation:
    """The invitation of a link; `NotFound` when there is none."""
    found = Invitation.objects.select_related("company").filter(digest=_digest(secret)).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def revoke_invitation(*, actor: Actor, invitation: Invitation, now: datetime) -> None:
    """Take the offer back; one that was accepted or revoked stays as it is."""
    owner = require_person(actor, Role.OWNER)
    invitation = Invitation.objects.visible_to(owner).select_for_update().fetch(invitation.public_id)
    if invitation.accepted_at or invitation.revoked_at:
        return
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    event = InvitationRevoked(invitation_id=invitation.pk)
    record(event, actor=owner, now=now, subject=invitation, audience=[owner.company_id])


@transaction.atomic
def accept_invitation(*, user: User, secret: str, now: datetime) -> Membership:
    """`user`, signed in with the invited address, joins the company in the offered roles."""
    invitation = invitation_by_secret(secret)
    company = Company.objects.select_for_update().get(pk=invitation.company_id)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not invitation.stands_at(now) or company.state != CompanyState.ACTIVE:
        raise InvitationGone
    if not _reads_mail_at(user, invitation.email):
        raise InvitedAnotherAddress
    if Membership.objects.active(now).filter(company=company, user=user).exists():
        raise AlreadyMember
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    membership = Membership.objects.create(company=company, user=user, roles=invitation.roles, valid_from=now)
    event = MemberJoined(membership_id=membership.pk)
    record(event, actor=member_of(membership, user), now=now, subject=membership, audience=[company.pk])
    return membership


@transaction.atomic
def change_roles(*, actor: Actor, membership: Membership, roles: Iterable[str], now: datetime) -> Membership:
    owner = require_person(actor, Role.OWNER)
    wanted = _roles(roles)
    membership = _lock(membership, owner, now)
    if membership.roles == wanted:
        return membership
    if Role.OWNER not in wanted:
        _keep_an_owner(membership, now)
    membership.roles = wanted
    membership.save(update_fields=["roles"])
    event = MemberRolesChanged(membership_id=membership.pk)
    record(event, actor=owner, now=now, subject=membership, audience=[owner.company_id])
    return membership


@transaction.atomic
def end_membership(*, actor: Actor, membership: Membership, now: datetime) -> None:
    """The person no longer acts for the company: an owner ends anybody's membership, everybody their own."""
    ender = require_person(actor, *Role.values)
    membership = _lock(membership, ender, now)
    if membership.user_id != ender.user_id and not ender.may(Role.OWNER):
        raise Forbidden
    _keep_an_owner(membership, now)
    membership.ended_at = now
    membership.save(update_fields=["ended_at"])
    event = MembershipEnded(membership_id=membership.pk)
    record(event, actor=ender, now=now, subject=membership, audience=[ender.company_id])


def _reads_mail_at(user: User, email: str) -> bool:
    """Whether it is an address of theirs that they have confirmed."""
    return EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists()


def _lock(membership: Membership, actor: Member, now: datetime) -> Membership:
    """The membership as it is now. The company is locked first: two owners cannot end each other."""
    lock_company(actor)
    locked: Membership = Membership.objects.visible_to(actor).fetch(membership.public_id)
    if locked.ended_at is not None and locked.ended_at <= now:
        raise MemberHasLeft
    return locked


def _keep_an_owner(leaving: Membership, now: datetime) -> None:
    owners = Membership.objects.active(now).filter(
        company_id=leaving.company_id, roles__contains=[Role.OWNER], user__is_active=True
    )
    if Role.OWNER in leaving.roles and not owners.exclude(pk=leaving.pk).exists():
        raise LastOwner


def _make_room_for(email: str, company: Company, now: datetime) -> None:
    """An expired invitation gives way; one that still holds does not."""
    waiting = Invitation.objects.open().filter(company=company)
    waiting.filter(expires_at__lte=now).update(revoked_at=now)
    if waiting.filter(email=email).exists():
        raise InvitedBefore
    today = Invitation.objects.filter(company=company, created_at__gt=now - timedelta(days=1))
    if max(waiting.count(), today.count()) >= MOST_INVITATIONS:
        raise TooManyInvitations(most=MOST_INVITATIONS)


def _roles(roles: Iterable[str]) -> list[str]:
    """Known roles in their written order, each once."""
    asked = set(roles)
    known = [role for role in Role.values if role in asked]
    if not known:
        raise NoRole
    return known


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
