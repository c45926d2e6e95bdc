"""What a role that a company gave somebody at an issuer lets them do here, where the company works by mandates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from identity.states import Purpose, Role

_EVERY_ACT = (
    Purpose.ORDER,
    Purpose.ISSUE_DOCUMENT,
    Purpose.ACCEPT_FINANCE,
    Purpose.SIGN_SETTLEMENT,
    Purpose.CHANGE_BANK_ACCOUNT,
)
#: by the role's name at the issuer, any case; other names say nothing here
ACTS_OF_ROLE: dict[str, tuple[str, ...]] = {
    Role.OWNER: _EVERY_ACT,
    "legal_rep": _EVERY_ACT,
    Role.SELLER: (Purpose.ISSUE_DOCUMENT,),
    Role.BUYER: (Purpose.ORDER,),
    Role.APPROVER: (Purpose.ORDER,),
    # whoever ships issues the packing list
    Role.LOGISTICS: (Purpose.ISSUE_DOCUMENT,),
    Role.FINANCE: (Purpose.ACCEPT_FINANCE, Purpose.CHANGE_BANK_ACCOUNT),
}


def acts_of_roles(roles: Iterable[tuple[str, date | None]]) -> dict[str, date | None]:
    """By act, the last day on which any of these roles (name, its last day; None for no end) allows it."""
    found: dict[str, date | None] = {}
    for name, ends in roles:
        for act in ACTS_OF_ROLE.get(name.strip().casefold(), ()):
            found[act] = _later(found[act], ends) if act in found else ends
    return found


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)
