"""What a seller's workspace opens with: how the listings stand, and how the last import went."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q

from catalog.models import ImportJob, Product
from catalog.states import ImportState, ProductState
from identity.actors import Actor


@dataclass(frozen=True)
class ListingFigures:
    on_sale: int
    drafts: int
    paused: int
    #: on sale, but with less in stock than the smallest order
    short: int

    @property
    def any(self) -> bool:
        return self.on_sale + self.drafts + self.paused > 0


def listing_figures(actor: Actor) -> ListingFigures:
    """The acting company's listings by how they stand. One statement."""
    published = Q(state=ProductState.PUBLISHED)
    return ListingFigures(
        **Product.objects.of_actor(actor).aggregate(
            on_sale=Count("pk", filter=published),
            drafts=Count("pk", filter=Q(state=ProductState.DRAFT)),
            paused=Count("pk", filter=Q(state=ProductState.PAUSED)),
            short=Count("pk", filter=published & Q(stock__available__lt=F("moq"))),
        )
    )


def import_to_look_at(actor: Actor) -> ImportJob | None:
    """The company's last import, while it runs or when it left something to mend. One statement."""
    last = ImportJob.objects.filter(company_id=actor.company_id or 0).order_by("-id").first()
    if last is None or (last.state == ImportState.DONE and last.rows_refused == 0):
        return None
    return last
