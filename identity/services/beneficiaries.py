"""Whose an account is: the company itself, under a name that somebody has verified, and nobody alike.

Verified is what its register's data in force call it, what the issuer of an identity that proves it calls it, and what it was
called when an officer last verified its registration, while that check holds. The company's own word is none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.models import Claim, Company, EntityBinding, ListEntry, ListSnapshot
from identity.rules.lists import is_live
from identity.rules.names import is_spoken, same_entity
from identity.states import ClaimKind, IssuerState, ListKind, RegistrationKind
from kernel.errors import Refused


class BeneficiaryIsAnother(Refused):
    code = "bank.beneficiary_is_another"
    message = _(
        "The account has to be the company's own, in a name that is verified: %(names)s. Buyers are told to pay nobody else."
    )
    field = "beneficiary"


class NameNotVerified(Refused):
    code = "bank.name_not_verified"
    message = _(
        "Nobody has verified your company's name yet. Have its registration checked, or sign in with an identity that proves "
        "the company by its name; then name the account."
    )
    field = "beneficiary"


def verified_names(company: Company, now: datetime) -> tuple[str, ...]:
    """Each once; none where nobody has verified any. Three statements, two for a company of no register that is brought in."""
    names = [*_by_register(company), *_by_issuers(company, now), *_by_officer(company, now)]
    return tuple(dict.fromkeys(name for name in names if name))


def checked_beneficiary(company: Company, beneficiary: str, now: datetime, *, proved: bool = False) -> str:
    """The name that the account is held in, as bank instructions print it; raises `BeneficiaryIsAnother`.

    Until anybody has verified a name, the registered one as the company gave it may stand there, and no bank pays to it
    (`is_name_of`). Where whoever acts has `proved` for whom, that is not enough: `NameNotVerified`.
    """
    verified = verified_names(company, now)
    if not verified and proved:
        raise NameNotVerified
    names = verified or (company.legal_name,)
    if found := _written(beneficiary, names):
        return found
    raise BeneficiaryIsAnother(names=", ".join(f"“{name}”" for name in names))


def is_name_of(company: Company, beneficiary: str, now: datetime) -> bool:
    """Whether an account held in this name is the company's, by a name that somebody has verified."""
    return bool(_written(beneficiary, verified_names(company, now)))


def may_be_of(company: Company, beneficiary: str, now: datetime) -> bool:
    """The same, or by the registered name as the company gave it where nobody has verified any."""
    return bool(_written(beneficiary, verified_names(company, now) or (company.legal_name,)))


def _written(beneficiary: str, names: tuple[str, ...]) -> str:
    """The one of these names that it is, or itself where it is one of them as it is spoken; empty where it is none."""
    for name in names:
        if same_entity(beneficiary, name):
            return name
    return " ".join(beneficiary.split()) if any(is_spoken(beneficiary, name) for name in names) else ""


def _by_register(company: Company) -> Iterator[str]:
    """Only Singapore's register is brought in; one that is no longer live proves nothing."""
    if company.registration_kind != RegistrationKind.UEN:
        return
    copies = ListSnapshot.objects.in_force().filter(source__kind=ListKind.REGISTER)
    entries = ListEntry.objects.filter(snapshot__in=copies.values("pk"), ref=company.registration_number)
    for entry in entries:
        if is_live(entry.facts.get("status", "")) and entry.names:
            yield str(entry.names[0]["name"])


def _by_issuers(company: Company, now: datetime) -> Iterator[str]:
    """In the order in which they were shown last."""
    bindings = EntityBinding.objects.standing().filter(
        company=company,
        scheme=company.registration_kind,
        identifier=company.registration_number,
        identity__ended_at__isnull=True,
        identity__issuer__state=IssuerState.ACTIVE,
    )
    for binding in bindings.order_by("-proved_at"):
        if binding.stands_at(now):
            yield binding.entity_name


def _by_officer(company: Company, now: datetime) -> list[str]:
    check = Claim.objects.filter(company=company, kind=ClaimKind.REGISTRATION).first()
    holds = check is not None and check.holds_on(timezone.localdate(now))
    return list(check.names_checked) if check is not None and holds else []
