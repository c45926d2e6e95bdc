"""Linking the identities of two cities: two fresh sign-ins in one session, consent, and two officers where names differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity import services
from identity.actors import Member, staff_actor
from identity.connectors.issuers import Authorisation, Entity, VerifiedLogin
from identity.models import (
    Consent,
    EntityBinding,
    ExternalIdentity,
    IdentityLink,
    LinkedSide,
    Mandate,
    Membership,
    Proof,
    User,
)
from identity.queries import identities_of
from identity.queries.recognition import standing_bindings
from identity.rules.consents import LINKING
from identity.rules.links import names_agree, sounds_alike
from identity.services import ceremony, links
from identity.services.linking import take_login
from identity.states import LinkState, Purpose
from kernel.errors import Forbidden, NotFound, Refused
from kernel.models import Event
from kernel.states import IllegalMove
from tests import factories as people
from tests.identity import recognised

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
SESSION = recognised.SESSION
MINUTE = timedelta(minutes=1)


def shown(user: User, issuer: str, name: str, subject: str = "", now: datetime = NOON) -> ExternalIdentity:
    found = recognised.identity(user, recognised.issuer(issuer), subject or f"{user.pk} at {issuer}", now)
    ExternalIdentity.objects.filter(pk=found.pk).update(name_shown=name)
    found.refresh_from_db()
    return found


def started(user: User, **changes: Any) -> IdentityLink:
    sides = {"first": recognised.issuer("sg"), "second": recognised.issuer("cn")}
    return services.start_link(user=user, session=SESSION, **({"now": NOON} | sides | changes))


def prove(link: IdentityLink, identity: ExternalIdentity, **changes: Any) -> IdentityLink:
    usual = {"auth_time": NOON + MINUTE, "session": SESSION, "now": NOON + MINUTE}
    return services.prove_side(link=link, identity=identity, **(usual | changes))


def both_shown(
    user: User, sg: str = "Xu Jiahui", cn: str = "XU Jiahui", now: datetime = NOON
) -> IdentityLink:
    link = started(user, now=now)
    at = {"auth_time": now + MINUTE, "now": now + MINUTE}
    prove(link, shown(user, "sg", sg, now=now), **at)
    return prove(link, shown(user, "cn", cn, now=now), **at)


def agreed(link: IdentityLink, **changes: Any) -> IdentityLink:
    usual = {
        "user": link.user,
        "session": SESSION,
        "agreed": LINKING.version,
        "now": NOON + 2 * MINUTE,
    }
    return services.consent_to_link(link=link, **(usual | changes))


def state_of(link: IdentityLink) -> str:
    return str(IdentityLink.objects.get(pk=link.pk).state)


def verified_login(who: Member, **changes: Any) -> VerifiedLogin:
    """What their city says when they sign in there; by default for their own company, as its owner."""
    given: dict[str, Any] = {
        "issuer_code": "sg",
        "subject": who.user.email,
        "subject_kind": "entity",
        "level_code": recognised.LOA2,
        "acr": recognised.LOA2,
        "auth_time": timezone.now(),
        "amr": (),
        "name": who.user.name,
        "entity": Entity("uen", who.company.registration_number, status="Registered"),
        "person_subject": who.user.email,
        "authorisations": (Authorisation("owner"),),
        "assertion_digest": "a" * 64,
        "nonce": "n",
    }
    return VerifiedLogin(**(given | changes))


def test_a_sign_in_after_signing_changes_nothing_of_what_the_signature_rests_on() -> None:
    """Each proof keeps the digest of its own token; the act's event keeps the policy and the bindings by which it counted."""
    alice, now = replace(people.alice(), session=SESSION), timezone.now()
    city = recognised.issuer("sg")
    policy = recognised.policy(city, Purpose.ORDER, now=now)
    recognised.identity(alice.user, city)

    def signs_in(digest: str) -> Proof:
        said = verified_login(alice, assertion_digest=digest * 64)
        taken = take_login(issuer=city, verified=said, user=alice.user, agreed="", now=timezone.now())
        return services.note_proof(
            user=alice.user,
            identity=taken.identity,
            level_code=said.level_code,
            digest=said.assertion_digest,
            auth_time=said.auth_time,
            session=SESSION,
            now=timezone.now(),
        )

    first = signs_in("a")
    binding = EntityBinding.objects.get()
    assured = services.require_assurance(actor=alice, purpose=Purpose.ORDER, now=timezone.now())
    kept = {"rank": 3, "proofs": [first.pk], "policy": policy.pk, "bindings": [binding.pk]}
    assert assured.evidence == kept
    second = signs_in("b")
    assert ExternalIdentity.objects.get().assertion_digest == "b" * 64
    found = Proof.objects.in_bulk([first.pk, second.pk])
    assert (found[first.pk].evidence_digest, found[second.pk].evidence_digest) == ("a" * 64, "b" * 64)
    with pytest.raises(ProgrammingError), transaction.atomic():  # by permission as well as by trigger
        Proof.objects.update(evidence_digest="c" * 64)


