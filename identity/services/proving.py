"""Sending somebody to an issuer of identities and reading what they come back with. Nothing is kept here.

Both talk to the issuer over HTTP: never inside a transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import to_locale

from identity.connectors.issuers import (
    Attempt,
    Exchange,
    IssuerSilent,
    LevelTooLow,
    LoginRefused,
    LoginTrouble,
    VerifiedLogin,
)
from identity.events import IssuerLoginRefused
from identity.models import Issuer, User
from identity.queries.shown import ranks_of
from identity.services.keys import hub_keys
from identity.services.noting import note_of_account
from kernel.errors import Refused


class LoginFailed(Refused):
    """A sign-in at an issuer came to nothing. `why` goes into the audit; the words are for the person."""

    code: ClassVar[str] = "issuer.login_failed"
    message = _(
        "What came back does not fit the sign-in that was started here, so it was not believed. "
        "Start again; if it happens twice, tell the programme office."
    )
    status = 400

    def __init__(self, why: str = "") -> None:
        super().__init__()
        self.why = why or self.code.rpartition(".")[2]


class IssuerNotAnswering(LoginFailed):
    code = "issuer.not_answering"
    message = _(
        "This identity service does not answer just now. Try again in a few minutes, or sign in by e-mail."
    )
    status = 503


class IssuerResting(LoginFailed):
    code = "issuer.suspended"
    message = _("Signing in with this identity is suspended at present. Sign in by e-mail.")
    status = 409


class LoginDeclined(LoginFailed):
    code = "issuer.declined"
    message = _("The sign-in was not finished at the identity service. Start again when you like.")


class LevelNotReached(LoginFailed):
    code = "issuer.level_too_low"
    message = _(
        "The identity service says that you showed who you are less surely than is needed here. "
        "Sign in there in the stronger way, and come back."
    )
    status = 403


class NotThisBrowser(LoginFailed):
    code = "issuer.not_this_browser"
    message = _(
        "This sign-in was not started in this browser, was finished before, or took more than ten minutes. "
        "Start again."
    )


def start_login(
    *,
    issuer: Issuer,
    redirect_uri: str,
    now: datetime,
    bound_to: str = "",
    max_age: int | None = None,
    language: str = "",
) -> tuple[str, Attempt]:
    """Where to send the browser, and what it has to match when it is back. Raises `LoginFailed`.

    `language` is the reader's, as we name it (`en`, `zh-hans`).
    """
    if not issuer.stands:
        raise IssuerResting
    attempt = Attempt.new(issuer, redirect_uri=redirect_uri, bound_to=bound_to, max_age=max_age)
    try:
        asked = Exchange(issuer, attempt, hub_keys(now=now), now)
        return asked.address(language=to_locale(language).replace("_", "-")), attempt
    except LoginTrouble as trouble:
        raise _in_words(trouble) from trouble


def finish_login(
    *, issuer: Issuer, attempt: Attempt, returned: Mapping[str, str], now: datetime
) -> VerifiedLogin:
    """What the issuer has proved. Raises `LoginFailed`."""
    if not issuer.stands:
        raise IssuerResting
    try:
        verified = Exchange(issuer, attempt, hub_keys(now=now), now).finished(returned)
    except LoginTrouble as trouble:
        raise _in_words(trouble) from trouble
    _check_level(issuer, verified)
    return verified


@transaction.atomic
def note_refused_login(*, issuer: str, why: str, user_id: int | None, now: datetime) -> None:
    """For the audit, by the edge, after everything else was undone. Says nothing that came from the issuer."""
    event = IssuerLoginRefused(issuer=issuer, why=why, user_id=user_id)
    note_of_account(event, user=User.objects.filter(pk=user_id).first() if user_id else None, now=now)


def _check_level(issuer: Issuer, verified: VerifiedLogin) -> None:
    """The level returned is one of the framework's, and no lower than the lowest that was asked for."""
    ranks = dict(ranks_of(issuer))
    if verified.level_code not in ranks:
        raise LevelNotReached("level_unknown")
    asked = [ranks[code] for acr in issuer.acr_values.split() if (code := issuer.level_of(acr)) in ranks]
    if asked and ranks[verified.level_code] < min(asked):
        raise LevelNotReached("level_too_low")


def _in_words(trouble: LoginTrouble) -> LoginFailed:
    match trouble:
        case IssuerSilent():
            return IssuerNotAnswering(trouble.code)
        case LevelTooLow():
            return LevelNotReached(trouble.code)
        case LoginRefused(code="denied"):
            return LoginDeclined(trouble.code)
    return LoginFailed(trouble.code)
