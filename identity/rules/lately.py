"""What happened to an account, in its person's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_HAPPENED: dict[str, Any] = {
    "SignedIn": pgettext_lazy("account", "Signed in"),
    "SignedUp": pgettext_lazy("account", "Made"),
    "SignUpTried": _("Somebody tried to sign up with your address"),
    "SignInFailed": _("An attempt to sign in failed"),
    "SignedOut": pgettext_lazy("account", "Signed out"),
    "ShownAgain": _("Shown again that it is you"),
    "PasswordChanged": _("Another password"),
    "FactorAdded": pgettext_lazy("account", "Added"),
    "FactorRemoved": pgettext_lazy("account", "Removed"),
    "FactorRenewed": _("Made anew"),
    "EmailsChanged": _("E-mail addresses changed"),
    "OwnDataTaken": _("Your data taken along"),
    "IdentityConnected": _("An identity of your city connected"),
    "IdentityShown": _("An identity of your city shown"),
    "IdentityEnded": _("An identity of your city disconnected"),
    "IssuerLoginRefused": _("A sign-in with an identity of your city was refused"),
}
#: events that stand in a person's list
NAMES = tuple(_HAPPENED)
#: that call for a look where they were not one's own
ODD = frozenset({"SignInFailed", "SignUpTried", "IssuerLoginRefused"})
_BY: dict[str, Any] = {
    "password": pgettext_lazy("way to sign in", "password"),
    "password_reset": pgettext_lazy("way to sign in", "letter for a forgotten password"),
    "code": pgettext_lazy("way to sign in", "code by mail"),
    "totp": pgettext_lazy("way to sign in", "authenticator app"),
    "webauthn": pgettext_lazy("way to sign in", "passkey"),
    "recovery_codes": pgettext_lazy("way to sign in", "recovery codes"),
    "issuer": pgettext_lazy("way to sign in", "your city’s identity"),
}


def happened(name: str) -> Any:
    return _HAPPENED[name]


def by_what(payload: Mapping[str, Any]) -> list[Any]:
    """By which steps, or of which kind; nothing for what is not known here."""
    named = payload.get("by") or payload.get("kind") or ()
    codes = [named] if isinstance(named, str) else named
    return [_BY[code] for code in codes if code in _BY]
