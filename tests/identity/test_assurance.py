"""How surely somebody must be known for an act: denied unless shown, recognised, fresh and still standing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from identity import services
from identity.actors import Anonymous, Member, System, Token, token_actor
from identity.models import Consent, ExternalIdentity, IdentityLink, Issuer, Proof
from identity.queries import effective_rank
from identity.services import AssuranceNeeded, require_assurance
from identity.services.assurance import FreshProofNeeded, LevelUnknown, NothingLaidDown
from identity.states import EntityStatus, IssuerProfile, Jurisdiction, LinkState, Purpose, SubjectKind
from kernel.errors import Forbidden
from tests import factories
from tests.identity import recognised

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def in_session(member: Member) -> Member:
    return replace(member, session=recognised.SESSION)


@pytest.fixture
def alice() -> Member:
    return in_session(factories.alice())


@pytest.fixture
def city() -> Issuer:
    """Recognised in Singapore for orders, papers and settlements."""
    issuer = recognised.issuer()
    for purpose in (Purpose.ORDER, Purpose.ISSUE_DOCUMENT, Purpose.SIGN_SETTLEMENT):
        recognised.policy(issuer, purpose, now=NOW)
    return issuer


@pytest.fixture
def shown(alice: Member, city: Issuer) -> ExternalIdentity:
    """Alice's identity, bound to her company and proved in her session."""
    identity = recognised.identity(alice.user, city, now=NOW)
    recognised.bound(alice, identity)
    recognised.proved(alice, identity, now=NOW)
    return identity


def needed(actor: Member, purpose: str = Purpose.ORDER, **more: object) -> AssuranceNeeded:
    with pytest.raises(AssuranceNeeded) as refusal:
        require_assurance(actor=actor, purpose=purpose, now=more.pop("now", NOW), **more)
    return refusal.value


def test_nothing_is_asked_of_who_looks_around_and_of_the_clock(alice: Member) -> None:
    for actor in (Anonymous(), alice, factories.charlie()):
        assert require_assurance(actor=actor, purpose=Purpose.BROWSE, now=NOW).rank == 0
    assert require_assurance(actor=System(reason="due"), purpose=Purpose.ORDER, now=NOW).proofs == ()
    with pytest.raises(Forbidden):
        require_assurance(actor=Anonymous(), purpose=Purpose.ORDER, now=NOW)
    with pytest.raises(NothingLaidDown):
        require_assurance(actor=alice, purpose="fly", now=NOW)


def test_what_was_shown_and_is_recognised_lets_the_act_go_on(alice: Member, shown: ExternalIdentity) -> None:
    assured = require_assurance(actor=alice, purpose=Purpose.ORDER, now=NOW)
    assert (assured.rank, assured.two_persons) == (3, False)
    assert [proof.identity for proof in assured.proofs] == [shown]


def test_who_has_shown_nothing_is_told_what_is_needed_and_who_could_give_it(
    alice: Member, city: Issuer
) -> None:
    refusal = needed(alice, Purpose.SIGN_SETTLEMENT)
    assert (refusal.needed, refusal.rank, refusal.max_age_seconds) == (3, 0, 300)
    assert refusal.issuers == [city] and refusal.code == "assurance.needed"
    assert "Sign a settlement" in str(refusal)


def test_without_a_policy_an_identity_counts_for_nothing(alice: Member, shown: ExternalIdentity) -> None:
    """For another purpose, where another jurisdiction relies on it, before the second approval."""
    refusal = needed(alice, Purpose.ACCEPT_FINANCE)
    assert refusal.rank == 0 and refusal.issuers == []
    assert needed(alice, jurisdiction=Jurisdiction.CN).rank == 0
    drafted = recognised.draft(shown.issuer, Purpose.ACCEPT_FINANCE, now=NOW)
    services.approve_policy(actor=recognised.officer("olive"), policy=drafted, now=NOW)
    needed(alice, Purpose.ACCEPT_FINANCE)
    services.approve_policy(actor=recognised.officer("peter"), policy=drafted, now=NOW)
    assert require_assurance(actor=alice, purpose=Purpose.ACCEPT_FINANCE, now=NOW).rank == 3


