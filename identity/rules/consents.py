"""What people are asked to agree to: each notice with its version. Its words stand in
`templates/identity/notices/<version>.html`, in both languages, and are never changed: other words are another version.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_BASIS = "Consent: PDPA s 13 (Singapore), PIPL arts 13(1), 23 and 39 (mainland China)"
#: as it is kept → as it is said
BASES: dict[str, Any] = {
    _BASIS: _("Consent: PDPA s 13 (Singapore), PIPL arts 13(1), 23 and 39 (mainland China)"),
}


@dataclass(frozen=True)
class Notice:
    version: str
    #: as `Consent.purpose` holds it
    purpose: str
    #: codes of kinds of data
    data: tuple[str, ...]
    legal_basis: str = _BASIS

    @property
    def template(self) -> str:
        return f"identity/notices/{self.version}.html"

    @property
    def basis(self) -> Any:
        return BASES[self.legal_basis]


CONNECTING = Notice(
    "connect-2026-11", "identity_connect", ("name", "assurance_level", "role", "company_number")
)
LINKING = Notice("link-2026-11", "identity_link", ("name", "assurance_level", "role", "company_number"))

#: every version that anybody was ever asked by
NOTICES = {notice.version: notice for notice in (CONNECTING, LINKING)}

PURPOSES: dict[str, Any] = {
    "identity_connect": _("Connecting an identity of your city"),
    "identity_link": _("Linking the identities of two cities"),
}
DATA: dict[str, Any] = {
    "name": pgettext_lazy("kind of data", "name"),
    "assurance_level": pgettext_lazy("kind of data", "level of the identity"),
    "role": pgettext_lazy("kind of data", "role in the company"),
    "company_number": pgettext_lazy("kind of data", "company’s registration number"),
}
