"""What a checked sign-in at an issuer does here: sign in who holds the identity, or connect it; and prove companies by it.

No account is ever made by it, and no membership. The issuer's subject is kept as a keyed hash only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import Anonymous, System
from identity.connectors.issuers import Authorisation, Entity, VerifiedLogin
from identity.connectors.issuers.profiles import PROFILES
from identity.events import EntityBound, EntityUnbound, IdentityConnected, IdentityShown
from identity.models import Company, EntityBinding, ExternalIdentity, Issuer, User
from identity.queries.shown import bindable_company, held_identity, is_standing
from identity.rules import Registration, WrongRegistrationNumber, read_registration
from identity.rules.authority import acts_of_roles
from identity.rules.consents import CONNECTING, NOTICES
from identity.rules.registers import Standing
from identity.services.authorising import take_authority
from identity.services.consents import give_consent
from identity.services.proving import IssuerResting, LoginFailed
from identity.services.subjects import subject_hash
from identity.states import EntityStatus
from kernel.fetching import write
from kernel.services import record

#: of both registers
_COUNTRIES = {"uen": "SG", "uscc": "CN"}
#: a role ends at the end of its last day, as both cities count days
_BOTH_CITIES = timezone(timedelta(hours=8))


class IdentityHeld(LoginFailed):
    """Says nothing about whose it is."""

    code = "issuer.identity_held"
    message = _("This identity cannot be connected to your account. The programme office can tell you more.")
    status = 409


class IdentityUnknown(LoginFailed):
    code = "issuer.unknown_identity"
    message = _(
        "This identity is not connected to an account here yet. Sign in by e-mail first, then connect it under "
        "Account security. No account was made."
    )
    status = 403


class NoticeUnread(LoginFailed):
    """Nobody is connected who was not asked first."""

    code = "issuer.notice_unread"
    message = _("Read first what is kept of an identity that you connect. Nothing was connected.")
    status = 409


class EntityNumberWrong(LoginFailed):
    code = "issuer.entity_number_wrong"
    message = _(
        "The identity service named a company by a number that its register cannot have given: a check digit does not fit. "
        "Nothing was connected."
    )
    status = 422


class EntityStruckOff(LoginFailed):
    code = "issuer.entity_struck_off"
    message = _(
        "The register says that this company no longer exists or was withdrawn. Nobody can act for it here."
    )
    status = 403


class EntityStandingUnknown(LoginFailed):
    """Deny by default: what a register may have meant is nobody's guess."""

    code = "issuer.entity_standing_unknown"
    message = _(
        "The identity service does not say that this company is registered, in any word that is known here. Nothing was "
        "connected, and nobody can act for it by this sign-in; the programme office can tell you more."
    )
    status = 403


#: fields of a binding that a later sign-in changes
_SHOWN_AGAIN = ["entity_name", "roles", "entity_status", "proved_at", "valid_to", "evidence_digest"]


@dataclass(frozen=True)
class Taken:
    """What became of a sign-in."""

    #: who holds the identity
    user: User
    identity: ExternalIdentity
    #: connected just now
    is_new: bool
    #: the company that it proves
    company: Company | None = None
    #: the company's name as the issuer gave it, where it proves none here
    unbound: str = ""


@transaction.atomic
def strike_off(*, verified: VerifiedLogin, now: datetime) -> None:
    """What an issuer called struck off proves no company from now on, whoever had shown it. Its bindings stay as they were."""
    if verified.entity is None or verified.entity.standing != Standing.OVER:
        return
    bindings = EntityBinding.objects.select_for_update().filter(
        identity__issuer__code=verified.issuer_code,
        identifier=verified.entity.identifier.strip().upper(),
        entity_status=EntityStatus.REGISTERED,
        ended_at__isnull=True,
    )
    for binding in bindings.order_by("pk"):
        binding.entity_status = EntityStatus.DEREGISTERED
        binding.save(update_fields=["entity_status"])
        event = EntityUnbound(binding_id=binding.pk)
        record(
            event, actor=System(reason="struck off"), now=now, subject=binding, audience=[binding.company_id]
        )


@transaction.atomic
def take_login(
    *, issuer: Issuer, verified: VerifiedLogin, user: User | None, agreed: str, now: datetime
) -> Taken:
    """Sign in or connect. `issuer` with its framework; `user` is who is signed in already, None for a visitor; `agreed` is the
    version of the notice to which they agreed before they left, empty where they were not asked.

    A visitor whose identity nobody holds signs in by e-mail first (`IdentityUnknown`). Raises `LoginFailed`.
    """
    if issuer.code != verified.issuer_code or not is_standing(issuer.pk):
        raise IssuerResting
    registration = _checked(verified.entity)
    identity = held_identity(issuer, subject_hash(issuer, verified.holder))
    if identity is None and user is None:
        raise IdentityUnknown
    if identity is not None and user is not None and identity.user_id != user.pk:
        raise IdentityHeld
    if identity is None:
        assert user is not None
        identity = _connect(issuer, verified, user, agreed, now)
        is_new = True
    else:
        _show(identity, verified, now)
        is_new = False
    company = _bind(identity, registration, verified, now) if registration else None
    unbound = verified.entity.name or verified.entity.identifier if verified.entity and not company else ""
    return Taken(identity.user, identity, is_new, company, unbound)


