"""Units of measure and packages: UN/ECE Recommendations 20 and 21.

Recommendation 20 admits the packages of Recommendation 21 as units when prefixed with X, so a roll (XRO) or a bag (XBG)
may be a product's base unit as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

_WHOLE = Decimal(1)
_HUNDREDTH = Decimal("0.01")
_THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True)
class Unit:
    """A unit with its words. `step` is the smallest difference between two ordered quantities, in this unit."""

    code: str
    name_en: str
    name_zh: str
    step: Decimal = _WHOLE

    def name_in(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") else self.name_en


def _by_code(*units: Unit) -> dict[str, Unit]:
    return {unit.code: unit for unit in units}


#: Rec 20: what goods of the five families are counted, weighed and measured in
BASE_UNITS = _by_code(
    Unit("C62", "unit", "个"),
    Unit("H87", "piece", "件"),
    Unit("EA", "each", "个"),
    Unit("SET", "set", "套"),
    Unit("PR", "pair", "双"),
    Unit("DZN", "dozen", "打"),
    Unit("CEN", "hundred", "百个"),
    Unit("MIL", "thousand", "千个"),
    Unit("RM", "ream", "令"),
    Unit("KT", "kit", "套件"),
    Unit("KGM", "kg", "千克", _THOUSANDTH),
    Unit("GRM", "g", "克"),
    Unit("TNE", "t", "吨", _THOUSANDTH),
    Unit("LTR", "L", "升", _THOUSANDTH),
    Unit("MLT", "mL", "毫升"),
    Unit("MTR", "m", "米", _HUNDREDTH),
    Unit("MTK", "m²", "平方米", _HUNDREDTH),
    Unit("MTQ", "m³", "立方米", _THOUSANDTH),
)

#: Rec 21 with its X
PACKAGES = _by_code(
    Unit("XAE", "aerosol can", "喷罐"),
    Unit("XBG", "bag", "袋"),
    Unit("XBJ", "bucket", "水桶"),
    Unit("XBO", "bottle", "瓶"),
    Unit("XBX", "box", "盒"),
    Unit("XCA", "can", "罐"),
    Unit("XCS", "case", "箱"),
    Unit("XCT", "carton", "纸箱"),
    Unit("XCR", "crate", "木条箱"),
    Unit("XCY", "cylinder", "钢瓶"),
    Unit("XDR", "drum", "桶"),
    Unit("XJY", "jerrican", "方桶"),
    Unit("XPA", "packet", "小包"),
    Unit("XPK", "pack", "包"),
    Unit("XPL", "pail", "提桶"),
    Unit("XPX", "pallet", "托盘"),
    Unit("XRL", "reel", "盘"),
    Unit("XRO", "roll", "卷"),
    Unit("XSA", "sack", "麻袋"),
    Unit("XTU", "tube", "管"),
    Unit("XWA", "IBC", "吨桶"),
)

#: what a product may be priced and ordered in
UNITS = BASE_UNITS | PACKAGES

#: symbols and words that English does not put into the plural
_ONE_FORM = frozenset({"EA", "DZN", "CEN", "MIL", "KGM", "GRM", "TNE", "LTR", "MLT", "MTR", "MTK", "MTQ"})

#: Rec 20: units of attributes, by symbol (symbols are never translated)
SYMBOLS = {
    "2N": "dB",
    "A97": "hPa",
    "AMP": "A",
    "B47": "kN",
    "BAR": "bar",
    "CEL": "°C",
    "CMT": "cm",
    "GM": "g/m²",
    "GRM": "g",
    "HUR": "h",
    "KGM": "kg",
    "KWT": "kW",
    "LTR": "L",
    "LUM": "lm",
    "MLT": "mL",
    "MMT": "mm",
    "MTK": "m²",
    "MTR": "m",
    "NEW": "N",
    "NU": "N·m",
    "P1": "%",
    "VLT": "V",
    "WTT": "W",
}


def is_unit(code: str) -> bool:
    return code in UNITS


def is_package(code: str) -> bool:
    return code in PACKAGES


def unit_name(code: str, language: str) -> str:
    """The word for a unit or package in `language`; the code itself when it is not in our lists."""
    unit = UNITS.get(code)
    return unit.name_in(language) if unit else code


def counted_unit(code: str, quantity: Decimal, language: str) -> str:
    """The word for so many of a unit: 1 piece, 20 pieces, 3 boxes; 20 kg, 2 dozen. Chinese has one form."""
    word = unit_name(code, language)
    if language.startswith("zh") or quantity == 1 or code in _ONE_FORM or code not in UNITS:
        return word
    return f"{word}es" if word.endswith(("x", "s", "ch")) else f"{word}s"


def symbol(code: str) -> str:
    """The symbol behind a number, e.g. `mm` for MMT; the code itself when there is none."""
    return SYMBOLS.get(code, code)


def step_of(code: str) -> Decimal:
    """By how much ordered quantities of a unit may differ."""
    return UNITS[code].step
