"""API tokens: the secret is shown once, only its digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.actors import ALL_ROLES, Actor, Member, Token, require_person
from identity.events import ApiTokenIssued, ApiTokenRevoked
from identity.models import ApiToken, Proof
from identity.queries.recognition import proofs_of
from identity.states import Role
from kernel.errors import Forbidden, Refused
from kernel.services import record

LONGEST_LIFE = timedelta(days=366)
#: tokens that stand at the same time, of one person for one company
MOST_TOKENS = 20


class TokenRolesTooWide(Refused):
    code = "token.roles_too_wide"
    message = _("A token may hold only roles that you have yourself.")
    field = "roles"


class TokenWithoutRole(Refused):
    code = "token.without_role"
    message = _("Choose at least one role.")
    field = "roles"


class TokenLifeOutOfBounds(Refused):
    code = "token.life_out_of_bounds"
    message = _("A token expires between tomorrow and a year from now.")
    field = "expires_on"


class TooManyTokens(Refused):
    code = "token.too_many"
    message = _("You have %(most)d tokens that still hold. Revoke one that you no longer use.")


@transaction.atomic
def issue_token(
    *, actor: Actor, name: str, roles: Iterable[str], expires_at: datetime, now: datetime
) -> tuple[ApiToken, str]:
    """A token of the acting member, and its secret, which nobody can read again.

    It carries what the member has shown in this session, until it expires: acts that ask who somebody is rest on that.
    """
    maker = require_person(actor, *Role.values)
    wanted = frozenset(roles)
    if not wanted:
        raise TokenWithoutRole
    if not wanted <= _held(maker):
        raise TokenRolesTooWide
    if not now < expires_at <= now + LONGEST_LIFE:
        raise TokenLifeOutOfBounds
    if tokens_standing(maker, now) >= MOST_TOKENS:
        raise TooManyTokens(most=MOST_TOKENS)
    secret = f"hub_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        company_id=maker.company_id,
        user_id=maker.user_id,
        name=name,
        digest=digest_of(secret),
        hint=secret[-4:],
        roles=[role for role in Role.values if role in wanted],
        created_at=now,
        expires_at=expires_at,
        proof=_surest(proofs_of(maker, now=now)),
    )
    record(
        ApiTokenIssued(token_id=token.pk), actor=maker, now=now, subject=token, audience=[maker.company_id]
    )
    return token, secret


@transaction.atomic
def revoke_token(*, actor: Actor, token: ApiToken, now: datetime) -> None:
    """End a token: one's own, or as owner anybody's. Revoked before, it stays as it is."""
    revoker = require_person(actor, *Role.values)
    token = ApiToken.objects.visible_to(revoker).select_for_update().fetch(token.public_id)
    if token.user_id != revoker.user_id and not revoker.may(Role.OWNER):
        raise Forbidden
    if token.revoked_at is not None:
        return
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    record(
        ApiTokenRevoked(token_id=token.pk), actor=revoker, now=now, subject=token, audience=[token.company_id]
    )


def note_use(*, token: Token, now: datetime) -> None:
    """Keep the day of last use, for the owner's list; written once a day."""
    today = timezone.localdate(now)
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.token_id).update(last_used_on=today)


def tokens_standing(maker: Member, now: datetime) -> int:
    """How many of this member's tokens hold now."""
    held = ApiToken.objects.visible_to(maker).filter(user_id=maker.user_id)
    return held.filter(revoked_at__isnull=True, expires_at__gt=now).count()


def digest_of(secret: str) -> str:
    """What is stored in place of the secret: it has 256 random bits, so a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _surest(shown: list[Proof]) -> Proof | None:
    """The proof of the highest level, the newest of these."""
    return max(shown, key=lambda proof: (proof.level.rank, proof.auth_time), default=None)


def _held(maker: Member) -> frozenset[str]:
    return ALL_ROLES if Role.OWNER in maker.roles else maker.roles
