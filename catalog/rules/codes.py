"""Codes that a listing carries, each checked against its own rule or list."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _
from stdnum import casrn, ean

from kernel.errors import Refused
from tariffs.rules import countries, hs, units

GHS_PICTOGRAMS = tuple(f"GHS0{number}" for number in range(1, 10))
#: Health Sciences Authority risk classes of medical devices
HSA_CLASSES = ("A", "B", "C", "D")


class HsUnknown(Refused):
    code = "listing.hs_unknown"
    message = _("“%(value)s” is no subheading of the Harmonized System 2022: give 6 digits, e.g. 731815.")
    field = "hs6"


class HsSingaporeMismatch(Refused):
    code = "listing.hs_sg8_mismatch"
    message = _("Singapore’s code has 8 digits and begins with the 6 digits of the HS code.")
    field = "hs_sg8"


class HsChinaMismatch(Refused):
    code = "listing.hs_cn10_mismatch"
    message = _("China’s code has 10 digits and begins with the 6 digits of the HS code.")
    field = "hs_cn10"


class UnspscMalformed(Refused):
    code = "listing.unspsc_malformed"
    message = _("A UNSPSC code has 8 digits, e.g. 31161504.")
    field = "unspsc"


class GtinWrong(Refused):
    code = "listing.gtin_wrong"
    message = _("This is no valid GTIN: 8, 12, 13 or 14 digits, the last one a check digit.")
    field = "gtin"


class CasWrong(Refused):
    code = "listing.cas_wrong"
    message = _("This is no valid CAS number: its check digit does not fit. Write it as 67-63-0.")
    field = "cas"


class UnNumberMalformed(Refused):
    code = "listing.un_number_malformed"
    message = _("A UN number has four digits, e.g. 1219.")
    field = "un_number"


class GhsUnknown(Refused):
    code = "listing.ghs_unknown"
    message = _("“%(value)s” is no GHS pictogram: GHS01 to GHS09.")
    field = "ghs"


class HsaClassUnknown(Refused):
    code = "listing.hsa_class_unknown"
    message = _("The HSA risk class is A, B, C or D.")
    field = "hsa_class"


class UnitUnknown(Refused):
    code = "listing.unit_unknown"
    message = _("“%(value)s” is no unit that we know: give a code of UN/ECE Recommendation 20, e.g. H87.")
    field = "unit"


class PackageUnknown(Refused):
    code = "listing.package_unknown"
    message = _("“%(value)s” is no package that we know: give a code of Recommendation 21, e.g. XCT.")
    field = "packs"


class OriginUnknown(Refused):
    code = "listing.origin_unknown"
    message = _("Give the country of origin as two letters, e.g. SG.")
    field = "origin"


def check_hs(hs6: str, hs_sg8: str, hs_cn10: str) -> list[Refused]:
    """The international code must exist; the declaring codes must stand below it."""
    problems: list[Refused] = []
    if hs6 and not hs.is_hs6(hs6):
        problems.append(HsUnknown(value=hs6))
    if hs_sg8 and not (re.fullmatch(r"\d{8}", hs_sg8) and hs6 and hs_sg8.startswith(hs6)):
        problems.append(HsSingaporeMismatch())
    if hs_cn10 and not (re.fullmatch(r"\d{10}", hs_cn10) and hs6 and hs_cn10.startswith(hs6)):
        problems.append(HsChinaMismatch())
    return problems


def check_goods_codes(unspsc: str, gtin: str, unit: str, origin: str) -> list[Refused]:
    problems: list[Refused] = []
    if unspsc and not re.fullmatch(r"[1-9]\d{7}", unspsc):
        problems.append(UnspscMalformed())
    if gtin and not (re.fullmatch(r"[0-9]{8}|[0-9]{12,14}", gtin) and ean.is_valid(gtin)):
        problems.append(GtinWrong())
    if not units.is_unit(unit):
        problems.append(UnitUnknown(value=unit))
    if not countries.is_country(origin):
        problems.append(OriginUnknown())
    return problems


def check_hazards(cas: str, un_number: str, ghs: tuple[str, ...], hsa_class: str) -> list[Refused]:
    problems: list[Refused] = []
    if cas and not (re.fullmatch(r"[0-9]{2,7}-[0-9]{2}-[0-9]", cas) and casrn.is_valid(cas)):
        problems.append(CasWrong())
    if un_number and not re.fullmatch(r"[0-9]{4}", un_number):
        problems.append(UnNumberMalformed())
    problems += [GhsUnknown(value=pictogram) for pictogram in ghs if pictogram not in GHS_PICTOGRAMS]
    if hsa_class and hsa_class not in HSA_CLASSES:
        problems.append(HsaClassUnknown())
    return problems
