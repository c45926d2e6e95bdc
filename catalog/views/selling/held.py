"""That nothing can be published now is said on the page, before anybody presses."""

from __future__ import annotations

from django.utils import timezone

from identity.actors import Member
from identity.services import refusal_of
from identity.states import ScreenedAct
from kernel.errors import Refused


def held_publishing(seller: Member) -> Refused | None:
    """Why, in the words that publishing would be refused with. One statement where nothing is held."""
    return refusal_of(act=ScreenedAct.PUBLISH, company_id=seller.company_id, now=timezone.now())
