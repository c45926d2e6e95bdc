"""A person's own consents, with the words that each was given to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from identity.models import Consent, User
from identity.rules.consents import BASES, DATA, NOTICES, PURPOSES


@dataclass(frozen=True)
class GivenConsent:
    consent: Consent

    @property
    def purpose(self) -> Any:
        return PURPOSES.get(self.consent.purpose, self.consent.purpose)

    @property
    def data(self) -> list[Any]:
        return [DATA.get(code, code) for code in self.consent.data_categories]

    @property
    def basis(self) -> Any:
        return BASES.get(self.consent.legal_basis, self.consent.legal_basis)

    @property
    def has_words(self) -> bool:
        """Whether its notice is one of ours to show."""
        return self.consent.notice_version in NOTICES


def consents_of(user: User) -> list[GivenConsent]:
    """Those that hold first, then the latest. One statement."""
    found = Consent.objects.filter(user=user).order_by("-id")
    return sorted(map(GivenConsent, found), key=lambda given: given.consent.withdrawn_at is not None)


def consent_of(user: User, consent: str) -> Consent:
    """`NotFound` for anybody else's."""
    found: Consent = Consent.objects.filter(user=user).fetch(consent)
    return found