def test_what_an_owner_shows_proves_the_company_as_long_as_any_of_their_roles_and_while_they_are_a_member() -> (
    None
):
    alice, city = people.alice(), recognised.issuer("sg")
    recognised.identity(alice.user, city)
    soon, later = (timezone.localdate() + timedelta(days=days) for days in (3, 9))

    def ends(*roles: Authorisation) -> Any:
        said = verified_login(alice, authorisations=roles)
        take_login(issuer=city, verified=said, user=alice.user, agreed="", now=timezone.now())
        found = EntityBinding.objects.get().valid_to
        return found and timezone.localdate(found - timedelta(seconds=1))

    assert ends(Authorisation("owner"), Authorisation("finance", ends=soon)) is None
    assert ends(Authorisation("seller", ends=later), Authorisation("finance", ends=soon)) == later
    mandates = Mandate.objects.filter(revoked_at__isnull=True, valid_to__gt=timezone.now())
    finance = mandates.get(act=Purpose.ACCEPT_FINANCE)
    assert finance.valid_to and timezone.localdate(finance.valid_to - timedelta(seconds=1)) == soon
    # a company's proof rests on somebody who acts for it
    olga = people.a_colleague(alice, "owner")
    assert standing_bindings(alice.company_id, timezone.now()).exists()
    mine = Membership.objects.get(user=alice.user)
    services.end_membership(actor=olga, membership=mine, now=timezone.now())
    assert not standing_bindings(alice.company_id, timezone.now()).exists()


def test_two_sign_ins_and_consent_link_a_person_whose_names_agree() -> None:
    user = people.alice().user
    link = both_shown(user)
    assert link.state == LinkState.B_PROVED
    linked = agreed(link)
    assert linked.state == LinkState.ACTIVE
    consent = Consent.objects.get()
    assert (consent.from_jurisdiction, consent.to_jurisdiction) == ("CN", "SG")
    assert (consent.notice_version, consent.withdrawn_at) == (LINKING.version, None)
    assert [event.name for event in Event.objects.filter(subject_id=link.uid).order_by("id")] == [
        "IdentityLinkStarted",
        "IdentitiesLinked",
    ]
    found = identities_of(user, NOON)
    assert [each.pk for each in found.links] == [link.pk]
    assert not found.can_link


def test_a_name_that_only_sounds_like_the_other_waits_for_two_officers(client: Client) -> None:
    link = agreed(both_shown(people.alice().user, sg="Zhang Wei", cn="章威"))
    assert (link.state, link.reason, link.decided_at) == (LinkState.MATCHED, "", None)
    people.sign_in(client, recognised.officer("olive"))
    assert "the one sounds like the other" in client.get("/operator/identity/identitylink/").content.decode()


def test_it_does_not_matter_which_city_comes_first() -> None:
    user = people.alice().user
    link = started(user)
    assert prove(link, shown(user, "cn", "徐佳慧")).state == LinkState.A_PROVED
    assert prove(link, shown(user, "sg", "XU JIAHUI")).state == LinkState.B_PROVED


