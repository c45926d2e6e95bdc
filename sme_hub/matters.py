"""What two companies can talk about: the facts of a thread, from the room that the matter belongs to."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from catalog.states import ProductState
from identity.actors import CompanyActor
from identity.models import Thread
from identity.services import MatterFacts
from identity.states import CompanyState, MatterKind
from kernel.errors import NotFound, Refused
from orders.models import Order


class OwnProduct(Refused):
    code = "thread.own_product"
    message = _("This is your own company’s product: there is nobody else to ask.")


def matter_of(actor: CompanyActor, public_id: str) -> MatterFacts:
    """The matter called `public_id`, if the actor may talk about it; `NotFound` otherwise."""
    reader = READERS.get(public_id.partition("_")[0])
    if reader is None:
        raise NotFound
    return reader(actor, public_id)


def _product(actor: CompanyActor, public_id: str) -> MatterFacts:
    """A product on sale: whoever asks is the buyer's side."""
    on_sale = Product.objects.filter(state=ProductState.PUBLISHED, company__state=CompanyState.ACTIVE)
    product: Product = on_sale.fetch(public_id)  # type: ignore[attr-defined]
    if product.company_id == actor.company_id:
        raise OwnProduct
    return MatterFacts(
        kind=MatterKind.PRODUCT,
        uid=product.uid,
        public_id=product.public_id,
        title_en=product.name_en,
        title_zh=product.name_zh,
        buyer_id=actor.company_id,
        seller_id=product.company_id,
    )


def _order(actor: CompanyActor, public_id: str) -> MatterFacts:
    order: Order = Order.objects.visible_to(actor).fetch(public_id)
    return MatterFacts(
        kind=MatterKind.ORDER,
        uid=order.uid,
        public_id=order.public_id,
        title_en=order.reference,
        title_zh=order.reference,
        buyer_id=order.buyer_id,
        seller_id=order.seller_id,
    )


#: by the prefix of the public id
READERS: dict[str, Callable[[CompanyActor, str], MatterFacts]] = {
    Product.PREFIX: _product,
    Order.PREFIX: _order,
}


def page_of(thread: Thread, company: str) -> str:
    """Where this company reads about the thread's matter; empty where there is no such page."""
    try:
        if thread.kind == MatterKind.PRODUCT:
            return reverse("product", args=[thread.matter_id])
        return reverse(str(thread.kind), args=[company, thread.matter_id])
    except NoReverseMatch:
        return ""
