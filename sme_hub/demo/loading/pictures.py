"""A drawing for each listing of the demo, added as its seller would add a photograph."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterable

from django.utils import timezone

from catalog.models import Product
from catalog.services import Encoder, add_image
from catalog.states import ProductState
from identity.actors import Member
from sme_hub.demo.drawings.composing import Picture, compose, picture_of
from sme_hub.demo.files import DATA, rows_of

Tell = Callable[[str], None]


def hang_pictures(owners: Iterable[Member], *, tell: Tell) -> None:
    """A picture for every listing that has none yet."""
    drawings: dict[str, dict[str, Picture]] = defaultdict(dict)
    for row in rows_of(DATA / "pictures.csv"):
        drawings[row["seller"]][row["sku"]] = picture_of(row)
    with Encoder() as encoder:
        for owner in owners:
            count = _hang(owner, drawings[owner.company.slug], encoder)
            if count:
                tell(f"{owner.company.slug}: {count} pictures")


def _hang(owner: Member, drawings: dict[str, Picture], encoder: Encoder) -> int:
    """`drawings` by SKU."""
    bare = Product.objects.filter(company=owner.company, sku__in=drawings, images=None)
    count = 0
    for product in bare.exclude(state=ProductState.ENDED).order_by("pk"):
        add_image(
            actor=owner,
            product=product,
            file=io.BytesIO(compose(drawings[product.sku])),
            now=timezone.now(),
            encoder=encoder,
        )
        count += 1
    return count
