"""Whose an account is: by a name that a register, an issuer or an officer has verified; the company's own word is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity import services
from identity.actors import Member
from identity.models import BankAccount, EntityBinding
from identity.rules.registers import Standing, standing_of
from identity.services.beneficiaries import verified_names
from identity.states import EntityStatus, Purpose, RegistrationKind
from kernel.errors import Refused
from tests import factories
from tests.identity import recognised
from tests.identity.lists import acra, bring_in
from tests.identity.test_claims import decide, submit

UEN, USCC = RegistrationKind.UEN, RegistrationKind.USCC
ELSEWHERE = {"bank_name": "Other Bank", "bic": "OTHRSGSG", "account_number": "5550001112"}


@pytest.mark.parametrize(
    ("kind", "word", "standing"),
    [
        (UEN, "Registered", Standing.LIVE),
        (UEN, " live  COMPANY ", Standing.LIVE),
        (UEN, "Live (Judicial Management)", Standing.LIVE),
        (UEN, "Deregistered", Standing.OVER),
        (UEN, "Struck Off", Standing.OVER),
        (UEN, "In Liquidation - Compulsory Winding Up", Standing.OVER),
        (UEN, "live no more", Standing.UNKNOWN),
        (UEN, "存续", Standing.UNKNOWN),
        (UEN, "", Standing.UNKNOWN),
        (USCC, "存续（在营、开业、在册）", Standing.LIVE),
        (USCC, "在业", Standing.LIVE),
        (USCC, "吊销，未注销", Standing.OVER),
        (USCC, "注销", Standing.OVER),
        (USCC, "歇业", Standing.UNKNOWN),
        (RegistrationKind.OTHER, "Registered", Standing.UNKNOWN),
    ],
)
def test_only_words_that_a_register_has_let_a_company_stand(kind: str, word: str, standing: Standing) -> None:
    assert standing_of(kind, word) == standing


def account_in(member: Member, name: str, currency: str = "SGD") -> object:
    given = {"currency": currency, "beneficiary": name, **ELSEWHERE, "now": timezone.now()}
    return services.set_bank_account(actor=member, **given)


def refused(member: Member, name: str) -> str:
    with pytest.raises(Refused) as refusal:
        account_in(member, name)
    return refusal.value.code


@pytest.mark.django_db
def test_a_name_is_verified_by_register_issuer_or_officer_and_by_nothing_else(client: Client) -> None:
    charlie, now = factories.charlie(), timezone.now()
    company, declared = charlie.company, charlie.company.legal_name
    assert verified_names(company, now) == ()
    assert not services.is_name_of(company, declared, now), "its own word is nobody's check"
    account_in(charlie, declared)
    page = factories.sign_in(client, charlie).get(reverse("bank", args=[company.slug])).content.decode()
    assert "Nobody has verified this name yet" in page

    # an issuer names it otherwise: that name counts, and what the company called itself counts no more
    identity = recognised.identity(charlie.user, recognised.issuer())
    binding = recognised.bound(charlie, identity, entity_name="Real Name Pte. Ltd.")
    assert verified_names(company, now) == ("Real Name Pte. Ltd.",)
    assert refused(charlie, declared) == "bank.beneficiary_is_another"
    assert services.is_name_of(company, "REAL NAME PTE LTD", now)
    for wrong in (
        {"identifier": "201912345C"},
        {"entity_status": EntityStatus.DEREGISTERED},
        {"valid_to": now - timedelta(days=1)},
        {"ended_at": now},
    ):
        EntityBinding.objects.filter(pk=binding.pk).update(**wrong)
        assert verified_names(company, timezone.now()) == (), wrong
        binding.save()
    services.suspend_issuer(
        actor=recognised.officer("olive"), issuer=identity.issuer, reason="Keys lost", now=now
    )
    assert verified_names(company, now) == ()

    row = (company.registration_number, "STRANGERS TRADING PTE. LTD.")
    bring_in("acra", acra((*row, "Registered")))
    assert verified_names(company, now) == ("STRANGERS TRADING PTE. LTD.",)
    assert declared != "STRANGERS TRADING PTE. LTD." and services.is_name_of(company, declared, now)
    assert "Nobody has verified" not in client.get(reverse("bank", args=[company.slug])).content.decode()
    bring_in("acra", acra((*row, "Struck Off")))
    assert verified_names(company, now) == ()


@pytest.mark.django_db
def test_whoever_has_shown_for_whom_they_act_names_no_account_in_a_name_that_nobody_verified() -> None:
    alice = factories.alice()
    sg = recognised.issuer()
    recognised.known(alice, sg, Purpose.CHANGE_BANK_ACCOUNT)
    EntityBinding.objects.update(entity_name="")
    BankAccount.objects.filter(currency="SGD").delete()
    recognised.enforced(Purpose.CHANGE_BANK_ACCOUNT)
    alice = replace(alice, session=recognised.SESSION)
    assert refused(alice, alice.company.legal_name) == "bank.name_not_verified"
    assert not BankAccount.objects.filter(currency="SGD").exists()
    decide(submit(actor=alice))
    assert isinstance(account_in(alice, alice.company.legal_name), BankAccount)
