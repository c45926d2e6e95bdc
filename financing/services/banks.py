"""Banks join, and sellers say whether they want offers."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from financing.connectors.bank import BankRefused, BankUnclear, connection_to
from financing.events import BankEnrolled, FinancePreferenceSet
from financing.models import Bank, FinancePreference
from identity.actors import Actor, require_person
from identity.models import Company
from identity.services import mark_as_bank
from identity.states import Role
from kernel.errors import Refused
from kernel.services import record


class BankNotConnected(Refused):
    code = "financing.bank_not_connected"
    message = _("The settings name no bank of this code, or it does not answer.")


def enrol_bank(*, actor: Actor, company: Company, code: str, simulated: bool = False, now: datetime) -> Bank:
    """`company` is the bank that the settings name `code`; invoices are shown to it from now on. Repeatable.

    Asks the bank what it finances, before anything is written.
    """
    capabilities = _capabilities(code)
    with transaction.atomic():
        mark_as_bank(company=company)
        bank, is_new = Bank.objects.get_or_create(
            company=company, defaults={"code": code, "simulated": simulated, "joined_at": now}
        )
        bank.code, bank.simulated, bank.capabilities = code, simulated, capabilities
        bank.save(update_fields=["code", "simulated", "capabilities"])
        if is_new:
            record(BankEnrolled(bank_id=bank.pk), actor=actor, now=now, subject=bank, audience=[company.pk])
    return bank


def refresh_capabilities() -> None:
    """What each bank finances may change; one that does not answer keeps what it said last."""
    for bank in Bank.objects.standing():
        try:
            capabilities = _capabilities(bank.code)
        except BankNotConnected:
            continue
        Bank.objects.filter(pk=bank.pk).update(capabilities=capabilities)


def set_preference(*, actor: Actor, wants_offers: bool, now: datetime) -> None:
    """The seller's finance says whether invoices are shown to banks. Offers that were made stand."""
    with transaction.atomic():
        member = require_person(actor, Role.FINANCE)
        FinancePreference.objects.update_or_create(
            company_id=member.company_id,
            defaults={"wants_offers": wants_offers, "changed_by": member.user, "changed_at": now},
        )
        event = FinancePreferenceSet(wants_offers=wants_offers)
        record(event, actor=member, now=now, audience=[member.company_id])


def _capabilities(code: str) -> dict[str, object]:
    connection = connection_to(code) if code in settings.BANKS else None
    if connection is None:
        raise BankNotConnected
    try:
        return connection.capabilities()
    except (BankUnclear, BankRefused) as error:
        raise BankNotConnected from error
