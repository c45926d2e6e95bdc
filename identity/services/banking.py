"""Where a company is paid: one account per currency, in its registered name and no other."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from stdnum import bic as bic_numbers
from stdnum.exceptions import ValidationError

from identity.actors import Actor, Member, require_person
from identity.events import BankAccountEnded, BankAccountSet
from identity.models import BankAccount, Company
from identity.services.assurance import Evidence, guard
from identity.services.locking import lock_company
from identity.states import Purpose, Role
from kernel.errors import Refused
from kernel.money import CURRENCIES
from kernel.services import record


class BeneficiaryIsAnother(Refused):
    code = "bank.beneficiary_is_another"
    message = _(
        "The beneficiary has to be the company's registered name, “%(name)s”. Buyers are told to pay nobody else."
    )
    field = "beneficiary"


class WrongBic(Refused):
    code = "bank.wrong_bic"
    message = _("This is no SWIFT/BIC code: it has 8 or 11 characters, e.g. DBSSSGSG.")
    field = "bic"


class WrongAccountNumber(Refused):
    code = "bank.wrong_account_number"
    message = _("An account number has 5 to 34 digits or letters.")
    field = "account_number"


class WrongBankCurrency(Refused):
    code = "bank.wrong_currency"
    message = _("Choose SGD, CNY or USD.")
    field = "currency"


@transaction.atomic
def set_bank_account(
    *,
    actor: Actor,
    currency: str,
    beneficiary: str,
    bank_name: str,
    bic: str,
    account_number: str,
    now: datetime,
) -> BankAccount:
    """From now on the company is paid in `currency` to this account; an earlier one ends and is kept."""
    keeper = require_person(actor, Role.FINANCE)
    assured = guard(actor=keeper, purpose=Purpose.CHANGE_BANK_ACCOUNT, now=now)
    if currency not in CURRENCIES:
        raise WrongBankCurrency
    company = lock_company(keeper)
    if not is_name_of(company, beneficiary):
        raise BeneficiaryIsAnother(name=company.legal_name)
    wanted = {
        "beneficiary": company.legal_name,
        "bank_name": bank_name.strip(),
        "bic": _checked_bic(bic),
        "account_number": _checked_account_number(account_number),
    }
    standing = BankAccount.objects.visible_to(keeper).standing().filter(currency=currency)
    same: BankAccount | None = standing.filter(**wanted).first()
    if same is not None:
        return same
    standing.update(ended_at=now)
    account = BankAccount.objects.create(company=company, currency=currency, **wanted)
    event = BankAccountSet(bank_account_id=account.pk, currency=currency, assurance=assured.evidence)
    record(event, actor=keeper, now=now, subject=account, audience=[company.pk])
    return account


@transaction.atomic
def end_bank_account(*, actor: Actor, account: BankAccount, now: datetime) -> None:
    """The company is no longer paid to this account; ended before, it stays as it is."""
    keeper = require_person(actor, Role.FINANCE)
    assured = guard(actor=keeper, purpose=Purpose.CHANGE_BANK_ACCOUNT, now=now)
    lock_company(keeper)
    account = BankAccount.objects.visible_to(keeper).fetch(account.public_id)
    if account.ended_at is None:
        _end(account, keeper, now, assured.evidence)


def end_accounts_of_another_name(*, company: Company, actor: Member, now: datetime) -> None:
    """After a change of the registered name: accounts in the old name are no longer the company's."""
    for account in BankAccount.objects.visible_to(actor).standing():
        if not is_name_of(company, account.beneficiary):
            _end(account, actor, now)


def is_name_of(company: Company, beneficiary: str) -> bool:
    """Whether both are one name, apart from case, width, spaces and punctuation."""
    return _plain(beneficiary) == _plain(company.legal_name)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name).casefold())


def _end(account: BankAccount, actor: Member, now: datetime, evidence: Evidence | None = None) -> None:
    account.ended_at = now
    account.save(update_fields=["ended_at"])
    event = BankAccountEnded(bank_account_id=account.pk, currency=account.currency, assurance=evidence)
    record(event, actor=actor, now=now, subject=account, audience=[account.company_id])


def _checked_bic(text: str) -> str:
    try:
        return str(bic_numbers.validate(text))
    except (ValidationError, ValueError) as error:
        raise WrongBic from error


def _checked_account_number(text: str) -> str:
    plain = re.sub(r"[\s-]", "", text).upper()
    if not re.fullmatch(r"[A-Z0-9]{5,34}", plain):
        raise WrongAccountNumber
    return plain
