"""What Django and allauth tell of accounts, handed on to be written down. Connected when the room opens."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import context
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.core.exceptions import ValidationError
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone

from identity.events import (
    EmailsChanged,
    FactorAdded,
    FactorRemoved,
    FactorRenewed,
    PasswordChanged,
    ShownAgain,
    SignedIn,
    SignedOut,
    SignInFailed,
)
from identity.models import User
from identity.services.noting import note_failed_sign_in, note_of_account
from kernel.events import BusinessEvent

_HOW = {account.password_changed: "changed", account.password_set: "set", account.password_reset: "reset"}
_WHAT = {account.email_added: "added", account.email_removed: "removed", account.email_changed: "main"}
_FACTORS: dict[Signal, type[FactorAdded | FactorRemoved | FactorRenewed]] = {
    mfa.authenticator_added: FactorAdded,
    mfa.authenticator_removed: FactorRemoved,
    mfa.authenticator_reset: FactorRenewed,
}


def listen() -> None:
    auth.user_logged_in.connect(_signed_in)
    account.user_logged_in.connect(_came_in)
    auth.user_logged_out.connect(_signed_out)
    auth.user_login_failed.connect(_failed)
    account.authentication_step_completed.connect(_shown)
    mfa.authentication_failed.connect(_second_step_failed)
    for signal in _HOW:
        signal.connect(_password)
    for signal in _WHAT:
        signal.connect(_emails)
    for signal in _FACTORS:
        signal.connect(_factor)


def _note(event: BusinessEvent, user: User | None) -> None:
    note_of_account(event, user=user, now=timezone.now())


def _signed_in(user: User, request: HttpRequest | None = None, **_: Any) -> None:
    steps = get_authentication_records(request, user) if request is not None else []
    by = dict.fromkeys(
        step.get("type") or step["method"] for step in steps if not step.get("reauthenticated")
    )
    _note(SignedIn(user_id=user.pk, by=tuple(by)), user)


def _came_in(request: HttpRequest, user: User, **_: Any) -> None:
    """By the letter that confirms the address of who has just signed up: that is a step as well, which allauth does not keep."""
    if not get_authentication_records(request, user):
        record_authentication(request, user, method="letter")


def _signed_out(user: User | None = None, **_: Any) -> None:
    if isinstance(user, User):
        _note(SignedOut(user_id=user.pk), user)


def _failed(credentials: dict[str, Any], **_: Any) -> None:
    note_failed_sign_in(email=str(credentials.get("email") or ""), by="password", now=timezone.now())


def _second_step_failed(user: User, authenticator: Any = None, **_: Any) -> None:
    _note(SignInFailed(user_id=user.pk, by=authenticator.type if authenticator else "mfa"), user)


def _shown(user: User, method: str, **more: Any) -> None:
    """allauth tells of every step; signing in has its own line."""
    if more.get("reauthenticated"):
        _note(ShownAgain(user_id=user.pk, by=more.get("type") or method), user)


def _password(signal: Signal, user: User, **_: Any) -> None:
    _note(PasswordChanged(user_id=user.pk, how=_HOW[signal]), user)


def _emails(signal: Signal, user: User, **_: Any) -> None:
    _note(EmailsChanged(user_id=user.pk, what=_WHAT[signal]), user)


def _factor(signal: Signal, user: User, authenticator: Any, **_: Any) -> None:
    _note(_FACTORS[signal](user_id=user.pk, kind=authenticator.type), user)


class CodeForm(ConfirmLoginCodeForm):
    """allauth tells of wrong codes only where there is an account: what that costs would tell who has one."""

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except ValidationError:
            user = context.request._login_stage.login.user
            _note(SignInFailed(user_id=user.pk if user else None, by="code"), user)
            raise
