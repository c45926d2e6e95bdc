"""One row: what it asks for, by the verbs of listings and stock."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import DataError, transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import ImportJob, Product
from catalog.queries.drafts import draft_of
from catalog.rules.columns import Row, merged, read_row
from catalog.rules.drafts import ProductDraft, line
from catalog.services.products import (
    Categories,
    ListingRefused,
    keep_edited,
    keep_new,
    pause,
    publish,
)
from catalog.services.stock import keep_count
from catalog.states import ProductState
from identity.actors import Actor, CompanyActor, require
from identity.services import check_not_held
from identity.states import Role, ScreenedAct
from kernel.errors import Forbidden, Refused

logger = logging.getLogger(__name__)


class RowUnusable(Refused):
    code = "import.row_unusable"
    message = _("This row holds something that cannot be stored.")


class NotADraftAgain(Refused):
    code = "import.not_a_draft_again"
    message = _("This listing was published before: write paused instead of draft.")
    field = "status"


class SenderLeft(Refused):
    code = "import.sender_left"
    message = _("Whoever sent this file may no longer list products for the company.")


@dataclass(frozen=True)
class Outcome:
    """What became of a row: `created`, `changed`, `unchanged` or `refused`, and why."""

    word: str
    problems: tuple[Refused, ...] = ()


@dataclass
class Desk:
    """What the rows of one transaction share."""

    job: ImportJob
    actor: Actor | None
    now: datetime
    #: the seller's listings that the rows name, locked
    listings: Mapping[str, Product]
    categories: Categories = field(default_factory=Categories)

    @cached_property
    def held(self) -> Refused | None:
        """Why the company publishes nothing at present, asked once for all rows."""
        try:
            check_not_held(act=ScreenedAct.PUBLISH, company_id=sender_of(self.actor).company_id, now=self.now)
        except Refused as refused:
            return refused
        return None


class _Undo(Exception):
    """Rolls a dry run's row back."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def take_row(desk: Desk, row: dict[str, Any]) -> Outcome:
    if row["problems"]:
        return Outcome("refused")
    asked, problems = read_row(row["cells"])
    if problems:
        return Outcome("refused", tuple(problems))
    try:
        with transaction.atomic():
            outcome = _apply(desk, asked)
            if desk.job.dry_run:
                raise _Undo(outcome)
            return outcome
    except _Undo as undone:
        return undone.outcome
    except ListingRefused as refused:
        return Outcome("refused", tuple(refused.problems))
    except Refused as refused:
        return Outcome("refused", (refused,))
    except DataError:
        logger.exception("import %s: a row passed the checks but not the database", desk.job.pk)
        return Outcome("refused", (RowUnusable(),))


def _apply(desk: Desk, asked: Row) -> Outcome:
    """Create or edit, count, publish or pause: what the row asks for, and nothing where it is so already."""
    seller = sender_of(desk.actor)
    listing = desk.listings.get(asked.sku)
    if listing is None:
        draft = merged(ProductDraft(sku=asked.sku, category=""), asked)
        published = asked.status == "published"
        if published and desk.held is not None:
            raise desk.held
        product = keep_new(
            actor=seller, draft=draft, now=desk.now, published=published, categories=desk.categories
        )
        _count_stock(desk, asked, product)
        return Outcome("created")
    seen = listing.version
    draft = merged(draft_of(listing), asked)
    product = keep_edited(
        actor=seller, product=listing, draft=draft, now=desk.now, categories=desk.categories
    )
    moved = _count_stock(desk, asked, product)
    moved = _settle_state(desk, asked, product) or moved
    return Outcome("changed" if moved or product.version != seen else "unchanged")


def _count_stock(desk: Desk, asked: Row, product: Product) -> bool:
    if asked.stock is None:
        return False
    difference = keep_count(
        actor=sender_of(desk.actor),
        stock=product.stock,
        counted=asked.stock,
        now=desk.now,
        reference=desk.job.uid,
        note=desk.job.file_name,
    )
    return difference != 0


def _settle_state(desk: Desk, asked: Row, product: Product) -> bool:
    """Publish or pause a known listing where the row asks for it."""
    actor = sender_of(desk.actor)
    match asked.status, product.state:
        case "published", ProductState.DRAFT | ProductState.PAUSED:
            publish(actor=actor, product=product, now=desk.now)
            return True
        case "paused", ProductState.PUBLISHED:
            pause(actor=actor, product=product, now=desk.now)
            return True
        case "draft", ProductState.PUBLISHED | ProductState.PAUSED:
            raise NotADraftAgain
    return False


def sender_of(actor: Actor | None) -> CompanyActor:
    """Who sent the file, with today's roles. Raises `SenderLeft` when they may list no longer."""
    if actor is None:
        raise SenderLeft
    try:
        return require(actor, Role.SELLER)
    except Forbidden as refused:
        raise SenderLeft from refused


def sku_of(cells: Mapping[str, str]) -> str:
    return line(cells.get("sku", ""))
