"""The simulated issuers, and the policies by which the demo's two officers recognise them in both jurisdictions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction

from identity import services
from identity.actors import GOVERN, Staff, System, staff_actor
from identity.models import AssuranceLevel, Issuer, RecognitionPolicy, User
from identity.queries.recognition import day_of
from identity.services.issuers import IssuerDetails
from identity.services.people import appoint_officer
from identity.states import IssuerProfile, Jurisdiction, Purpose
from sme_hub.demo.loading import people

NAMES = {
    IssuerProfile.CORPPASS_FAPI: ("Corppass (simulated)", "Corppass（模拟）"),
    IssuerProfile.SINGPASS_FAPI: ("Singpass (simulated)", "Singpass（模拟）"),
    IssuerProfile.CN_OIDC: ("Guangdong unified identity (simulated)", "广东省统一身份认证（模拟）"),
}
#: by profile: from which level on, and as which rank, for acts that ask for little and for those that ask for much; who proves
#: people alone signs them in, and is relied on for no act of a company
LITTLE = {
    IssuerProfile.CORPPASS_FAPI: ("urn:singpass:authentication:loa:2", 2),
    IssuerProfile.CN_OIDC: ("3", 2),
}
MUCH = {
    IssuerProfile.CORPPASS_FAPI: ("urn:singpass:authentication:loa:2", 3),
    IssuerProfile.CN_OIDC: ("4", 3),
}
#: levels asked for, the best first, where the usual one would turn away who may do what asks for little
ASKED = {IssuerProfile.CN_OIDC: "4 3"}
PURPOSES = {
    Purpose.QUOTE: LITTLE,
    Purpose.ORDER: LITTLE,
    Purpose.ISSUE_DOCUMENT: MUCH,
    Purpose.ACCEPT_FINANCE: MUCH,
    Purpose.SIGN_SETTLEMENT: MUCH,
    Purpose.CHANGE_BANK_ACCOUNT: MUCH,
}
NOTE = "Own judgement, for the demonstration · 平台自行判断（演示）"


def recognise(now: datetime) -> int:
    """Make the issuers of the settings known, where they are not, and recognised since long ago. Returns how many stand."""
    since = now - people.HERE_SINCE
    officers = [governing(officer) for officer in people.officers(now)]
    for code, told in settings.ISSUERS.items():
        if told["profile"] in NAMES and not Issuer.objects.filter(code=code).exists():
            _introduce(code, told, officers, since)
    return Issuer.objects.standing().filter(code__in=settings.ISSUERS).count()


@transaction.atomic
def _introduce(code: str, told: dict[str, str], officers: list[Staff], since: datetime) -> None:
    """One issuer with all its policies, or nothing."""
    name_en, name_zh = NAMES[IssuerProfile(told["profile"])]
    details = IssuerDetails(
        code=code,
        profile=told["profile"],
        iss=told["iss"],
        discovery_url=told["discovery_url"],
        client_id=told["client_id"],
        assertion_key=told.get("assertion_key", ""),
        acr_values=ASKED.get(IssuerProfile(told["profile"]), ""),
        name_en=name_en,
        name_zh=name_zh,
        simulated=True,
    )
    issuer = services.add_issuer(actor=System(reason="demo"), details=details, now=since)
    for policy in _policies(issuer, officers[0], since):
        for officer in officers[:2]:
            services.approve_policy(actor=officer, policy=policy, now=since)


def _policies(issuer: Issuer, drafter: Staff, since: datetime) -> Iterator[RecognitionPolicy]:
    for purpose, levels in PURPOSES.items():
        if (profile := IssuerProfile(issuer.profile)) not in levels:
            continue
        code, rank = levels[profile]
        level = AssuranceLevel.objects.get(framework=issuer.framework_id, code=code)
        for jurisdiction in Jurisdiction.values:
            yield services.draft_policy(
                actor=drafter,
                issuer=issuer,
                min_level=level,
                recognised_rank=rank,
                relying_jurisdiction=jurisdiction,
                purpose=purpose,
                valid_from=day_of(since),
                valid_to=None,
                legal_note=NOTE,
                now=since,
            )


def governing(officer: Staff) -> Staff:
    """Officers of a demo that was loaded before they had the permission are given it."""
    if officer.has(GOVERN):
        return officer
    appoint_officer(user=officer.user)
    return staff_actor(User.objects.get(pk=officer.user_id))