def test_a_level_below_the_policys_does_not_count(alice: Member, city: Issuer) -> None:
    identity = recognised.identity(alice.user, city)
    recognised.bound(alice, identity)
    recognised.proved(alice, identity, recognised.LOA1, now=NOW)
    needed(alice)
    with pytest.raises(LevelUnknown):
        recognised.proved(alice, identity, "urn:made-up", now=NOW)


def test_a_rank_recognised_below_what_is_asked_is_not_enough(alice: Member) -> None:
    city = recognised.issuer()
    recognised.policy(city, Purpose.ISSUE_DOCUMENT, now=NOW, rank=2)
    identity = recognised.identity(alice.user, city)
    recognised.bound(alice, identity)
    recognised.proved(alice, identity, now=NOW)
    refusal = needed(alice, Purpose.ISSUE_DOCUMENT)
    assert refusal.rank == 2 and refusal.issuers == []


def test_a_settlement_asks_for_an_identity_shown_within_five_minutes(
    alice: Member, shown: ExternalIdentity
) -> None:
    assert require_assurance(actor=alice, purpose=Purpose.SIGN_SETTLEMENT, now=NOW).rank == 3
    later = NOW + timedelta(seconds=301)
    assert needed(alice, Purpose.SIGN_SETTLEMENT, now=later).rank == 0
    assert require_assurance(actor=alice, purpose=Purpose.ORDER, now=later).rank == 3
    recognised.proved(alice, shown, now=later)
    assert require_assurance(actor=alice, purpose=Purpose.SIGN_SETTLEMENT, now=later).rank == 3


def test_a_proof_is_of_one_session_and_one_person(alice: Member, shown: ExternalIdentity) -> None:
    needed(replace(alice, session=services.session_hash("another")))
    needed(replace(alice, session=""))
    needed(in_session(factories.a_colleague(alice, "buyer")))
    assert needed(in_session(factories.charlie())).rank == 0
    with pytest.raises(Forbidden):
        services.note_proof(
            user=factories.bo().user,
            identity=shown,
            level_code=recognised.LOA2,
            digest=shown.assertion_digest,
            auth_time=NOW,
            session=recognised.SESSION,
            now=NOW,
        )


@pytest.mark.parametrize(
    "change",
    [
        "issuer suspended",
        "policy ended",
        "company struck off",
        "binding ended",
        "role over",
        "identity ended",
    ],
)
def test_what_ends_blocks_the_next_act_at_once(alice: Member, shown: ExternalIdentity, change: str) -> None:
    assert require_assurance(actor=alice, purpose=Purpose.ORDER, now=NOW).rank == 3
    olive, binding = recognised.officer("olive"), shown.bindings.get()
    match change:
        case "issuer suspended":
            services.suspend_issuer(actor=olive, issuer=shown.issuer, reason="Keys lost", now=NOW)
        case "policy ended":
            policy = shown.issuer.policies.get(purpose=Purpose.ORDER)
            services.end_policy(actor=olive, policy=policy, reason="Revised", now=NOW)
        case "company struck off":
            binding.entity_status = EntityStatus.DEREGISTERED
        case "binding ended":
            binding.ended_at = NOW
        case "role over":
            binding.valid_to = NOW
        case "identity ended":
            shown.ended_at = NOW
            shown.save()
    binding.save()
    refusal = needed(alice)
    assert refusal.rank == 0
    assert Proof.objects.count() == 1, "the evidence stays"


def test_a_company_is_proved_by_its_own_binding_only(alice: Member, city: Issuer) -> None:
    """An identity of a company counts for the companies that it is bound to; of a person, where the company is bound."""
    identity = recognised.identity(alice.user, city)
    recognised.proved(alice, identity, now=NOW)
    needed(alice)
    people = recognised.issuer("sg-people", profile=IssuerProfile.SINGPASS_FAPI)
    assert people.subject_kind == SubjectKind.PERSON
    recognised.policy(people, Purpose.ORDER, now=NOW)
    dana = in_session(factories.a_colleague(alice, "buyer"))
    recognised.proved(dana, recognised.identity(dana.user, people), now=NOW)
    needed(dana)
    recognised.bound(alice, identity)
    assert require_assurance(actor=dana, purpose=Purpose.ORDER, now=NOW).rank == 3
    assert require_assurance(actor=alice, purpose=Purpose.ORDER, now=NOW).rank == 3


