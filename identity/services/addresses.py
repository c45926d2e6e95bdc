"""The address book. Orders keep a copy, so an edit changes no order."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor, CompanyActor, require
from identity.events import AddressAdded, AddressEdited, AddressEnded
from identity.models import Address
from identity.rules import is_country
from identity.states import Role
from kernel.errors import Conflict, Refused
from kernel.services import record

#: who keeps the address book
KEEPERS = (Role.SELLER, Role.BUYER, Role.FINANCE, Role.LOGISTICS)
#: addresses of one company
MOST_ADDRESSES = 200


class AddressWithoutForm(Refused):
    code = "address.without_form"
    message = _("Give the address in English, in Chinese, or both.")
    field = "lines_en"


class AddressWithoutUse(Refused):
    code = "address.without_use"
    message = _("Say whether goods, bills or both go here.")
    field = "for_shipping"


class UnknownAddressCountry(Refused):
    code = "address.unknown_country"
    message = _("Choose a country from the list.")
    field = "country"


class TooManyAddresses(Refused):
    code = "address.too_many"
    message = _("An address book holds up to %(most)d addresses. Remove one that you no longer use.")


class AddressEndedBefore(Conflict):
    code = "address.ended"
    message = _("This address was removed from the address book.")


@dataclass(frozen=True, kw_only=True)
class AddressDetails:
    label: str
    city: str
    country: str
    lines_en: str = ""
    lines_zh: str = ""
    postal_code: str = ""
    contact_name: str = ""
    phone: str = ""
    for_billing: bool = True
    for_shipping: bool = True


@transaction.atomic
def add_address(*, actor: Actor, details: AddressDetails, now: datetime) -> Address:
    keeper = require(actor, *KEEPERS)
    _check(details)
    if Address.objects.visible_to(keeper).standing().count() >= MOST_ADDRESSES:
        raise TooManyAddresses(most=MOST_ADDRESSES)
    address = Address.objects.create(company_id=keeper.company_id, **dataclasses.asdict(details))
    _record(AddressAdded(address_id=address.pk), address, keeper, now)
    return address


@transaction.atomic
def edit_address(*, actor: Actor, address: Address, details: AddressDetails, now: datetime) -> Address:
    keeper = require(actor, *KEEPERS)
    _check(details)
    address = _lock(address, keeper)
    wanted = dataclasses.asdict(details)
    for name, value in wanted.items():
        setattr(address, name, value)
    address.save(update_fields=list(wanted))
    _record(AddressEdited(address_id=address.pk), address, keeper, now)
    return address


@transaction.atomic
def end_address(*, actor: Actor, address: Address, now: datetime) -> None:
    """Take the address out of the book; done before, it stays as it is."""
    keeper = require(actor, *KEEPERS)
    try:
        address = _lock(address, keeper)
    except AddressEndedBefore:
        return
    address.ended_at = now
    address.save(update_fields=["ended_at"])
    _record(AddressEnded(address_id=address.pk), address, keeper, now)


def _lock(address: Address, keeper: CompanyActor) -> Address:
    locked: Address = Address.objects.visible_to(keeper).select_for_update().fetch(address.public_id)
    if locked.ended_at is not None:
        raise AddressEndedBefore
    return locked


def _check(details: AddressDetails) -> None:
    if not (details.lines_en.strip() or details.lines_zh.strip()):
        raise AddressWithoutForm
    if not (details.for_billing or details.for_shipping):
        raise AddressWithoutUse
    if not is_country(details.country):
        raise UnknownAddressCountry


def _record(
    event: AddressAdded | AddressEdited | AddressEnded, address: Address, keeper: CompanyActor, now: datetime
) -> None:
    record(event, actor=keeper, now=now, subject=address, audience=[keeper.company_id])
