"""A world in which identities are recognised: issuers, officers, policies, and what people have shown.

city = recognised.issuer()                                  # stands, and counts for nothing
recognised.policy(city, Purpose.ORDER, rank=3)              # drafted and approved by two
recognised.shown(alice, city)                               # bound to her company, proved in her session
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from identity import services
from identity.actors import Member, Staff, staff_actor
from identity.models import (
    AssuranceLevel,
    EntityBinding,
    ExternalIdentity,
    FrameworkDraft,
    Issuer,
    Proof,
    RecognitionPolicy,
    TrustFramework,
    User,
)
from identity.services.issuers import IssuerDetails
from identity.states import EntityStatus, IssuerProfile, Jurisdiction
from tests import factories

LOA1, LOA2 = (f"urn:singpass:authentication:loa:{number}" for number in (1, 2))
SESSION = services.session_hash("a session of the tests")


def officer(name: str) -> Staff:
    """A programme officer as `appoint_officer` makes one."""
    email = f"{name}@programme.example"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = services.register_officer(
            email=email, password=factories.PASSWORD, name=name.title(), now=timezone.now()
        )
    return staff_actor(User.objects.get(pk=user.pk))


def issuer(code: str = "sg", now: datetime | None = None, **details: Any) -> Issuer:
    found = Issuer.objects.filter(code=code).first()
    if found is not None:
        return found
    given = {
        "code": code,
        "profile": IssuerProfile.CN_OIDC if code.startswith("cn") else IssuerProfile.CORPPASS_FAPI,
        "iss": f"https://{code}.issuer.example",
        "discovery_url": f"https://{code}.issuer.example/.well-known/openid-configuration",
        "client_id": "sme-hub",
        "name_en": f"Issuer {code}",
        "name_zh": f"签发方 {code}",
        "simulated": True,
    } | details
    return services.add_issuer(
        actor=officer("olive"), details=IssuerDetails(**given), now=now or timezone.now()
    )


def level(of: Issuer, code: str) -> AssuranceLevel:
    return AssuranceLevel.objects.get(framework=of.framework_id, code=code)


def drafted_level(
    code: str, *, of: str = "cn-gd-unified", rank: int = 4, now: datetime | None = None, **details: Any
) -> FrameworkDraft:
    """Another level of a framework, as one officer drafts it."""
    given = {"name_en": f"Level {code}", "name_zh": f"等级{code}", "reason": "Published this month"} | details
    return services.draft_level(
        actor=officer("olive"),
        framework=TrustFramework.objects.get(code=of),
        code=code,
        rank=rank,
        now=now or timezone.now(),
        **given,
    )


def draft(of: Issuer, purpose: str, *, now: datetime | None = None, **details: Any) -> RecognitionPolicy:
    now = now or timezone.now()
    usual = "4" if of.profile == IssuerProfile.CN_OIDC else LOA2
    given = {
        "min_level": level(of, details.pop("at", usual)),
        "recognised_rank": details.pop("rank", 3),
        "relying_jurisdiction": details.pop("where", Jurisdiction.SG),
        "valid_from": timezone.localdate(now),
        "valid_to": None,
        "legal_note": "Platform policy, of its own",
    } | details
    return services.draft_policy(actor=officer("olive"), issuer=of, purpose=purpose, now=now, **given)


def policy(of: Issuer, purpose: str, *, now: datetime | None = None, **details: Any) -> RecognitionPolicy:
    """Drafted, and approved by two officers."""
    now = now or timezone.now()
    drafted = draft(of, purpose, now=now, **details)
    for name in ("olive", "peter"):
        services.approve_policy(actor=officer(name), policy=drafted, now=now)
    return drafted


def enforced(*purposes: str, now: datetime | None = None) -> None:
    """Acts of these kinds ask for what is laid down: drafted by one officer, decided by another."""
    now = now or timezone.now()
    for purpose in purposes:
        reason = "Announced a month ago"
        services.enforce_requirement(actor=officer("olive"), purpose=purpose, reason=reason, now=now)
        services.confirm_requirement(actor=officer("peter"), purpose=purpose, now=now)


def eased(*purposes: str, now: datetime | None = None) -> None:
    """They ask no longer."""
    now = now or timezone.now()
    for purpose in purposes:
        services.ease_requirement(actor=officer("olive"), purpose=purpose, reason="Too early", now=now)
        services.confirm_requirement(actor=officer("peter"), purpose=purpose, now=now)


def known(member: Member, at: Issuer, *purposes: str, now: datetime | None = None) -> Proof:
    """Recognised for these where the member's company is, bound to it, and shown in their session."""
    for purpose in purposes:
        policy(at, purpose, now=now, where=member.company.country)
    mine = identity(member.user, at, now=now)
    bound(member, mine)
    return proved(member, mine, "4" if at.profile == IssuerProfile.CN_OIDC else LOA2, now=now)


def identity(user: User, at: Issuer, subject: str = "", now: datetime | None = None) -> ExternalIdentity:
    now = now or timezone.now()
    return ExternalIdentity.objects.create(
        user=user,
        issuer=at,
        subject_hash=services.subject_hash(at, subject or user.email),
        level_code=LOA2,
        auth_time=now,
        assertion_digest=hashlib.sha256(b"a token").hexdigest(),
        name_shown=user.name,
        first_proved_at=now,
        last_proved_at=now,
    )


def bound(member: Member, to: ExternalIdentity, **details: Any) -> EntityBinding:
    given = {
        "company": member.company,
        "identity": to,
        "scheme": member.company.registration_kind,
        "identifier": member.company.registration_number,
        "entity_name": member.company.legal_name,
        "entity_status": EntityStatus.REGISTERED,
        "proved_at": timezone.now(),
        "evidence_digest": hashlib.sha256(b"a token").hexdigest(),
    } | details
    return EntityBinding.objects.create(**given)


def proved(
    member: Member, by: ExternalIdentity, at: str = LOA2, *, now: datetime | None = None, ago: int = 0
) -> Proof:
    now = now or timezone.now()
    shown_at = now - timedelta(seconds=ago)
    return services.note_proof(
        user=member.user,
        identity=by,
        level_code=at,
        digest=by.assertion_digest,
        auth_time=shown_at,
        session=SESSION,
        now=now,
    )


def day(text: str) -> date:
    return date.fromisoformat(text)
