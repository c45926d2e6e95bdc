"""Frameworks and their levels are written at the desk by two officers: one drafts, another confirms."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from identity import services
from identity.models import AssuranceLevel, FrameworkDraft, Issuer, TrustFramework
from identity.queries.office import work_of_office
from identity.queries.shown import ranks_of
from identity.services import framework_drafts, governing
from identity.services.enforcing import OwnDraft
from identity.services.frameworks import load_frameworks
from identity.states import Purpose
from kernel.errors import Forbidden, Refused
from kernel.models import Event
from tests import factories
from tests.identity import recognised
from tests.identity.test_recognition_desk import ISSUERS, POLICIES, acted, at_the_desk

pytestmark = pytest.mark.django_db

DESK = "/operator/identity"
DRAFTS = f"{DESK}/frameworkdraft/"
FRAMEWORK = {
    "code": "sz-pilot",
    "name_en": "Shenzhen pilot",
    "name_zh": "深圳试点",
    "jurisdiction": "CN",
    "regulator_en": "Shenzhen office",
    "regulator_zh": "深圳主管部门",
    "legal_basis_url": "https://law.example/",
    "reason": "Agreed in October",
}
LEVEL = {"code": "high", "rank": 3, "name_en": "High", "name_zh": "高", "reason": "Agreed in October"}
POLICY = {
    "recognised_rank": 3,
    "relying_jurisdiction": "SG",
    "purpose": Purpose.ORDER,
    "legal_note": "Platform policy",
}


def test_a_framework_its_level_and_an_issuer_are_added_at_the_desk_by_two_officers() -> None:
    olive, peter = at_the_desk("olive"), at_the_desk("peter")
    olive.post(f"{DESK}/trustframework/add/", FRAMEWORK)
    drafted = FrameworkDraft.objects.get()
    assert "You drafted this yourself" in acted(olive, DRAFTS, "confirm", drafted)
    assert not TrustFramework.objects.filter(code="sz-pilot").exists()
    assert "1 draft of a trust framework or a level to confirm" in peter.get("/operator/").content.decode()
    acted(peter, DRAFTS, "confirm", drafted)
    framework = TrustFramework.objects.get(code="sz-pilot")
    assert (framework.jurisdiction, framework.regulator_zh) == ("CN", "深圳主管部门")

    peter.post(f"{DESK}/assurancelevel/add/", {**LEVEL, "framework": framework.pk})
    level_drafted = FrameworkDraft.objects.get(level_code="high")
    issuer = an_issuer(olive)
    assert ranks_of(issuer) == []
    acted(peter, DRAFTS, "confirm", level_drafted)
    assert ranks_of(issuer) == [], "one officer alone has no force"
    acted(olive, DRAFTS, "confirm", level_drafted)
    level = AssuranceLevel.objects.get(framework=framework)
    assert ranks_of(issuer) == [("high", 3)]

    given = {**POLICY, "issuer": issuer.pk, "min_level": level.pk, "valid_from": timezone.localdate()}
    olive.post(f"{POLICIES}add/", given)
    assert issuer.policies.get().min_level == level
    told = Event.objects.filter(name__startswith="Framework").order_by("pk").values_list("name", flat=True)
    assert list(told) == ["FrameworkDrafted", "FrameworkConfirmed"] * 2


def an_issuer(officer: Client) -> Issuer:
    given = {
        "profile": "cn_oidc",
        "framework": "sz-pilot",
        "code": "sz",
        "name_en": "Shenzhen issuer",
        "name_zh": "深圳签发方",
        "iss": "https://sz.example",
        "discovery_url": "https://sz.example/.well-known/openid-configuration",
        "client_id": "sme-hub",
        "id_token_algs": '["ES256"]',
    }
    officer.post(f"{ISSUERS}add/", given)
    return Issuer.objects.get(code="sz", framework__code="sz-pilot")


def test_words_are_corrected_by_two_and_stay_when_reference_rows_are_loaded_again() -> None:
    olive, singpass = at_the_desk("olive"), TrustFramework.objects.get(code="sg-singpass")
    page = olive.get(f"{DESK}/trustframework/add/?of={singpass.pk}").content.decode()
    assert 'value="sg-singpass"' in page and singpass.regulator_zh in page
    level = singpass.levels.get(rank=1)
    for wrong in ("?of=0", "?of=x", f"?of={10**30}"):
        assert olive.get(f"{DESK}/assurancelevel/add/{wrong}").status_code == 200
    other = recognised.drafted_level(level.code, of="sg-singpass", rank=1, name_en="A single factor")
    peter = recognised.officer("peter")
    services.confirm_framework_draft(actor=peter, draft=other, now=timezone.now())
    load_frameworks()
    level.refresh_from_db()
    assert (level.name_en, level.rank) == ("A single factor", 1)
    with pytest.raises(framework_drafts.DraftOver):
        services.drop_framework_draft(actor=peter, draft=other, now=timezone.now())


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"rank": 2}, framework_drafts.RankFixed),
        ({"code": "9", "rank": 5}, framework_drafts.OffTheScale),
        ({"code": "9", "name_zh": " "}, framework_drafts.NamesMissing),
        ({"code": "9", "reason": " "}, governing.ReasonNeeded),
    ],
)
def test_a_wrong_level_is_not_drafted(given: dict[str, Any], error: type[Refused]) -> None:
    with pytest.raises(error):
        recognised.drafted_level(**{"code": "4", "rank": 3, **given})
    assert not FrameworkDraft.objects.exists()


def test_where_a_framework_holds_stays_and_only_officers_who_govern_draft() -> None:
    now, olive = timezone.now(), recognised.officer("olive")
    with pytest.raises(framework_drafts.JurisdictionFixed):
        services.draft_framework(actor=olive, now=now, **{**FRAMEWORK, "code": "sg-singpass"})
    draft = services.draft_framework(actor=olive, now=now, **FRAMEWORK)
    with pytest.raises(framework_drafts.DraftedAlready):
        services.draft_framework(actor=recognised.officer("peter"), now=now, **FRAMEWORK)
    alice = factories.alice()
    for act in (
        lambda: services.draft_framework(actor=alice, now=now, **FRAMEWORK),
        lambda: services.confirm_framework_draft(actor=alice, draft=draft, now=now),
        lambda: services.drop_framework_draft(actor=alice, draft=draft, now=now),
    ):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(OwnDraft):
        services.confirm_framework_draft(actor=olive, draft=draft, now=now)
    waiting = [
        work_of_office(recognised.officer(name).user, now)["frameworks"].count for name in ("olive", "peter")
    ]
    assert waiting == [0, 1]
    services.drop_framework_draft(actor=olive, draft=draft, now=now)
    assert not TrustFramework.objects.filter(code=FRAMEWORK["code"]).exists()
    assert work_of_office(recognised.officer("peter").user, now)["frameworks"].count == 0