def test_names_that_differ_wait_for_two_officers_and_neither_alone_is_enough() -> None:
    user = people.alice().user
    link = agreed(both_shown(user, sg="Alice Tan"))
    assert link.state == LinkState.MATCHED
    olive, peter = recognised.officer("olive"), recognised.officer("peter")
    act: dict[str, Any] = {"link": link, "accepted": True, "reason": "Passport seen", "now": NOON}
    services.decide_link(actor=olive, **act)
    assert state_of(link) == LinkState.MATCHED
    with pytest.raises(links.SecondOfficer):
        services.decide_link(actor=olive, **act)
    assert state_of(link) == LinkState.MATCHED
    services.decide_link(actor=peter, **act)
    assert state_of(link) == LinkState.ACTIVE
    told = Event.objects.filter(subject_id=link.uid).order_by("id").values_list("name", "actor")
    assert list(told)[1:] == [
        ("IdentityLinkMatched", "anonymous"),
        ("IdentityLinkAccepted", f"staff:{olive.user_id}"),
        ("IdentitiesLinked", f"staff:{peter.user_id}"),
    ]


def test_one_officer_is_enough_to_refuse_and_the_identities_are_free_again() -> None:
    user = people.alice().user
    link = agreed(both_shown(user, sg="Alice Tan"))
    services.decide_link(
        actor=recognised.officer("olive"), link=link, accepted=False, reason="Not the same person", now=NOON
    )
    assert state_of(link) == LinkState.REJECTED
    assert not LinkedSide.objects.filter(open=True).exists()
    with pytest.raises(IllegalMove):
        services.decide_link(
            actor=recognised.officer("peter"), link=link, accepted=True, reason="It is", now=NOON
        )


def test_an_officer_says_why_decides_no_link_of_their_own_and_needs_the_permission() -> None:
    link = agreed(both_shown(people.alice().user, sg="Alice Tan"))
    olive = recognised.officer("olive")
    with pytest.raises(links.LinkReasonMissing):
        services.decide_link(actor=olive, link=link, accepted=True, reason=" ", now=NOON)
    own = agreed(both_shown(olive.user, sg="Olive"))
    with pytest.raises(links.OwnLink):
        services.decide_link(actor=olive, link=own, accepted=True, reason="It is me", now=NOON)
    with pytest.raises(Forbidden):
        services.decide_link(
            actor=staff_actor(people.bo().user), link=link, accepted=True, reason="Why not", now=NOON
        )
    assert {state_of(link), state_of(own)} == {LinkState.MATCHED}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"session": "another"}, ceremony.OtherSession),
        ({"now": NOON + 11 * MINUTE}, ceremony.CeremonyOver),
        ({"auth_time": NOON - 2 * MINUTE}, ceremony.NotFresh),
    ],
    ids=["another browser", "after ten minutes", "signed in before it began"],
)
def test_a_side_counts_only_fresh_in_time_and_in_this_session(
    changes: dict[str, Any], error: type[Refused]
) -> None:
    user = people.alice().user
    link, identity = started(user), shown(user, "sg", "Alice")
    with pytest.raises(error):
        prove(link, identity, **changes)
    assert state_of(link) == LinkState.STARTED
    assert not LinkedSide.objects.exists()


def test_consent_comes_after_both_sides_from_the_person_and_in_time() -> None:
    user = people.alice().user
    link = started(user)
    with pytest.raises(IllegalMove):
        agreed(link)
    prove(link, shown(user, "sg", "Xu Jiahui"))
    prove(link, shown(user, "cn", "徐佳慧"))
    with pytest.raises(NotFound):
        agreed(link, user=people.bo().user)
    with pytest.raises(ceremony.CeremonyOver):
        agreed(link, now=NOON + 11 * MINUTE)
    assert not Consent.objects.exists()
    assert state_of(link) == LinkState.B_PROVED


def test_an_identity_stands_in_one_link_at_most_and_nobody_learns_whose() -> None:
    user = people.alice().user
    agreed(both_shown(user))
    sg = ExternalIdentity.objects.get(user=user, issuer__code="sg")
    again = started(user)
    prove(again, sg)
    with pytest.raises(ceremony.SideHeld) as refusal:
        prove(again, shown(user, "cn", "徐佳慧", subject="another subject"))
    assert people.alice().user.email not in str(refusal.value)
    assert state_of(again) == LinkState.A_PROVED
    # an identity of somebody else is refused in the same words
    with pytest.raises(ceremony.SideHeld) as of_other:
        prove(again, shown(people.bo().user, "cn", "徐佳慧"))
    assert str(of_other.value) == str(refusal.value)


