"""Where a bank pays: to the seller's own account in force, held in a verified name of the seller, and to nobody else."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from financing.models import Offer
from identity.queries import bank_account_for, bank_instructions
from identity.services import is_name_of
from kernel.errors import Refused


class PayeeMissing(Refused):
    code = "financing.payee_missing"
    message = _("Your company has named no %(currency)s account to which the bank could pay. Name one first.")
    status = 409


class PayeeIsAnother(Refused):
    code = "financing.payee_is_another"
    message = _(
        "The %(currency)s account is held in the name “%(name)s”, which is not verified as your company's: a bank pays to "
        "nobody else. Name an account in your registered name, or have the registration checked again."
    )
    status = 409


def payee_of(offer: Offer, now: datetime) -> dict[str, str]:
    """The account as the offer keeps it for ever. Raises `PayeeMissing` or `PayeeIsAnother`."""
    account = bank_account_for(offer.company_id, offer.currency)
    if account is None:
        raise PayeeMissing(currency=offer.currency)
    if not is_name_of(offer.company, account.beneficiary, now):
        raise PayeeIsAnother(currency=offer.currency, name=account.beneficiary)
    return bank_instructions(offer.company_id, offer.currency, reference=offer.public_id)
