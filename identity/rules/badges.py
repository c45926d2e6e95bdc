"""What was checked of a company, in words: which register, and when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from identity.states import ClaimKind, RegistrationKind

#: by kind of register: words around the day of the check
CHECKED: dict[str, Any] = {
    RegistrationKind.UEN: _("ACRA checked %(day)s"),
    RegistrationKind.USCC: _("Business licence checked %(day)s"),
    RegistrationKind.OTHER: _("Registration checked %(day)s"),
}

#: what a check of each kind covers, and what it does not, where the officer says nothing narrower
SCOPES: dict[str, Any] = {
    ClaimKind.REGISTRATION: _(
        "The company stands on its register under this name and number; not its goods or means."
    ),
    ClaimKind.ADDRESS: _("The company does business at the address on its evidence; not its other sites."),
    ClaimKind.AUTHORITY: _("The person on the evidence may act for the company; not its other members."),
    ClaimKind.BANK: _("The account on the evidence is held by the company; not accounts named later."),
}

#: what a company sends with each claim
HINTS: dict[str, Any] = {
    ClaimKind.REGISTRATION: _(
        "An extract of the register not older than three months: ACRA business profile, or the business licence with its "
        "Unified Social Credit Code."
    ),
    ClaimKind.ADDRESS: _(
        "A lease, utility bill or tax letter of the last six months that shows name and address."
    ),
    ClaimKind.AUTHORITY: _(
        "A letter of authorisation, signed and stamped, that names who acts for the company here."
    ),
    ClaimKind.BANK: _(
        "A bank's confirmation or statement head that shows account number and registered name."
    ),
}


def check_holds(checked_on: date | None, expires_on: date | None, today: date) -> bool:
    """Whether a check made on a day still counts: badges end by themselves."""
    return checked_on is not None and (expires_on is None or today <= expires_on)


def scope_words(kind: str, scope: str) -> str:
    """What a check covers: the officer's words, else those of its kind."""
    return scope or str(SCOPES[kind])