def _checked(entity: Entity | None) -> Registration | None:
    """The company's number in its one written form."""
    if entity is None:
        return None
    if entity.standing == Standing.OVER:
        raise EntityStruckOff
    if entity.standing != Standing.LIVE:
        raise EntityStandingUnknown
    try:
        return read_registration(_COUNTRIES[entity.scheme], entity.identifier)
    except WrongRegistrationNumber as error:
        raise EntityNumberWrong from error


def _connect(
    issuer: Issuer, verified: VerifiedLogin, user: User, agreed: str, now: datetime
) -> ExternalIdentity:
    notice = NOTICES.get(agreed)
    if notice is None or notice.purpose != CONNECTING.purpose:
        raise NoticeUnread
    try:
        with transaction.atomic():
            consent = give_consent(
                user=user,
                notice=notice,
                from_jurisdiction=issuer.framework.jurisdiction,
                to_jurisdiction=settings.PLATFORM_JURISDICTION,
                now=now,
            )
            identity: ExternalIdentity = ExternalIdentity.objects.create(
                user=user,
                issuer=issuer,
                subject_hash=subject_hash(issuer, verified.holder),
                consent=consent,
                first_proved_at=now,
                last_proved_at=now,
                **_facts(verified),
            )
    except IntegrityError as error:  # somebody was quicker
        raise IdentityHeld from error
    record(
        IdentityConnected(identity_id=identity.pk),
        actor=Anonymous(user_id=user.pk),
        now=now,
        subject=identity,
    )
    return identity


def _show(identity: ExternalIdentity, verified: VerifiedLogin, now: datetime) -> None:
    facts = {**_facts(verified), "last_proved_at": now}
    for name, value in facts.items():
        setattr(identity, name, value)
    write(identity, list(facts))
    event = IdentityShown(identity_id=identity.pk)
    record(event, actor=Anonymous(user_id=identity.user_id), now=now, subject=identity)


def _facts(verified: VerifiedLogin) -> dict[str, object]:
    return {
        "level_code": verified.level_code,
        "auth_time": verified.auth_time,
        "amr": list(verified.amr),
        "assertion_digest": verified.assertion_digest,
        "name_shown": verified.name,
    }


def _bind(
    identity: ExternalIdentity, registration: Registration, verified: VerifiedLogin, now: datetime
) -> Company | None:
    """The company of this number, where it is here, trades, and the person acts for it; else nothing is bound."""
    found = bindable_company(identity, registration, now)
    if found is None:
        return None
    company, bound = found
    today = now.astimezone(_BOTH_CITIES).date()
    standing = [role for role in verified.authorisations if role.holds_on(today)]
    names_roles = PROFILES[identity.issuer.profile].asks_userinfo
    if not standing and (verified.authorisations or names_roles):  # none, or none that can be read
        if bound is not None:
            _unbind(bound, now)
            take_authority(company=company, identity=identity, wanted={}, now=now)
        return None
    binding = bound or EntityBinding(company=company, identity=identity)
    binding.scheme, binding.identifier = registration.kind, registration.number
    binding.entity_status = EntityStatus.REGISTERED
    binding.entity_name = verified.entity.name if verified.entity else ""
    binding.roles = sorted({role.role for role in standing})
    binding.proved_at, binding.valid_to = now, _end_of(_last_day(standing))
    binding.evidence_digest = verified.assertion_digest
    is_new = binding.pk is None
    if not is_new:
        write(binding, _SHOWN_AGAIN)
    else:
        binding.save()
        event = EntityBound(binding_id=binding.pk)
        record(
            event, actor=Anonymous(user_id=identity.user_id), now=now, subject=binding, audience=[company.pk]
        )
    if standing:
        acts = acts_of_roles((role.role, role.ends) for role in standing)
        wanted = {act: _end_of(last) for act, last in acts.items()}
        take_authority(company=company, identity=identity, wanted=wanted, now=now)
    return company


def _unbind(binding: EntityBinding, now: datetime) -> None:
    """The issuer names no role any more."""
    binding.ended_at = now
    binding.save(update_fields=["ended_at"])
    event = EntityUnbound(binding_id=binding.pk)
    actor = Anonymous(user_id=binding.identity.user_id)
    record(event, actor=actor, now=now, subject=binding, audience=[binding.company_id])


def _last_day(roles: Sequence[Authorisation]) -> date | None:
    """On which any of them lets the person act; none where one has no end. Mandates end with their own roles."""
    ends = [role.ends for role in roles if role.ends]
    return max(ends) if ends and len(ends) == len(roles) else None


def _end_of(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day + timedelta(days=1), time.min, _BOTH_CITIES)
