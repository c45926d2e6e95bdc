"""What a person has shown of themselves at issuers, what it proves, and which of it they have linked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from identity.models import EntityBinding, ExternalIdentity, IdentityLink, Issuer, User
from identity.models.linked import UNDER_WAY
from identity.states import LinkState
from kernel.errors import NotFound

_BOTH = (
    "first__issuer",
    "second__issuer",
    "first_issuer__framework",
    "second_issuer__framework",
    "consent",
)


@dataclass(frozen=True)
class Identities:
    """One person's own; nobody else is told of them."""

    identities: list[ExternalIdentity]
    links: list[IdentityLink]
    #: where they can sign in, by jurisdiction
    issuers: dict[str, list[Issuer]]

    @property
    def can_link(self) -> bool:
        """Whether there is an issuer of each of two cities, and nothing is linked or under way."""
        return len(self.issuers) > 1 and not self.links


def identities_of(user: User, now: datetime) -> Identities:
    """Four statements, whatever the person has shown."""
    standing = EntityBinding.objects.standing().select_related("company")
    found = ExternalIdentity.objects.filter(user=user, ended_at__isnull=True).select_related(
        "issuer__framework"
    )
    issuers: dict[str, list[Issuer]] = {}
    standing_issuers = Issuer.objects.standing().select_related("framework")
    for issuer in standing_issuers.order_by("-framework__jurisdiction", "code"):
        issuers.setdefault(issuer.framework.jurisdiction, []).append(issuer)
    return Identities(
        list(found.prefetch_related(Prefetch("bindings", standing)).order_by("id")),
        list(_links(now).filter(user=user).order_by("-id")),
        issuers,
    )


def link_of(user: User, link: str) -> IdentityLink:
    """A ceremony or link of this person, ended ones too; `NotFound` for anybody else's."""
    found: IdentityLink = IdentityLink.objects.filter(user=user).select_related(*_BOTH).fetch(link)
    return found


def link_of_ceremony(user: User, ceremony: str) -> IdentityLink:
    """By the id that both nonces began with; `NotFound` for anybody else's."""
    found: IdentityLink | None = IdentityLink.objects.filter(user=user, ceremony_id=ceremony).first()
    if found is None:
        raise NotFound
    return found


def identity_of(user: User, identity: str) -> ExternalIdentity:
    """An identity that the person shows still; `NotFound` for anybody else's."""
    found: ExternalIdentity = ExternalIdentity.objects.filter(user=user, ended_at__isnull=True).fetch(
        identity
    )
    return found


def _links(now: datetime) -> QuerySet[IdentityLink]:
    """Those that stand or are under way; a ceremony whose time has passed is over, whether or not somebody has said so."""
    under_way = Q(state__in=UNDER_WAY, expires_at__gte=now)
    return IdentityLink.objects.filter(
        under_way | Q(state__in=[LinkState.MATCHED, LinkState.ACTIVE])
    ).select_related(*_BOTH)
