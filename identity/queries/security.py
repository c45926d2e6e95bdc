"""What guards a person's account, for that person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from identity.models import ExternalIdentity, User
from identity.rules import lately
from kernel.models import Event

#: lines of what happened lately
MOST = 20


@dataclass(frozen=True)
class Line:
    """One thing that happened to an account."""

    at: datetime
    what: Any
    #: steps or kinds, in words
    by: list[Any]
    is_odd: bool


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
    lately: list[Line]

    @property
    def connected(self) -> set[int]:
        """Issuers at which there is one."""
        return {identity.issuer_id for identity in self.identities}

    @property
    def second_factor(self) -> bool:
        return bool(self.passkeys or self.app_since)


def security_of(user: User, now: datetime) -> Security:
    """Six statements."""
    factors = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    by_type = {factor.type: factor for factor in factors}
    app = by_type.get(Authenticator.Type.TOTP)
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    living = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    shown = ExternalIdentity.objects.filter(user=user).select_related("issuer")
    identities = list(shown.order_by("first_proved_at", "pk"))
    return Security(
        has_password=user.has_usable_password(),
        passkeys=[str(factor) for factor in factors if factor.type == Authenticator.Type.WEBAUTHN],
        app_since=app.created_at if app else None,
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
        addresses=list(EmailAddress.objects.filter(user=user).order_by("-primary", "email")),
        sessions=max(1, UserSession.objects.filter(Exists(living), user=user).count()),
        identities=[identity for identity in identities if identity.ended_at is None],
        lately=_lately(user, identities),
    )


def _lately(user: User, identities: list[ExternalIdentity]) -> list[Line]:
    """Each thing's own history is walked from its end."""
    subjects = [user.uid, *(identity.uid for identity in identities)]
    events = Event.objects.filter(subject_id__in=subjects, name__in=lately.NAMES).order_by("-id")[:MOST]
    return [
        Line(event.at, lately.happened(event.name), lately.by_what(event.payload), event.name in lately.ODD)
        for event in events
    ]
