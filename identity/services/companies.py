"""Companies: registering one, and editing what it says of itself."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor, member_of, require_person
from identity.events import CompanyEdited, CompanyRegistered
from identity.models import Company, Membership, User
from identity.rules import Registration, district_of, is_country, read_registration
from identity.services.banking import end_accounts_of_another_name
from identity.services.claims import withdraw_claims
from identity.services.locking import lock_company
from identity.states import ClaimKind, Role
from kernel.errors import Refused
from kernel.money import CURRENCIES
from kernel.services import record

TIME_ZONES = {"SG": "Asia/Singapore", "CN": "Asia/Shanghai"}
_HANZI = re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f]")
#: forms of company, left out of addresses
_FORMS = re.compile(
    r"\b(pte|ltd|limited|co|llp|inc|corp|corporation|company|gmbh|sdn|bhd)\b\.?", re.IGNORECASE
)


class RegisteredBefore(Refused):
    code = "company.registered_before"
    message = _(
        "This company is registered here already. Ask its owner to invite you; "
        "if nobody of your company registered it, write to the programme office."
    )
    field = "registration_number"
    status = 409


class UnknownCountry(Refused):
    code = "company.unknown_country"
    message = _("Choose a country from the list.")
    field = "country"


class UnknownCurrency(Refused):
    code = "company.unknown_currency"
    message = _("Choose SGD, CNY or USD.")
    field = "currency"


class UnknownTimeZone(Refused):
    code = "company.unknown_time_zone"
    message = _("Choose a time zone from the list.")
    field = "time_zone"


class NoName(Refused):
    code = "company.no_name"
    message = _("Give the name as it stands on the register.")
    field = "legal_name"


class NeitherSellsNorBuys(Refused):
    code = "company.neither_sells_nor_buys"
    message = _("Say whether the company buys, sells, or does both.")
    field = "buys"


@dataclass(frozen=True, kw_only=True)
class CompanyDetails:
    """What a company says of itself. Country and number are fixed by registering."""

    legal_name: str
    #: empty: the registered name, where it is written in this script
    name_en: str = ""
    name_zh: str = ""
    profile_en: str = ""
    profile_zh: str = ""
    #: empty: Singapore, or Shenzhen where the number says so
    city: str = ""
    currency: str = "SGD"
    #: empty: the country's
    time_zone: str = ""
    sells: bool = False
    buys: bool = True


@transaction.atomic
def register_company(
    *,
    user: User,
    country: str,
    registration_number: str,
    details: CompanyDetails,
    now: datetime,
    slug: str = "",
) -> Company:
    """A new company with `user` as its owner. `slug` is a wish for its address; it is made from the name otherwise.

    Raises a `Refused` for an unknown country, a wrong number, or a company that is registered already.
    """
    if not is_country(country):
        raise UnknownCountry
    registration = read_registration(country, registration_number)
    details = _settled(_checked(details), country, registration)
    company = Company(
        country=country,
        registration_kind=registration.kind,
        registration_number=registration.number,
        created_at=now,
        **dataclasses.asdict(details),
    )
    company.slug = slug or _slug(details)
    _insert(company)
    membership = Membership.objects.create(company=company, user=user, roles=[Role.OWNER], valid_from=now)
    owner = member_of(membership, user)
    record(
        CompanyRegistered(company_id=company.pk), actor=owner, now=now, subject=company, audience=[company.pk]
    )
    return company


@transaction.atomic
def edit_company(*, actor: Actor, details: CompanyDetails, now: datetime) -> Company:
    """Change what the acting company says of itself.

    Another registered name ends what was verified of the old one: the registration and bank claims, and the bank
    accounts, whose beneficiary is no longer the company.
    """
    owner = require_person(actor, Role.OWNER)
    company = lock_company(owner)
    registration = Registration(company.registration_kind, company.registration_number)
    wanted = dataclasses.asdict(_settled(_checked(details), company.country, registration))
    changed = tuple(name for name, value in wanted.items() if getattr(company, name) != value)
    if not changed:
        return company
    for name in changed:
        setattr(company, name, wanted[name])
    company.save(update_fields=changed)
    if "legal_name" in changed:
        withdraw_claims(company=company, kinds=[ClaimKind.REGISTRATION, ClaimKind.BANK], actor=owner, now=now)
        end_accounts_of_another_name(company=company, actor=owner, now=now)
    record(
        CompanyEdited(company_id=company.pk, fields=changed),
        actor=owner,
        now=now,
        subject=company,
        audience=[company.pk],
    )
    return company


@transaction.atomic(savepoint=False)
def mark_as_bank(*, company: Company) -> None:
    """The company is a bank: for the verb that connects it, which records it."""
    company.is_bank = True
    company.save(update_fields=["is_bank"])


def _checked(details: CompanyDetails) -> CompanyDetails:
    if not details.legal_name.strip():
        raise NoName
    if details.currency not in CURRENCIES:
        raise UnknownCurrency
    if details.time_zone and details.time_zone not in available_timezones():
        raise UnknownTimeZone
    if not (details.sells or details.buys):
        raise NeitherSellsNorBuys
    return details


def _settled(details: CompanyDetails, country: str, registration: Registration) -> CompanyDetails:
    """With what its register tells filled in."""
    city = details.city
    if not city and country == "SG":
        city = "Singapore"
    if not city and district_of(registration.kind, registration.number):
        city = "Shenzhen"
    time_zone = details.time_zone or TIME_ZONES.get(country, "Asia/Singapore")
    registered_in_chinese = bool(_HANZI.search(details.legal_name))
    return dataclasses.replace(
        details,
        city=city,
        time_zone=time_zone,
        name_en=details.name_en or ("" if registered_in_chinese else details.legal_name),
        name_zh=details.name_zh or (details.legal_name if registered_in_chinese else ""),
    )


def _insert(company: Company) -> None:
    """Two who register the same company at once: the second is told."""
    known = Company.objects.filter(country=company.country, registration_number=company.registration_number)
    if known.exists():
        raise RegisteredBefore
    company.slug = _free_slug(company.slug)
    try:
        with transaction.atomic():
            company.save(force_insert=True)
    except IntegrityError as error:
        raise RegisteredBefore from error


def _slug(details: CompanyDetails) -> str:
    """A readable address: the name without its form of company, Chinese in pinyin."""
    name = details.name_en or details.legal_name
    # here, because its dictionaries load slowly and most processes never ask
    from pypinyin import lazy_pinyin

    plain = _FORMS.sub(" ", " ".join(lazy_pinyin(name, errors="default")))
    return slugify(plain)[:50].strip("-") or "company"


def _free_slug(wanted: str) -> str:
    taken = set(Company.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"
