"""Inviting, joining, changing roles, leaving. A company always keeps an owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from identity import services
from identity.actors import rebuild
from identity.models import Invitation, Membership
from identity.services.members import INVITATION_LIFE, secret_of
from identity.states import Role
from kernel.errors import Forbidden, NotFound, Refused
from kernel.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


def invite(email: str = "new@colleague.example", *roles: str) -> Invitation:
    return services.invite_member(
        actor=factories.alice(), email=email, roles=roles or [Role.SELLER], now=timezone.now()
    )


def refusal(verb: object, **given: object) -> str:
    with pytest.raises(Refused) as refused:
        verb(**given, now=timezone.now())
    return refused.value.code


def test_the_invited_person_joins_in_the_offered_roles() -> None:
    invitation = invite("New@Colleague.example", Role.BUYER, Role.SELLER)
    user = factories.a_user("new@colleague.example")
    membership = services.accept_invitation(user=user, secret=secret_of(invitation), now=timezone.now())
    assert membership.roles == [Role.SELLER, Role.BUYER]
    assert factories.acting(user, invitation.company).may(Role.BUYER)
    assert Event.objects.filter(name="MemberJoined", subject_id=membership.uid).exists()


def test_only_the_digest_of_the_secret_is_stored() -> None:
    invitation = invite()
    assert secret_of(invitation) not in str(Invitation.objects.filter(pk=invitation.pk).values().get())
    assert "colleague" not in str(Event.objects.get(name="MemberInvited").payload)


@pytest.mark.parametrize("secret", ["", "0" * 64, "%00", "' OR 1=1 --"])
def test_a_wrong_secret_finds_nothing(secret: str) -> None:
    invite()
    user = factories.a_user("new@colleague.example")
    with pytest.raises(NotFound):
        services.accept_invitation(user=user, secret=secret, now=timezone.now())


def test_another_address_than_the_invited_one_is_refused() -> None:
    invitation = invite()
    other = factories.a_user("other@colleague.example")
    code = refusal(services.accept_invitation, user=other, secret=secret_of(invitation))
    assert code == "invitation.another_address"
    assert not Membership.objects.filter(user=other).exists()


def test_an_address_that_is_not_confirmed_is_refused() -> None:
    invitation = invite()
    user = factories.a_user("new@colleague.example")
    user.emailaddress_set.update(verified=False)
    code = refusal(services.accept_invitation, user=user, secret=secret_of(invitation))
    assert code == "invitation.another_address"


def test_an_invitation_is_accepted_once() -> None:
    invitation = invite()
    user = factories.a_user("new@colleague.example")
    services.accept_invitation(user=user, secret=secret_of(invitation), now=timezone.now())
    assert refusal(services.accept_invitation, user=user, secret=secret_of(invitation)) == "invitation.gone"
    assert Membership.objects.filter(user=user).count() == 1


def test_a_revoked_or_expired_invitation_is_refused() -> None:
    user = factories.a_user("new@colleague.example")
    revoked = invite()
    services.revoke_invitation(actor=factories.alice(), invitation=revoked, now=timezone.now())
    assert refusal(services.accept_invitation, user=user, secret=secret_of(revoked)) == "invitation.gone"
    late = invite()
    with pytest.raises(Refused):
        services.accept_invitation(
            user=user, secret=secret_of(late), now=timezone.now() + INVITATION_LIFE + timedelta(seconds=1)
        )
    assert not Membership.objects.filter(user=user).exists()


def test_one_invitation_waits_per_address_and_an_expired_one_gives_way() -> None:
    invite()
    given = {"actor": factories.alice(), "email": "new@colleague.example", "roles": [Role.BUYER]}
    assert refusal(services.invite_member, **given) == "invitation.sent_before"
    services.invite_member(**given, now=timezone.now() + INVITATION_LIFE + timedelta(seconds=1))
    assert Invitation.objects.open().count() == 1


def test_letter_boxes_are_not_flooded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("identity.services.members.MOST_INVITATIONS", 2)
    alice = factories.alice()
    for number in range(2):
        services.revoke_invitation(
            actor=alice, invitation=invite(f"{number}@flood.example"), now=timezone.now()
        )
    given = {"actor": alice, "email": "3@flood.example", "roles": [Role.BUYER]}
    assert refusal(services.invite_member, **given) == "invitation.too_many"
    services.invite_member(**given, now=timezone.now() + timedelta(days=1, minutes=1))


def test_a_member_is_not_invited_again() -> None:
    alice = factories.alice()
    code = refusal(services.invite_member, actor=alice, email=alice.user.email.upper(), roles=[Role.BUYER])
    assert code == "member.already"


@pytest.mark.parametrize("roles", [[], ["emperor"]])
def test_an_invitation_offers_a_known_role(roles: list[str]) -> None:
    code = refusal(services.invite_member, actor=factories.alice(), email="x@y.example", roles=roles)
    assert code == "member.no_role"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_only_an_owner_decides_who_acts(role: Role) -> None:
    colleague = factories.a_colleague(factories.alice(), role)
    mine = Membership.objects.get(pk=colleague.membership_id)
    for verb, given in [
        (services.invite_member, {"email": "x@y.example", "roles": [Role.BUYER]}),
        (services.change_roles, {"membership": mine, "roles": [Role.OWNER]}),
    ]:
        assert refusal(verb, actor=colleague, **given) == "forbidden"
    mine.refresh_from_db()
    assert mine.roles == [role]


def test_the_last_owner_can_neither_leave_nor_step_down() -> None:
    alice = factories.alice()
    mine = Membership.objects.get(pk=alice.membership_id)
    assert refusal(services.end_membership, actor=alice, membership=mine) == "member.last_owner"
    assert (
        refusal(services.change_roles, actor=alice, membership=mine, roles=[Role.SELLER])
        == "member.last_owner"
    )
    mine.refresh_from_db()
    assert (mine.roles, mine.ended_at) == ([Role.OWNER], None)


def test_with_a_second_owner_the_first_may_leave() -> None:
    alice = factories.alice()
    factories.a_colleague(alice, Role.OWNER)
    mine = Membership.objects.get(pk=alice.membership_id)
    services.end_membership(actor=alice, membership=mine, now=timezone.now())
    assert rebuild(alice.key, timezone.now()) is None


def test_an_owner_whose_account_is_closed_does_not_count() -> None:
    alice = factories.alice()
    other = factories.a_colleague(alice, Role.OWNER)
    other.user.is_active = False
    other.user.save()
    mine = Membership.objects.get(pk=alice.membership_id)
    assert refusal(services.end_membership, actor=alice, membership=mine) == "member.last_owner"


def test_a_colleague_may_leave_but_not_send_others_away() -> None:
    alice = factories.alice()
    seller = factories.a_colleague(alice, Role.SELLER)
    buyer = factories.a_colleague(alice, Role.BUYER)
    with pytest.raises(Forbidden):
        services.end_membership(
            actor=seller, membership=Membership.objects.get(pk=buyer.membership_id), now=timezone.now()
        )
    services.end_membership(
        actor=seller, membership=Membership.objects.get(pk=seller.membership_id), now=timezone.now()
    )
    assert rebuild(seller.key, timezone.now()) is None
    assert rebuild(buyer.key, timezone.now()) == buyer


def test_who_has_left_may_be_invited_again() -> None:
    alice = factories.alice()
    seller = factories.a_colleague(alice, Role.SELLER)
    first = Membership.objects.get(pk=seller.membership_id)
    services.end_membership(actor=alice, membership=first, now=timezone.now())
    assert refusal(services.end_membership, actor=alice, membership=first) == "member.left"
    again = factories.a_colleague(alice, Role.BUYER, email=seller.user.email)
    assert again.roles == frozenset({Role.BUYER})


def test_another_companys_owner_finds_neither_members_nor_invitations() -> None:
    alice, charlie = factories.alice(), factories.charlie()
    hers = Membership.objects.get(pk=alice.membership_id)
    assert refusal(services.end_membership, actor=charlie, membership=hers) == "not_found"
    assert refusal(services.change_roles, actor=charlie, membership=hers, roles=["owner"]) == "not_found"
    assert refusal(services.revoke_invitation, actor=charlie, invitation=invite()) == "not_found"
    assert Invitation.objects.open().exists()
