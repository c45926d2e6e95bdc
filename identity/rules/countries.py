"""Countries by ISO 3166-1 alpha-2 code, named by Unicode CLDR."""

from __future__ import annotations

import functools

from babel import Locale

#: two-letter regions of CLDR that are no countries of ISO 3166-1
_NO_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
#: offered first
_NEAREST = ("SG", "CN")


@functools.cache
def _names(language: str) -> dict[str, str]:
    locale = Locale("zh", script="Hans") if language.startswith("zh") else Locale("en")
    return {
        code: name
        for code, name in locale.territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }


COUNTRIES = frozenset(_names("en"))


def is_country(code: str) -> bool:
    return code in COUNTRIES


def country_name(code: str, language: str) -> str:
    """The country in the reader's language; the code itself when it names none."""
    return _names(language).get(code, code)


@functools.cache
def country_choices(language: str) -> tuple[tuple[str, str], ...]:
    """All countries for a form: the two cities' countries first, then by name."""
    names = _names(language)
    others = sorted((name, code) for code, name in names.items() if code not in _NEAREST)
    return tuple((code, names[code]) for code in _NEAREST) + tuple((code, name) for name, code in others)
