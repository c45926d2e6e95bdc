"""What the papers room does when something happens."""

from __future__ import annotations

from documents import services
from documents.events import PapersNumbered
from identity.actors import System
from kernel.events import Occurrence
from kernel.subscriptions import Effect
from orders.events import GoodsDespatched, OrderConfirmed, OrderPlaced

ISSUER = System(reason="papers")


def number_confirmation(event: OrderPlaced, occurrence: Occurrence) -> None:
    services.issue_confirmation(actor=ISSUER, order_id=event.order_id, now=occurrence.now)


def number_invoice(event: OrderConfirmed, occurrence: Occurrence) -> None:
    """The invoice, and the packing list as planned."""
    services.issue_invoice(actor=ISSUER, order_id=event.order_id, now=occurrence.now)


def number_packing_list(event: GoodsDespatched, occurrence: Occurrence) -> None:
    services.issue_packing_list(actor=ISSUER, despatch_id=event.despatch_id, now=occurrence.now)


def render_papers(event: PapersNumbered, occurrence: Occurrence) -> Effect | None:
    """Slow: typst works with no transaction open; the files are recorded in the delivery's own."""
    rendered = services.render_versions(event.version_ids)
    if not rendered:
        return None
    return lambda: services.keep_renditions(rendered, actor=ISSUER, now=occurrence.now)
