"""What guards a person's account, for that person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from identity.models import ExternalIdentity, User


@dataclass(frozen=True)
class Security:
    """What one person is told of their own account."""

    has_password: bool
    #: their names
    passkeys: list[str]
    #: when the authenticator app was switched on
    app_since: datetime | None
    #: None where there never were any
    codes_left: int | None
    addresses: list[EmailAddress]
    sessions: int
    #: at issuers of their city; with their issuers
    identities: list[ExternalIdentity]

    @property
    def second_factor(self) -> bool:
        return bool(self.passkeys or self.app_since)


def security_of(user: User, now: datetime) -> Security:
    """Four statements."""
    factors = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    by_type = {factor.type: factor for factor in factors}
    app = by_type.get(Authenticator.Type.TOTP)
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    living = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    return Security(
        has_password=user.has_usable_password(),
        passkeys=[str(factor) for factor in factors if factor.type == Authenticator.Type.WEBAUTHN],
        app_since=app.created_at if app else None,
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
        addresses=list(EmailAddress.objects.filter(user=user).order_by("-primary", "email")),
        sessions=max(1, UserSession.objects.filter(Exists(living), user=user).count()),
        identities=list(
            ExternalIdentity.objects.filter(user=user, ended_at__isnull=True)
            .select_related("issuer")
            .order_by("first_proved_at", "pk")
        ),
    )
