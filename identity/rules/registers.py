"""Numbers of business registers: which are checked here, and what they tell.

Singapore's UEN and China's Unified Social Credit Code (GB 32100-2015) carry a check digit; both are checked. The code's
3rd to 8th characters name the division (GB/T 2260) of the registering authority. Other registers are not checked here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError
from stdnum.sg import uen

from identity.states import RegistrationKind
from kernel.errors import Refused

#: GB/T 2260 of Shenzhen's districts
SHENZHEN = {
    "440300": _("Shenzhen"),
    "440301": _("Shenzhen"),
    "440303": _("Luohu, Shenzhen"),
    "440304": _("Futian, Shenzhen"),
    "440305": _("Nanshan, Shenzhen"),
    "440306": _("Bao'an, Shenzhen"),
    "440307": _("Longgang, Shenzhen"),
    "440308": _("Yantian, Shenzhen"),
    "440309": _("Longhua, Shenzhen"),
    "440310": _("Pingshan, Shenzhen"),
    "440311": _("Guangming, Shenzhen"),
}


#: what registers call a company that exists and trades: ACRA's open data and Corppass; the national enterprise credit
#: information publicity system. What stands in brackets behind it (`Live (…)`, `存续（在营）`) is left out.
_LIVE = {
    RegistrationKind.UEN: {"registered", "live", "live company"},
    RegistrationKind.USCC: {"存续", "在业", "开业", "在营", "在册", "正常", "registered"},
}
#: and how they begin where it exists no longer, or was taken off
_OVER = {
    RegistrationKind.UEN: (
        *("deregistered", "withdrawn", "cancelled", "revoked", "struck off", "dissolved", "terminated"),
        *("ceased", "in liquidation", "amalgamated", "converted"),
    ),
    RegistrationKind.USCC: (
        "注销",
        "吊销",
        "已注销",
        "已吊销",
        "撤销",
        "迁出",
        "清算",
        "deregistered",
        "revoked",
        "cancelled",
    ),
}


class Standing(StrEnum):
    """What a register's word for a company means; what no list here knows is `UNKNOWN` and lets nobody act."""

    LIVE = "live"
    OVER = "over"
    UNKNOWN = "unknown"


class WrongRegistrationNumber(Refused):
    code = "company.wrong_registration_number"
    message = _("This is no valid registration number.")
    field = "registration_number"


class WrongUen(WrongRegistrationNumber):
    code = "company.wrong_uen"
    message = _(
        "This is no valid UEN: its check letter does not fit. Copy it from your ACRA business profile, e.g. 197401143C."
    )


class WrongUscc(WrongRegistrationNumber):
    code = "company.wrong_uscc"
    message = _(
        "This is no valid Unified Social Credit Code: it has 18 characters and its last one does not fit. "
        "Copy it from your business licence."
    )


@dataclass(frozen=True)
class Registration:
    kind: str
    number: str


def read_registration(country: str, number: str) -> Registration:
    """The number in its one written form, checked where its register lets it be; raises `WrongRegistrationNumber`."""
    plain = re.sub(r"[\s./-]", "", unicodedata.normalize("NFKC", number)).upper()
    match country:
        case "SG":
            return Registration(RegistrationKind.UEN, _checked(uen, plain, WrongUen))
        case "CN":
            return Registration(RegistrationKind.USCC, _checked(uscc, plain, WrongUscc))
    if not re.fullmatch(r"[A-Z0-9]{3,40}", plain):
        raise WrongRegistrationNumber
    return Registration(RegistrationKind.OTHER, plain)


def standing_of(kind: str, status: str) -> Standing:
    """Of a register's own word, in whatever case and width it is written; an empty one is unknown."""
    plain = " ".join(unicodedata.normalize("NFKC", status).casefold().split())
    if plain.partition("(")[0].strip() in _LIVE.get(RegistrationKind(kind), ()):
        return Standing.LIVE
    return Standing.OVER if plain.startswith(_OVER.get(RegistrationKind(kind), ())) else Standing.UNKNOWN


def division_of(kind: str, number: str) -> str:
    """GB/T 2260 code of the authority that registered a Chinese company; empty for other registers."""
    return number[2:8] if kind == RegistrationKind.USCC else ""


def district_of(kind: str, number: str) -> str:
    """Words for the division where it lies in Shenzhen (4403…); empty elsewhere."""
    division = division_of(kind, number)
    if not division.startswith("4403"):
        return ""
    return str(SHENZHEN.get(division, SHENZHEN["440300"]))


def _checked(register: object, number: str, refusal: type[WrongRegistrationNumber]) -> str:
    if not number.isascii():
        raise refusal
    try:
        return str(register.validate(number))  # type: ignore[attr-defined]
    except (ValidationError, ValueError) as error:
        raise refusal from error
