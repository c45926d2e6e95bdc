"""Countries by ISO 3166-1 alpha-2, with the words of Unicode CLDR."""

from __future__ import annotations

import functools

from babel import Locale

#: CLDR's regions that are no countries of ISO 3166-1
_NOT_ISO = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
)

#: Chinese declarations and papers take the words of China Customs' own list of countries and regions
_CUSTOMS_ZH = {"HK": "中国香港", "MO": "中国澳门", "TW": "中国台湾"}


@functools.cache
def _names(language: str) -> dict[str, str]:
    chinese = language.startswith("zh")
    names = {
        code: name
        for code, name in Locale.parse("zh_Hans" if chinese else "en").territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_ISO
    }
    return names | _CUSTOMS_ZH if chinese else names


def is_country(code: str) -> bool:
    return code in _names("en")


def country_name(code: str, language: str) -> str:
    """The country's name in `language`; the code itself when it is unknown."""
    return _names(language).get(code, code)


def choices(language: str) -> list[tuple[str, str]]:
    """All countries for a form, the two cities' first."""
    names = _names(language)
    rest = sorted((code for code in names if code not in ("SG", "CN")), key=lambda code: names[code])
    return [(code, names[code]) for code in ("SG", "CN", *rest)]