def test_taking_it_back_ends_it_at_once_frees_both_sides_and_withdraws_the_consent() -> None:
    user = people.alice().user
    link = agreed(both_shown(user))
    with pytest.raises(NotFound):
        services.revoke_link(link=link, user=people.bo().user, now=NOON)
    services.revoke_link(link=link, user=user, now=NOON + 5 * MINUTE)
    assert state_of(link) == LinkState.REVOKED
    assert Consent.objects.get().withdrawn_at == NOON + 5 * MINUTE
    assert not LinkedSide.objects.filter(open=True).exists()
    with pytest.raises(IllegalMove):
        services.revoke_link(link=link, user=user, now=NOON + 6 * MINUTE)


def test_an_officer_undoes_a_link_that_stands_for_a_reason_that_its_person_reads(client: Client) -> None:
    user = people.alice().user
    link = agreed(both_shown(user))
    olive = recognised.officer("olive")
    act: dict[str, Any] = {"link": link, "reason": "Shown by somebody else", "now": NOON + 5 * MINUTE}
    with pytest.raises(links.LinkReasonMissing):
        services.undo_link(actor=olive, **(act | {"reason": " "}))
    with pytest.raises(Forbidden):
        services.undo_link(actor=staff_actor(people.bo().user), **act)
    own = agreed(both_shown(olive.user, sg="Olive", cn="Olive"))
    with pytest.raises(links.OwnLink):
        services.undo_link(actor=olive, **(act | {"link": own}))
    waits = agreed(both_shown(people.bo().user, sg="Somebody else"))
    with pytest.raises(IllegalMove):  # it is refused, not undone
        services.undo_link(actor=olive, **(act | {"link": waits}))
    assert [state_of(each) for each in (link, own, waits)] == ["active", "active", "matched"]
    desk = {"action": "undo", "_selected_action": link.pk, "confirmed": "yes", "reason": act["reason"]}
    people.sign_in(client, olive)
    assert client.post("/operator/identity/identitylink/", desk, follow=True).status_code == 200
    link.refresh_from_db()
    assert (link.state, link.revoked_by_id) == (LinkState.REVOKED, olive.user_id)
    assert link.reason == ceremony.BY_NAMES, "why it was accepted stays"
    assert not LinkedSide.objects.filter(link=link, open=True).exists()
    assert Event.objects.filter(name="IdentityLinkUndone", subject_id=link.uid).count() == 1
    assert Consent.objects.get(user=user).withdrawn_at is None, "theirs to withdraw"
    client.force_login(user)
    page = client.get(reverse("linking", args=[link.public_id])).content.decode()
    assert "undone the link" in page and "Shown by somebody else" in page
    assert started(user).state == LinkState.STARTED


def test_disconnecting_an_identity_ends_its_bindings_and_its_link() -> None:
    alice = people.alice()
    link = agreed(both_shown(alice.user))
    sg = ExternalIdentity.objects.get(user=alice.user, issuer__code="sg")
    binding = recognised.bound(alice, sg)
    services.end_identity(identity=sg, user=alice.user, now=NOON + 5 * MINUTE)
    binding.refresh_from_db()
    assert binding.ended_at == NOON + 5 * MINUTE
    assert state_of(link) == LinkState.REVOKED
    sg.refresh_from_db()
    assert sg.name_shown == "", "no longer kept"
    assert [each.issuer.code for each in identities_of(alice.user, NOON).identities] == ["cn"]


def test_an_identity_disconnected_on_the_way_ends_the_ceremony() -> None:
    user = people.alice().user
    link = started(user)
    sg = shown(user, "sg", "Xu Jiahui")
    prove(link, sg)
    services.end_identity(identity=sg, user=user, now=NOON + MINUTE)
    with pytest.raises(ceremony.CeremonyOver):
        prove(link, shown(user, "cn", "徐佳慧"))
    assert state_of(link) == LinkState.EXPIRED


def test_a_side_shown_again_from_another_tab_is_held_already() -> None:
    user = people.alice().user
    link = both_shown(user)
    again = prove(link, ExternalIdentity.objects.get(user=user, issuer__code="cn"))
    assert again.state == LinkState.B_PROVED
    assert agreed(again).state == LinkState.ACTIVE


