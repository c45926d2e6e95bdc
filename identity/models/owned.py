"""Rows that belong to one company: fetched through the actor, so that fetching is authorising."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from kernel.models import PublicQuerySet

if TYPE_CHECKING:
    from identity.actors import Actor


class OwnedQuerySet(PublicQuerySet):
    """Rows with a `company` column."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the acting company; none for somebody who acts for no company."""
        if actor.company_id is None:
            return self.none()
        return self.filter(company_id=actor.company_id)


class LastingQuerySet(OwnedQuerySet):
    """Rows that end by a moment (`ended_at`), never by deletion."""

    def standing(self) -> Self:
        """Those that have not ended."""
        return self.filter(ended_at__isnull=True)