def test_a_linked_identity_counts_for_what_the_other_is_bound_to(alice: Member, city: Issuer) -> None:
    """Bo's company is bound by the Shenzhen issuer; Bo signs in with the Singapore one."""
    bo = in_session(factories.bo())
    far = recognised.issuer("cn")
    home, abroad = recognised.identity(bo.user, far), recognised.identity(bo.user, city)
    recognised.bound(bo, home)
    recognised.proved(bo, abroad, now=NOW)
    recognised.policy(city, Purpose.ORDER, now=NOW, where=Jurisdiction.CN)
    needed(bo)
    link = a_link(bo, home, abroad)
    assert require_assurance(actor=bo, purpose=Purpose.ORDER, now=NOW).rank == 3
    link.state, link.revoked_at, link.revoked_by = LinkState.REVOKED, NOW, bo.user
    link.save()
    needed(bo)


def a_link(of: Member, first: ExternalIdentity, second: ExternalIdentity) -> IdentityLink:
    consent = Consent.objects.create(
        user=of.user,
        purpose="identity_link",
        data_categories=["name"],
        from_jurisdiction=Jurisdiction.CN,
        to_jurisdiction=Jurisdiction.SG,
        legal_basis="Consent",
        notice_version="1",
        given_at=NOW,
    )
    return IdentityLink.objects.create(
        user=of.user,
        first_issuer=first.issuer,
        second_issuer=second.issuer,
        first=first,
        second=second,
        state=LinkState.ACTIVE,
        consent=consent,
        session=recognised.SESSION,
        started_at=NOW,
        expires_at=NOW,
    )


def a_program(maker: Member) -> Token:
    token, _secret = services.issue_token(
        actor=maker, name="ERP", roles=["buyer"], expires_at=NOW + timedelta(days=9), now=NOW
    )
    program = token_actor(timezone.now(), pk=token.pk)
    assert program is not None
    return program


def test_a_program_carries_what_its_maker_had_shown_in_the_session_that_made_it(
    alice: Member, shown: ExternalIdentity
) -> None:
    """Until the token's own end, never for what has to be fresh, and no longer than the identity counts."""
    bare, program = a_program(replace(alice, session="")), a_program(alice)
    needed(bare)
    later = NOW + timedelta(days=8)
    assured = require_assurance(actor=program, purpose=Purpose.ORDER, now=later)
    assert (assured.rank, [proof.identity for proof in assured.proofs]) == (3, [shown])
    with pytest.raises(FreshProofNeeded):
        require_assurance(actor=program, purpose=Purpose.SIGN_SETTLEMENT, now=NOW)
    services.suspend_issuer(
        actor=recognised.officer("olive"), issuer=shown.issuer, reason="Keys lost", now=NOW
    )
    needed(program)


def test_a_program_carries_the_surest_of_what_was_shown(alice: Member, shown: ExternalIdentity) -> None:
    recognised.proved(alice, shown, recognised.LOA1, now=NOW + timedelta(seconds=1))
    token = a_program(alice)
    assert Proof.objects.get(pk=token.proof_id).level.code == recognised.LOA2


def test_effective_rank_is_read_as_of_a_moment(shown: ExternalIdentity) -> None:
    proofs = list(Proof.objects.select_related("identity", "level"))
    at = [NOW - timedelta(days=1), NOW, NOW + timedelta(days=400)]
    assert [effective_rank(proofs, Purpose.ORDER, "SG", moment) for moment in at] == [0, 3, 3]
    assert effective_rank([], Purpose.ORDER, "SG", NOW) == 0


def test_a_request_knows_its_session_and_nothing_of_its_key(client: Client) -> None:
    """What a view is given is a hash; a page of the workspace asks no more of the database for it."""
    factories.sign_in(client, factories.alice())
    response = client.get("/c/tanjong-bolts/")
    actor = response.wsgi_request.actor
    assert actor.session == services.session_hash(client.session.session_key) != ""
    assert client.session.session_key not in repr(actor)


def test_two_issuers_hashes_of_one_subject_have_nothing_in_common() -> None:
    one, other = recognised.issuer(), recognised.issuer("cn")
    hashes = {services.subject_hash(issuer, "S1234567D") for issuer in (one, other)}
    assert len(hashes) == 2 and all(len(text) == 64 and "1234567" not in text for text in hashes)
    assert services.subject_hash(one, "S1234567D") in hashes, "the same again"