def test_two_officers_decide_at_their_desk(client: Client) -> None:
    link = agreed(both_shown(people.alice().user, sg="Alice Tan"))
    act = {"action": "accept", "_selected_action": link.pk, "confirmed": "yes", "reason": "Passport seen"}
    for name, state in (
        ("olive", LinkState.MATCHED),
        ("olive", LinkState.MATCHED),
        ("peter", LinkState.ACTIVE),
    ):
        people.sign_in(client, recognised.officer(name))
        assert client.post("/operator/identity/identitylink/", act, follow=True).status_code == 200
        assert state_of(link) == state


def test_beginning_again_ends_what_was_begun_and_needs_two_cities_that_stand() -> None:
    user = people.alice().user
    first = started(user)
    second = started(user)
    assert (state_of(first), state_of(second)) == (LinkState.EXPIRED, LinkState.STARTED)
    with pytest.raises(ceremony.SameSide):
        started(user, second=recognised.issuer("sg"))
    cn = recognised.issuer("cn")
    services.suspend_issuer(actor=recognised.officer("olive"), issuer=cn, reason="Keys leaked", now=NOON)
    cn.refresh_from_db()
    with pytest.raises(ceremony.IssuerSuspended):
        started(user, second=cn)
    assert state_of(second) == LinkState.STARTED


@pytest.mark.parametrize(
    ("one", "other", "agree", "sound"),
    [
        ("徐佳慧", "徐 佳慧", True, False),
        ("Lee Kah Yee", "Kah Yee Lee", True, False),
        ("XU Jiahui", "Jiahui Xu", True, False),
        ("章威", "Zhang Wei", False, True),
        ("张伟", "Zhang Wei", False, True),
        ("Zhang Wei", "张伟", False, True),
        ("徐佳慧", "Jiahui XU", False, True),
        ("单雄信", "Shan Xiongxin", False, True),
        ("徐佳慧", "Xu Jia-Hui", False, True),
        ("欧阳娜", "Ouyang Na", False, True),
        ("欧阳娜", "Ou Yangna", False, False),
        ("李嘉怡", "Lee Kah Yee", False, False),
        ("徐佳慧", "J. Xu", False, False),
        ("徐佳慧", "Xujia Hui", False, False),
        ("徐佳慧", "徐嘉惠", False, False),
        ("张伟", "章威", False, False),
        ("Li An", "Lian", False, False),
        ("李安", "Lian", False, False),
        ("Xu 佳慧", "佳慧", False, False),
        ("Xu 佳慧", "Xu Jiahui", False, False),
        ("Иван Lee", "Lee", False, False),
        ("…", "", False, False),
        ("", "", False, False),
        ("徐佳慧", "", False, False),
    ],
)
def test_only_names_that_are_written_alike_settle_it(one: str, other: str, agree: bool, sound: bool) -> None:
    assert names_agree(one, other) is agree
    assert sounds_alike(one, other) is sound


def test_the_pages_walk_through_it_and_belong_to_one_person(client: Client) -> None:
    alice, bo = people.alice(), people.bo()
    recognised.issuer("sg"), recognised.issuer("cn")
    client.force_login(alice.user)
    page = client.get(reverse("identities")).content.decode()
    assert "Issuer sg" in page and "Issuer cn" in page
    both = {"first": "sg", "second": "cn"}
    assert "reauthenticate" in client.post(reverse("linking_start"), both)["Location"]
    assert not IdentityLink.objects.exists()
    people.show_again(client)
    begun = client.post(reverse("linking_start"), both)
    link = IdentityLink.objects.get(user=alice.user)
    assert begun["Location"] == reverse("linking", args=[link.public_id])
    assert f"ceremony={link.ceremony_id}" in client.get(begun["Location"]).content.decode()
    refused = client.post(reverse("linking_consent", args=[link.public_id]), follow=True)
    assert refused.status_code == 200 and state_of(link) == LinkState.STARTED
    assert client.post(reverse("linking_start"), {"first": "sg", "second": "nobody"}).status_code == 302
    mine = shown(alice.user, "sg", "Alice")
    client.force_login(bo.user)
    for address in (
        reverse("linking", args=[link.public_id]),
        reverse("linking_consent", args=[link.public_id]),
        reverse("linking_revoke", args=[link.public_id]),
        reverse("identities_end", args=[mine.public_id]),
    ):
        ask = client.get if address.endswith(f"{link.public_id}/") else client.post
        assert ask(address).status_code == 404
    mine.refresh_from_db()
    assert mine.ended_at is None
