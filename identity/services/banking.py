"""Where a company is paid: one account per currency, in a verified name of the company and no other.

An owner sets the first account of a currency alone: until then buyers are told to pay to none, so nothing can be led away.
Whatever comes after it is a change, also where the account of before was ended, and takes a second person
(`services.bank_changes`), whatever officers ask of identities. Ending an account takes one: buyers then ask before they pay.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from stdnum import bic as bic_numbers
from stdnum.exceptions import ValidationError

from identity.actors import Actor, System, require_person
from identity.events import BankAccountEnded
from identity.models import BankAccount, BankAccountChange, Company
from identity.services.assurance import Evidence, guard
from identity.services.bank_changes import Wanted, ask_change, put_in_force
from identity.services.beneficiaries import checked_beneficiary, may_be_of
from identity.services.locking import lock_company
from identity.services.screening.holding import check_not_held
from identity.states import Purpose, Role, ScreenedAct
from kernel.errors import Refused
from kernel.money import CURRENCIES
from kernel.services import record


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
) -> BankAccount | BankAccountChange:
    """The first account of a currency, in force at once; else a change that waits for a second person.

    The same account again is returned as it stands. Raises `BeneficiaryIsAnother`, `ChangeWaiting` where another change
    waits, and what `check_not_held` raises.
    """
    keeper = require_person(actor, Role.FINANCE)
    assured = guard(actor=keeper, purpose=Purpose.CHANGE_BANK_ACCOUNT, now=now)
    if currency not in CURRENCIES:
        raise WrongBankCurrency
    company = lock_company(keeper)
    check_not_held(act=ScreenedAct.BANK_ACCOUNT, company_id=company.pk, now=now)
    wanted: Wanted = {
        "beneficiary": checked_beneficiary(company, beneficiary, now, proved=bool(assured.rank)),
        "bank_name": bank_name.strip(),
        "bic": _checked_bic(bic),
        "account_number": _checked_account_number(account_number),
    }
    accounts = BankAccount.objects.visible_to(keeper).filter(currency=currency)
    same: BankAccount | None = accounts.standing().filter(**wanted).first()
    if same is not None:
        return same
    if keeper.may(Role.OWNER) and not accounts.exists():
        return put_in_force(company, currency, wanted, actor=keeper, evidence=assured.evidence, now=now)
    return ask_change(company, currency, wanted, keeper=keeper, evidence=assured.evidence, now=now)


@transaction.atomic
def end_bank_account(*, actor: Actor, account: BankAccount, now: datetime) -> None:
    """The company is no longer paid to this account; ended before, it stays as it is."""
    keeper = require_person(actor, Role.FINANCE)
    assured = guard(actor=keeper, purpose=Purpose.CHANGE_BANK_ACCOUNT, now=now)
    lock_company(keeper)
    account = BankAccount.objects.visible_to(keeper).fetch(account.public_id)
    if account.ended_at is None:
        _end(account, keeper, now, assured.evidence)


@transaction.atomic
def end_accounts_never_verified(*, company_id: int, now: datetime) -> None:
    """Once somebody has verified what the company is called, an account held in another name is not the company's."""
    company = Company.objects.select_for_update().get(pk=company_id)
    end_accounts_of_another_name(company=company, actor=System(reason="name verified"), now=now)


def end_accounts_of_another_name(*, company: Company, actor: Actor, now: datetime) -> None:
    """After a change of the registered name: accounts in the old name are no longer the company's."""
    for account in BankAccount.objects.filter(company=company).standing():
        if not may_be_of(company, account.beneficiary, now):
            _end(account, actor, now)


def _end(account: BankAccount, actor: Actor, now: datetime, evidence: Evidence | None = None) -> None:
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
