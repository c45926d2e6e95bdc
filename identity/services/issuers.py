"""Issuers of identities and their frameworks: added, suspended and reinstated. What they say counts by `services.policies`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor, System
from identity.connectors.issuers.reading import is_forbidden
from identity.events import (
    FrameworkReinstated,
    FrameworkSuspended,
    IssuerAdded,
    IssuerReinstated,
    IssuerSuspended,
)
from identity.models import (
    Issuer,
    Suspension,
    TrustFramework,
)
from identity.rules.profiles import USUAL
from identity.services.governing import governing, governing_with
from identity.states import (
    ISSUER_MOVES,
    IssuerProfile,
    IssuerState,
    SubjectKind,
)
from kernel.errors import Conflict, Refused
from kernel.services import record
from kernel.states import check_move


class UnknownProfile(Refused):
    code = "issuer.unknown_profile"
    message = _("There is no such profile.")
    field = "profile"


class UnknownFramework(Refused):
    code = "issuer.unknown_framework"
    message = _("There is no such framework.")
    field = "framework"


class IssuerKnown(Conflict):
    code = "issuer.known"
    message = _("There is an issuer with this code or this “iss” already.")
    field = "code"


class AddressNotSafe(Refused):
    code = "issuer.address_not_safe"
    message = _("The addresses of an issuer begin with https://.")
    field = "discovery_url"


class UnknownLevel(Refused):
    code = "issuer.unknown_level"
    message = _("The level map names a level that the framework does not have: %(level)s.")
    field = "level_map"


class AlgorithmMissing(Refused):
    code = "issuer.algorithm_missing"
    message = _("Name the algorithms that are accepted; “none” and shared secrets are not among them.")
    field = "id_token_algs"


class ClaimForbidden(Refused):
    code = "issuer.claim_forbidden"
    message = _("The claim map reads %(path)s, which holds the number of a person: none is read here.")
    field = "claim_map"


class FrameworkResting(Refused):
    code = "issuer.framework_suspended"
    message = _("The framework of this issuer is suspended. Reinstate the framework first.")
    status = 409


@dataclass(frozen=True, kw_only=True)
class IssuerDetails:
    """What an operator says of a new issuer; what is left empty is as its profile usually is (`rules.profiles`)."""

    code: str
    profile: str
    iss: str
    discovery_url: str
    client_id: str
    name_en: str = ""
    name_zh: str = ""
    framework: str = ""
    scope: str = ""
    acr_values: str = ""
    claim_map: dict[str, str] = field(default_factory=dict)
    level_map: dict[str, str] = field(default_factory=dict)
    id_token_algs: tuple[str, ...] = ()
    id_token_enc: tuple[str, ...] = ()
    subject_kind: str = ""
    assertion_key: str = ""
    simulated: bool = False


@transaction.atomic
def add_issuer(*, actor: Actor, details: IssuerDetails, now: datetime) -> Issuer:
    """People may be sent there from now on. It counts for nothing until a policy recognises it."""
    if not isinstance(actor, System):  # whoever has the command line of the installation
        governing(actor)
    if details.profile not in IssuerProfile.values:
        raise UnknownProfile
    usual = USUAL[details.profile]
    framework = TrustFramework.objects.filter(code=details.framework or usual.framework).first()
    if framework is None:
        raise UnknownFramework
    if _locked_framework(framework).state != IssuerState.ACTIVE:
        raise FrameworkResting
    algs = list(details.id_token_algs or usual.algs)
    _check_details(details, framework, algs)
    issuer = Issuer(
        framework=framework,
        code=details.code,
        name_en=details.name_en or framework.name_en,
        name_zh=details.name_zh or details.name_en or framework.name_zh,
        iss=details.iss,
        discovery_url=details.discovery_url,
        client_id=details.client_id,
        profile=details.profile,
        scope=details.scope or usual.scope,
        acr_values=details.acr_values or usual.acr_values,
        claim_map=details.claim_map,
        level_map=details.level_map,
        id_token_algs=algs,
        id_token_enc=list(details.id_token_enc or usual.enc),
        subject_kind=details.subject_kind or usual.subject_kind,
        assertion_key=details.assertion_key,
        simulated=details.simulated,
        added_at=now,
    )
    try:
        with transaction.atomic():
            issuer.save()
    except IntegrityError as error:
        raise IssuerKnown from error
    record(IssuerAdded(issuer_id=issuer.pk), actor=actor, now=now, subject=issuer)
    return issuer


@transaction.atomic
def suspend_issuer(*, actor: Actor, issuer: Issuer, reason: str, now: datetime) -> Issuer:
    """From now on no new act rests on it, and its keys are forgotten everywhere. What was signed keeps its evidence."""
    officer, locked = governing_with(actor, reason), _locked(issuer)
    check_move(ISSUER_MOVES, locked.state, IssuerState.SUSPENDED)
    why = reason.strip()[:500]
    locked.state, locked.suspended_at, locked.suspended_reason = IssuerState.SUSPENDED, now, why
    locked.keys_from = now
    locked.save(update_fields=["state", "suspended_at", "suspended_reason", "keys_from"])
    Suspension.objects.create(issuer=locked, since=now, reason=why, suspended_by=officer.user)
    record(IssuerSuspended(issuer_id=locked.pk), actor=officer, now=now, subject=locked)
    return locked


@transaction.atomic
def reinstate_issuer(*, actor: Actor, issuer: Issuer, reason: str, now: datetime) -> Issuer:
    """It is recognised again as the policies of the day say; its keys are read anew."""
    officer, framework = governing_with(actor, reason), _locked_framework(issuer.framework)
    locked = _locked(issuer)
    check_move(ISSUER_MOVES, locked.state, IssuerState.ACTIVE)
    if framework.state != IssuerState.ACTIVE:
        raise FrameworkResting
    locked.state, locked.suspended_at, locked.suspended_reason = IssuerState.ACTIVE, None, ""
    locked.keys_from = now
    locked.save(update_fields=["state", "suspended_at", "suspended_reason", "keys_from"])
    Suspension.objects.filter(issuer=locked, until__isnull=True).update(
        until=now, lifted_by=officer.user, lifted_reason=reason.strip()[:500]
    )
    record(IssuerReinstated(issuer_id=locked.pk), actor=officer, now=now, subject=locked)
    return locked


@transaction.atomic
def suspend_framework(
    *, actor: Actor, framework: TrustFramework, reason: str, now: datetime
) -> TrustFramework:
    """With every issuer of it that still stood."""
    officer, locked = governing_with(actor, reason), _locked_framework(framework)
    check_move(ISSUER_MOVES, locked.state, IssuerState.SUSPENDED)
    locked.state = IssuerState.SUSPENDED
    locked.save(update_fields=["state"])
    standing = Issuer.objects.select_for_update(no_key=True).filter(
        framework=locked, state=IssuerState.ACTIVE
    )
    for issuer in standing.order_by("pk"):
        suspend_issuer(actor=officer, issuer=issuer, reason=reason, now=now)
    record(FrameworkSuspended(framework_id=locked.pk), actor=officer, now=now, subject=locked)
    return locked


@transaction.atomic
def reinstate_framework(
    *, actor: Actor, framework: TrustFramework, reason: str, now: datetime
) -> TrustFramework:
    """Its issuers stay suspended until each is reinstated."""
    officer, locked = governing_with(actor, reason), _locked_framework(framework)
    check_move(ISSUER_MOVES, locked.state, IssuerState.ACTIVE)
    locked.state = IssuerState.ACTIVE
    locked.save(update_fields=["state"])
    record(FrameworkReinstated(framework_id=locked.pk), actor=officer, now=now, subject=locked)
    return locked


def _check_details(details: IssuerDetails, framework: TrustFramework, algs: list[str]) -> None:
    safe = ("https",) if settings.HTTPS else ("https", "http")
    if any(urlsplit(address).scheme not in safe for address in (details.iss, details.discovery_url)):
        raise AddressNotSafe
    known = set(framework.levels.values_list("code", flat=True))
    for level in details.level_map.values():
        if level not in known:
            raise UnknownLevel(level=level)
    if not algs or any(alg == "none" or alg.startswith("HS") for alg in algs):
        raise AlgorithmMissing
    for path in details.claim_map.values():
        if is_forbidden(str(path)):
            raise ClaimForbidden(path=str(path)[:80])
    if details.subject_kind and details.subject_kind not in SubjectKind.values:
        raise UnknownProfile(field="subject_kind")


def _locked(issuer: Issuer) -> Any:
    return Issuer.objects.select_for_update(no_key=True).get(pk=issuer.pk)


def _locked_framework(framework: TrustFramework) -> Any:
    """Before any of its issuers, by whoever locks both."""
    return TrustFramework.objects.select_for_update(no_key=True).get(pk=framework.pk)
