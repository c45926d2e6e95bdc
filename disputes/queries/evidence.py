"""What is pulled from the order when a case is opened: read once, frozen, and known by its digest."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from documents.queries import papers_of
from identity.actors import Actor
from identity.queries import messages_of, thread_between
from identity.rules.phrases import phrases_in_words
from kernel.queries import story_of
from orders.models import Order
from orders.queries import despatches_of, lines_of, order_of

#: the latest of a thread
MOST_MESSAGES = 200


def evidence_of(actor: Actor, order: str) -> tuple[Order, dict[str, Any]]:
    """The order as the actor may see it, and its evidence as JSON-ready values; decimals as text."""
    found = order_of(actor, order)
    return found, {
        "order": {
            "id": found.public_id,
            "reference": found.reference,
            "state": found.state,
            "placed_at": found.placed_at.isoformat(),
            "confirmed_at": found.confirmed_at.isoformat() if found.confirmed_at else None,
            "buyer": found.buyer_party["legal_name"],
            "seller": found.seller_party["legal_name"],
            "incoterm": f"{found.incoterm} {found.incoterm_place}",
            "payment_terms": found.payment_terms,
            "currency": found.currency,
            "total": f"{found.total:.2f}",
            "paid": f"{found.amount_paid:.2f}",
        },
        "lines": [_line(line) for line in lines_of(found)],
        "papers": [_paper(paper) for paper in papers_of(found, actor)],
        "payments": [
            {"amount": f"{row['amount']:.2f}", "received_on": row["received_on"].isoformat()}
            for row in found.payment_lines  # type: ignore[attr-defined]  # as order_of read them
        ],
        "shipments": [_shipment(sent) for sent in despatches_of(found)],
        "story": [
            {"name": event.name, "at": event.at.isoformat(), "by": event.company_id == found.seller_id}
            for event in story_of(found.uid, actor=actor)
        ],
        "messages": _messages(actor, found),
    }


def _messages(actor: Actor, order: Order) -> list[dict[str, Any]]:
    """What the two companies wrote to each other about the order; files by name."""
    thread = thread_between(actor, matter=order.uid, buyer_id=order.buyer_id, seller_id=order.seller_id)
    if thread is None:
        return []
    return [
        {
            "at": message.at.isoformat(),
            "by": "seller" if message.company_id == order.seller_id else "buyer",
            "phrases": list(message.phrases),
            **_said(message.phrases),
            "words": message.body,
            "files": [file.name for file in message.files.all()],
        }
        for message in messages_of(thread, size=MOST_MESSAGES).messages
    ]


def _said(codes: list[str]) -> dict[str, list[str]]:
    """What each side read on that day: the words of a ready phrase may change."""
    said = {}
    for language, suffix in (("en", "en"), ("zh-hans", "zh")):
        with translation.override(language):
            said[f"said_{suffix}"] = phrases_in_words(codes)
    return said


def _line(line: Any) -> dict[str, Any]:
    return {
        "number": line.number,
        "sku": line.sku,
        "name_en": line.name_en,
        "name_zh": line.name_zh,
        "quantity": f"{line.quantity.normalize():f}",
        "unit": line.unit,
        "unit_price": f"{line.unit_price.normalize():f}",
        "total": f"{line.line_total:.2f}",
        "despatched": f"{line.despatched.normalize():f}",
        "received": f"{line.received.normalize():f}",
    }


def _paper(paper: Any) -> dict[str, Any]:
    files = [
        {"language": file.language, "sha256": file.rendition.digest, "size": file.rendition.size}
        for file in paper.shown.files
        if file.rendition is not None
    ]
    return {
        "number": paper.printed_number,
        "kind": paper.kind,
        "issued_on": paper.issued_on.isoformat(),
        "version": paper.shown.version,
        "files": files,
    }


def _shipment(sent: Any) -> dict[str, Any]:
    return {
        "number": sent.number,
        "carrier": sent.carrier,
        "tracking_number": sent.tracking_number,
        "despatched_on": sent.despatched_on.isoformat(),
        "lines": [{name: str(value) for name, value in row.items()} for row in sent.contents],
    }
