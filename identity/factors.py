"""How allauth's second factors fit our house: secrets kept encrypted, keys named in plain words."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from identity.models import User
from kernel import encryption

PURPOSE = "second factor"
LONGEST_NAME = 60


class FactorAdapter(DefaultMFAAdapter):
    """Names as our pages say them; what an authenticator app shares with us is encrypted in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or was used already."),
        "unverified_email": _("Confirm your e-mail addresses first, or remove those that are not yours."),
    }

    def get_totp_issuer(self) -> str:
        return "SME Hub"

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text, key=settings.FACTOR_KEY, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text, key=settings.FACTOR_KEY, purpose=PURPOSE)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "SME Hub"}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}


def _name_field() -> forms.CharField:
    return forms.CharField(
        label=_("Name of this passkey"),
        max_length=LONGEST_NAME,
        help_text=_("So that you know it again, e.g. “Office laptop” or “Phone”."),
    )


class PasskeyForm(AddWebAuthnForm):
    """A passkey signs in by itself unless its owner wants it as a second step only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_field()
        self.fields["name"].required = False
        self.fields["passwordless"] = forms.BooleanField(
            label=_("Sign in with this passkey alone"),
            help_text=_("Without a password. The device then asks for your fingerprint, face or PIN."),
            initial=True,
            required=False,
        )


class PasskeyNameForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_field()
