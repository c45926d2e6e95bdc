from identity.rules.badges import CHECKED, HINTS, check_holds, scope_words
from identity.rules.countries import COUNTRIES, country_choices, country_name, is_country
from identity.rules.registers import (
    Registration,
    WrongRegistrationNumber,
    district_of,
    division_of,
    read_registration,
)

__all__ = [
    "CHECKED",
    "COUNTRIES",
    "HINTS",
    "Registration",
    "WrongRegistrationNumber",
    "check_holds",
    "country_choices",
    "country_name",
    "district_of",
    "division_of",
    "is_country",
    "read_registration",
    "scope_words",
]
