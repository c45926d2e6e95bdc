"""What an issuer of government identities has proved, once everything it sent has been checked. Held in memory only.

Of a person there is a subject and a shown name, never an NRIC or ID number: those are dropped where the claims are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from identity.rules.registers import Standing, standing_of


class IssuerRow(Protocol):
    """As much of `identity.models.Issuer` as the wire needs: an issuer is data."""

    code: str
    iss: str
    discovery_url: str
    client_id: str
    profile: str
    scope: str
    acr_values: str
    claim_map: Mapping[str, str]
    level_map: Mapping[str, str]
    id_token_algs: list[str]
    id_token_enc: list[str]
    subject_kind: str
    assertion_key: str
    keys_from: datetime | None


@dataclass(frozen=True)
class Entity:
    """A company as its issuer names it; the number is as sent, its check digits are the caller's to check."""

    #: `uen` or `uscc`
    scheme: str
    identifier: str
    name: str = ""
    #: as the register says it (`Registered`, `存续`, …); None where its operator wrote that the issuer tells none
    status: str | None = ""

    @property
    def standing(self) -> Standing:
        """What the register's word means here. An issuer that tells none vouches by the sign-in itself."""
        return Standing.LIVE if self.status is None else standing_of(self.scheme, self.status)


@dataclass(frozen=True)
class Authorisation:
    """A role that the entity gave the person at the issuer. `ends` is None where it has no end."""

    role: str
    starts: date | None = None
    ends: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)


@dataclass(frozen=True)
class VerifiedLogin:
    """One login, checked. `subject` and `person_subject` are the issuer's own and are never stored as they are."""

    issuer_code: str
    subject: str = field(repr=False)
    #: `person` or `entity`
    subject_kind: str
    #: code of an assurance level of the issuer's framework
    level_code: str
    #: as returned, never as asked
    acr: str
    auth_time: datetime
    amr: tuple[str, ...]
    name: str = field(repr=False)
    entity: Entity | None
    #: the person behind it: the same as `subject` where the subject is a person
    person_subject: str = field(repr=False)
    authorisations: tuple[Authorisation, ...]
    #: SHA-256 of the token that proved it, hex
    assertion_digest: str
    nonce: str = field(repr=False)

    @property
    def holder(self) -> str:
        """What tells this person at this issuer from every other: never the company, which many act for."""
        return self.person_subject or self.subject


Claims = Mapping[str, Any]
