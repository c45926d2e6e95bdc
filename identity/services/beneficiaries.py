"""Whose an account is: the company itself, under a name that somebody has verified, and nobody alike.

The name on its register counts, in its own script or as it is spoken. The name in the other language is the company's own
word: it counts as it stood when an officer last verified the registration, while that check holds.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.models import Claim, Company
from identity.rules.names import is_spoken, same_entity
from identity.states import ClaimKind
from kernel.errors import Refused


class BeneficiaryIsAnother(Refused):
    code = "bank.beneficiary_is_another"
    message = _(
        "The account has to be the company's own, in a name that is verified: %(names)s. Buyers are told to pay nobody else."
    )
    field = "beneficiary"


def verified_names(company: Company, now: datetime) -> tuple[str, ...]:
    """The registered name first; each once. One statement."""
    check = Claim.objects.filter(company=company, kind=ClaimKind.REGISTRATION).first()
    holds = check is not None and check.holds_on(timezone.localdate(now))
    checked = check.names_checked if check is not None and holds else []
    return tuple(dict.fromkeys([company.legal_name, *checked]))


def checked_beneficiary(company: Company, beneficiary: str, now: datetime) -> str:
    """The verified name that the account is held in, as bank instructions print it; raises `BeneficiaryIsAnother`."""
    names = verified_names(company, now)
    for name in names:
        if same_entity(beneficiary, name):
            return name
    if any(is_spoken(beneficiary, name) for name in names):
        return " ".join(beneficiary.split())
    raise BeneficiaryIsAnother(names=", ".join(f"“{name}”" for name in names))


def is_name_of(company: Company, beneficiary: str, now: datetime) -> bool:
    """Whether an account held in this name is the company's."""
    try:
        return bool(checked_beneficiary(company, beneficiary, now))
    except BeneficiaryIsAnother:
        return False
