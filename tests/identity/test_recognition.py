"""Recognition: issuers and frameworks stand or rest, policies hold by two officers' word, and any day can be told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from identity import services
from identity.actors import System, staff_actor
from identity.models import (
    AssuranceLevel,
    Issuer,
    PolicyDecision,
    RecognitionPolicy,
    Suspension,
    TrustFramework,
)
from identity.queries import issuer_by_code, matrix, standing_issuers
from identity.queries.recognition import requirement_on
from identity.rules.profiles import USUAL
from identity.services import governing, issuers, policies
from identity.services.frameworks import load_frameworks
from identity.services.issuers import IssuerDetails
from identity.states import IssuerState, Jurisdiction, PolicyDecisionKind, Purpose
from kernel.errors import Forbidden, NotFound, Refused
from kernel.models import Event
from kernel.states import IllegalMove
from simulators.issuer.profile import PROFILES as SIMULATED
from tests import factories
from tests.identity import recognised

pytestmark = pytest.mark.django_db

#: noon of a Monday in both cities
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
ISSUER = {
    "code": "new",
    "profile": "corppass_fapi",
    "iss": "https://new.issuer.example",
    "discovery_url": "https://new.issuer.example/.well-known/openid-configuration",
    "client_id": "sme-hub",
}


def held_on(day: date, now: datetime = NOON) -> list[tuple[str, str, int, bool]]:
    return [
        (row.policy.issuer.code, row.policy.purpose, row.policy.recognised_rank, row.holds)
        for row in matrix(day, now=now).rows
    ]


def refused(error: type[Refused], **acts: object) -> None:
    """`recognised.draft` with these details is refused, and nothing is kept."""
    issuer = recognised.issuer()
    with pytest.raises(error):
        recognised.draft(issuer, Purpose.ORDER, now=NOON, **acts)
    assert not RecognitionPolicy.objects.exists()


def test_reference_rows_are_loaded_again_without_a_trace() -> None:
    before = sorted(TrustFramework.objects.values_list("code", "state"))
    TrustFramework.objects.filter(code="sg-singpass").update(state=IssuerState.SUSPENDED)
    load_frameworks()
    assert [code for code, _state in before] == ["cn-gd-unified", "sg-corppass", "sg-singpass"]
    assert TrustFramework.objects.get(code="sg-singpass").state == IssuerState.SUSPENDED
    asked = {code: requirement_on(code, TODAY) for code in Purpose.values}
    assert {code: row.rank for code, row in asked.items() if row} == {
        "browse": 0,
        "quote": 1,
        "order": 2,
        "issue_document": 3,
        "accept_finance": 3,
        "sign_settlement": 3,
        "change_bank_account": 3,
    }
    settlement, bank = asked["sign_settlement"], asked["change_bank_account"]
    assert settlement is not None and settlement.max_age_seconds == 300
    assert bank is not None and bank.two_persons
    assert requirement_on("order", date(2019, 1, 1)) is None, "nothing was laid down then"


def test_an_issuer_is_added_as_data_and_known_by_its_code() -> None:
    issuer = recognised.issuer(level_map={"2": recognised.LOA2})
    assert issuer.framework.code == "sg-corppass"
    assert issuer.id_token_algs == ["ES256"] and "ECDH-ES+A256KW" in issuer.id_token_enc
    assert issuer.level_of("2") == recognised.LOA2 and issuer.level_of("9") == "9"
    assert issuer_by_code("sg") == issuer and standing_issuers() == [issuer]
    assert Event.objects.get(name="IssuerAdded").subject_id == issuer.uid
    with pytest.raises(NotFound):
        issuer_by_code("elsewhere")


@pytest.mark.parametrize(
    ("details", "error"),
    [
        ({"profile": "saml"}, issuers.UnknownProfile),
        ({"framework": "moon"}, issuers.UnknownFramework),
        ({"discovery_url": "ftp://sg.issuer.example/"}, issuers.AddressNotSafe),
        ({"level_map": {"2": "urn:made-up"}}, issuers.UnknownLevel),
        ({"claim_map": {"name": "act.id_no"}}, issuers.ClaimForbidden),
        ({"id_token_algs": ("none",)}, issuers.AlgorithmMissing),
        ({"id_token_algs": ("ES256", "HS256")}, issuers.AlgorithmMissing),
        ({"code": "taken", "iss": "https://new.issuer.example"}, issuers.IssuerKnown),
        ({"iss": "https://taken.issuer.example"}, issuers.IssuerKnown),
    ],
)
def test_a_wrong_issuer_is_not_added(details: dict[str, object], error: type[Refused]) -> None:
    recognised.issuer("taken")
    with pytest.raises(error):
        services.add_issuer(
            actor=recognised.officer("olive"), details=IssuerDetails(**{**ISSUER, **details}), now=NOON
        )
    assert Issuer.objects.count() == 1


def test_only_officers_with_the_permission_govern() -> None:
    issuer = recognised.issuer()
    drafted = recognised.draft(issuer, Purpose.ORDER, now=NOON)
    clerk = factories.a_user("clerk@programme.example")
    clerk.is_staff = True
    clerk.save()
    for actor in (factories.alice(), staff_actor(clerk), System(reason="a test")):
        with pytest.raises(Forbidden):
            services.approve_policy(actor=actor, policy=drafted, now=NOON)
        with pytest.raises(Forbidden):
            services.suspend_issuer(actor=actor, issuer=issuer, reason="No", now=NOON)
        with pytest.raises(Forbidden):
            services.end_policy(actor=actor, policy=drafted, reason="No", now=NOON)
    issuer.refresh_from_db()
    assert issuer.stands and not PolicyDecision.objects.exists()


def test_a_draft_counts_for_nothing_until_two_different_officers_approve() -> None:
    olive, peter = recognised.officer("olive"), recognised.officer("peter")
    drafted = recognised.draft(recognised.issuer(), Purpose.ORDER, now=NOON)
    assert held_on(TODAY) == []
    services.approve_policy(actor=olive, policy=drafted, now=NOON)
    with pytest.raises(policies.ApprovedAlready):
        services.approve_policy(actor=olive, policy=drafted, now=NOON)
    assert held_on(TODAY) == []
    services.approve_policy(actor=peter, policy=drafted, now=NOON + DAY)
    later = NOON + DAY
    assert held_on(TODAY, later) == [], "what was is not rewritten"
    assert held_on(TODAY + DAY, later) == [("sg", "order", 3, True)]
    told = [event.payload["in_force"] for event in Event.objects.filter(name="PolicyApproved").order_by("pk")]
    assert told == [False, True]


def test_a_policy_holds_from_its_first_day_to_the_day_before_its_last() -> None:
    begins, ends = TODAY + 2 * DAY, TODAY + 4 * DAY
    recognised.policy(recognised.issuer(), Purpose.QUOTE, now=NOON, valid_from=begins, valid_to=ends)
    days = [TODAY + number * DAY for number in range(6)]
    assert [bool(held_on(day)) for day in days] == [False, False, True, True, False, False]


def test_one_officer_ends_a_policy_from_today_or_a_later_day_on() -> None:
    issuer, olive = recognised.issuer(), recognised.officer("olive")
    now_over = recognised.policy(issuer, Purpose.ORDER, now=NOON)
    soon_over = recognised.policy(issuer, Purpose.QUOTE, now=NOON)
    tomorrow = NOON + DAY
    with pytest.raises(policies.EndInThePast):
        services.end_policy(
            actor=olive, policy=now_over, reason="Late", effective_on=TODAY - DAY, now=tomorrow
        )
    with pytest.raises(governing.ReasonNeeded):
        services.end_policy(actor=olive, policy=now_over, reason=" ", now=tomorrow)
    services.end_policy(actor=olive, policy=now_over, reason="Revised", now=tomorrow)
    services.end_policy(
        actor=olive, policy=soon_over, reason="Revised", effective_on=TODAY + 5 * DAY, now=tomorrow
    )
    assert len(held_on(TODAY, tomorrow)) == 2, "yesterday both held"
    assert held_on(TODAY + DAY, tomorrow) == [("sg", "quote", 3, True)]
    assert held_on(TODAY + 5 * DAY, tomorrow) == []
    for act in (
        lambda: services.approve_policy(actor=recognised.officer("quinn"), policy=now_over, now=tomorrow),
        lambda: services.end_policy(actor=olive, policy=now_over, reason="Again", now=tomorrow),
    ):
        with pytest.raises(policies.PolicyOver):
            act()
    services.end_policy(actor=olive, policy=soon_over, reason="At once after all", now=tomorrow)
    assert held_on(TODAY + DAY, tomorrow) == []


def test_a_wrong_draft_is_not_kept() -> None:
    refused(policies.PolicyInThePast, valid_from=TODAY - DAY)
    refused(policies.DatesOutOfOrder, valid_to=TODAY)
    refused(policies.RankTooHigh, rank=4)
    refused(policies.RankTooHigh, rank=0)
    refused(policies.RankTooHigh, at=recognised.LOA1, rank=2)
    refused(policies.NoteMissing, legal_note="  ")
    other = recognised.issuer("cn")
    refused(policies.LevelOfAnother, min_level=recognised.level(other, "4"))


def test_a_suspended_issuer_is_recognised_for_the_days_before_and_after_only() -> None:
    issuer, olive = recognised.issuer(now=NOON), recognised.officer("olive")
    recognised.policy(issuer, Purpose.ORDER, now=NOON)
    services.suspend_issuer(actor=olive, issuer=issuer, reason="Keys lost", now=NOON + 2 * DAY)
    assert standing_issuers() == []
    during = NOON + 3 * DAY
    assert [row[-1] for row in held_on(TODAY + DAY, during)] == [True]
    assert [row[-1] for row in held_on(TODAY + 2 * DAY, during)] == [False]
    assert [row[-1] for row in held_on(TODAY + 9 * DAY, during)] == [False], "until it is lifted"
    services.reinstate_issuer(actor=olive, issuer=issuer, reason="New keys", now=NOON + 4 * DAY)
    after = NOON + 9 * DAY
    found = [held_on(TODAY + number * DAY, after)[0][-1] for number in range(6)]
    assert found == [True, True, False, False, True, True]
    suspension = Suspension.objects.get()
    assert (suspension.reason, suspension.lifted_reason) == ("Keys lost", "New keys")
    with pytest.raises(IllegalMove):
        services.reinstate_issuer(actor=olive, issuer=issuer, reason="Twice", now=after)
    with pytest.raises(governing.ReasonNeeded):
        services.suspend_issuer(actor=olive, issuer=issuer, reason="", now=after)


def test_a_suspended_framework_takes_its_issuers_with_it() -> None:
    issuer, other, olive = recognised.issuer(), recognised.issuer("cn"), recognised.officer("olive")
    framework = issuer.framework
    services.suspend_framework(actor=olive, framework=framework, reason="Law changed", now=NOON)
    assert standing_issuers() == [other]
    with pytest.raises(issuers.FrameworkResting):
        services.reinstate_issuer(actor=olive, issuer=issuer, reason="Please", now=NOON)
    services.reinstate_framework(actor=olive, framework=framework, reason="Law is back", now=NOON)
    assert standing_issuers() == [other], "each issuer is looked at by itself"
    services.reinstate_issuer(actor=olive, issuer=issuer, reason="Looked at", now=NOON)
    assert {one.code for one in standing_issuers()} == {"sg", "cn"}


def test_policies_and_decisions_are_never_changed() -> None:
    """By whoever writes SQL as the application; the owner is stopped by the trigger (tests/kernel/test_roles.py)."""
    recognised.policy(recognised.issuer(), Purpose.ORDER, now=NOON)
    for act in (
        lambda: RecognitionPolicy.objects.update(recognised_rank=4),
        lambda: RecognitionPolicy.objects.all()._raw_delete("default"),
        lambda: PolicyDecision.objects.update(kind=PolicyDecisionKind.END),
        lambda: PolicyDecision.objects.filter(kind=PolicyDecisionKind.APPROVE).delete(),
    ):
        with pytest.raises(ProgrammingError, match="permission denied|append-only"), transaction.atomic():
            act()
    assert len(held_on(TODAY)) == 1
    approval = PolicyDecision.objects.first()
    with pytest.raises(IntegrityError, match="policy_approved_once_by_each"), transaction.atomic():
        PolicyDecision.objects.create(
            policy=approval.policy,
            kind=approval.kind,
            officer=approval.officer,
            at=NOON,
            effective_on=TODAY,
        )


def test_the_matrix_takes_as_many_statements_for_one_policy_as_for_many() -> None:
    issuer, other = recognised.issuer(), recognised.issuer("cn")
    recognised.policy(issuer, Purpose.ORDER, now=NOON)
    with CaptureQueriesContext(
        connection,
    ) as few:
        matrix(TODAY, now=NOON)
    for where in Jurisdiction.values:
        recognised.policy(other, Purpose.ORDER, now=NOON, where=where)
    services.suspend_issuer(actor=recognised.officer("olive"), issuer=other, reason="Rest", now=NOON)
    with CaptureQueriesContext(connection) as many:
        found = matrix(TODAY, now=NOON)
    assert len(many) == len(few) == 4
    assert [(row.policy.issuer.code, row.holds, row.suffices) for row in found.rows] == [
        ("cn", False, False),
        ("cn", False, False),
        ("sg", True, True),
    ]
    assert timezone.localdate(NOON) == found.as_of


@pytest.mark.parametrize("profile", SIMULATED)
def test_what_is_usual_of_a_profile_is_what_its_issuer_offers(profile: str) -> None:
    """The least level asked for is one that some act can rest on."""
    usual, offered = USUAL[profile], SIMULATED[profile]
    assert set(usual.scope.split()) <= set(offered.scopes)
    assert set(usual.acr_values.split()) <= set(offered.levels)
    levels = AssuranceLevel.objects.filter(framework__code=usual.framework)
    assert set(offered.levels) <= set(levels.values_list("code", flat=True))
    needed = requirement_on(Purpose.ORDER, TODAY)
    assert needed is not None and levels.get(code=usual.acr_values).rank >= needed.rank
