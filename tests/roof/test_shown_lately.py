"""Acts for which signing in long ago is not enough: asked once more who it is, and done as they were filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.contrib.sessions.models import Session
from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disputes.models import Signature
from disputes.rules.consents import CODES, text_hash
from disputes.states import CaseState, TermsState
from financing.models import Offer
from financing.states import OfferState
from identity.actors import Member
from identity.models import (
    ApiToken,
    BankAccount,
    BankAccountChange,
    IdentityLink,
    Invitation,
    Mandate,
    Membership,
)
from identity.shown_lately import SENSITIVE
from identity.states import BankChangeState, Purpose, Role
from kernel.models import Event
from tests import factories as people
from tests.disputes.factories import a_case_in
from tests.financing.factories import an_offer_on_its_own
from tests.identity import recognised
from tests.roof.guarded import DETAILS, change_asked

pytestmark = pytest.mark.django_db
MINUTES_AGO = 301


@dataclass
class Form:
    """What somebody sends, and what tells that it was done."""

    actor: Member
    is_done: Callable[[], bool]
    sent: dict[str, Any] = field(default_factory=dict)
    #: in the address, after the company
    about: dict[str, str] = field(default_factory=dict)
    #: of somebody's own account, outside of companies
    own: bool = False


def bank_set() -> Form:
    alice = people.alice()
    sent = DETAILS | {"beneficiary": alice.company.legal_name}
    return Form(alice, BankAccountChange.objects.exists, sent, {"currency": "SGD"})


def bank_change() -> Form:
    second = people.a_colleague(people.alice(), Role.FINANCE)
    change = change_asked(people.alice())
    confirmed = BankAccountChange.objects.filter(state=BankChangeState.CONFIRMED)
    return Form(second, confirmed.exists, {"confirm": "1"}, {"change": change.public_id})


def bank_end() -> Form:
    alice = people.alice()
    account = BankAccount.objects.standing().get(company=alice.company, currency="SGD")
    ended = BankAccount.objects.filter(pk=account.pk, ended_at__isnull=False)
    return Form(alice, ended.exists, {"end": "1"}, {"account": account.public_id})


def member_invite() -> Form:
    sent = {"email": "eve@elsewhere.example", "roles": [Role.OWNER]}
    return Form(people.alice(), Invitation.objects.exists, sent)


def member_roles() -> Form:
    member = member_of(people.a_colleague(people.alice(), Role.SELLER))
    given = Membership.objects.filter(pk=member.pk, roles__contains=[Role.OWNER])
    return Form(people.alice(), given.exists, {"roles": [Role.OWNER]}, {"member": member.public_id})


def mandate_new() -> Form:
    member = member_of(people.a_colleague(people.alice(), Role.SELLER))
    sent = {"holder": member.public_id, "act": Purpose.ISSUE_DOCUMENT, "currency": "SGD"}
    return Form(people.alice(), Mandate.objects.exists, sent)


def token_new() -> Form:
    day = timezone.localdate().isoformat()
    sent = {"name": "ERP", "roles": [Role.SELLER], "expires_on": day}
    return Form(people.alice(), ApiToken.objects.exists, sent)


def finance_offer() -> Form:
    offer = an_offer_on_its_own()
    sent = {"key": "one", "net_seen": offer.net_proceeds, "sure": "on"}
    accepted = Offer.objects.filter(state=OfferState.ACCEPTED)
    return Form(people.alice(), accepted.exists, sent, {"offer": offer.public_id})


def case_sign() -> Form:
    case = a_case_in(CaseState.SIGNING)
    sent = {"name": "Bo Wen", "text_seen": case.terms.get(state=TermsState.LOCKED).text_hash}
    return Form(people.bo(), Signature.objects.exists, sent, {"case": case.public_id, "act": "sign"})


def case_consent() -> Form:
    case = a_case_in(CaseState.CONSENT_PENDING)
    sent = {"text_seen": text_hash()} | dict.fromkeys(CODES, "on")
    return Form(people.bo(), case.consents.exists, sent, {"case": case.public_id, "act": "consent"})


def my_data_file() -> Form:
    return Form(people.alice(), Event.objects.filter(name="OwnDataTaken").exists, own=True)


def linking_start() -> Form:
    recognised.issuer("sg"), recognised.issuer("cn")
    return Form(people.alice(), IdentityLink.objects.exists, {"first": "sg", "second": "cn"}, own=True)


#: reading it is the act: see `test_connecting`
READ = {"issuer_login"}
FORMS: dict[str, Callable[[], Form]] = {
    "bank_set": bank_set,
    "bank_change": bank_change,
    "bank_end": bank_end,
    "member_invite": member_invite,
    "member_roles": member_roles,
    "mandate_new": mandate_new,
    "token_new": token_new,
    "finance_offer": finance_offer,
    "case_act:sign": case_sign,
    "case_act:consent": case_consent,
    "my_data_file": my_data_file,
    "linking_start": linking_start,
}


def test_every_sensitive_address_is_tried() -> None:
    assert set(FORMS) | READ == set(SENSITIVE)


@pytest.mark.parametrize("name", FORMS)
def test_who_signed_in_long_ago_is_asked_and_what_was_filled_in_is_done_afterwards(name: str) -> None:
    form = FORMS[name]()
    client = signed_in(form, ago=MINUTES_AGO)
    answer = client.post(address(name, form), form.sent)
    assert answer["Location"].startswith(reverse("account_reauthenticate")) and not form.is_done()
    assert client.post(answer["Location"], {"password": "a guess"}).status_code == 200 and not form.is_done()
    client.post(answer["Location"], {"password": people.PASSWORD})
    assert form.is_done()


@pytest.mark.parametrize("name", FORMS)
def test_who_has_just_signed_in_goes_on_but_where_it_is_to_be_shown_again(name: str) -> None:
    form = FORMS[name]()
    client = signed_in(form, ago=0)
    answer = client.post(address(name, form), form.sent)
    if SENSITIVE[name].again:
        assert "reauthenticate" in answer["Location"] and not form.is_done()
        people.show_again(client)
        client.post(address(name, form), form.sent)
    assert form.is_done()


@pytest.mark.parametrize("name", [name for name, each in SENSITIVE.items() if each.unless_asked])
def test_where_officers_ask_for_an_identity_that_stands_for_the_password(name: str) -> None:
    form = FORMS[name]()
    recognised.enforced(SENSITIVE[name].unless_asked)
    answer = signed_in(form, ago=MINUTES_AGO).post(address(name, form), form.sent)
    assert answer["Location"].startswith("/accounts/show/") and not form.is_done()


def test_a_form_that_waits_lies_unreadable_in_the_database(settings) -> None:
    """And is forgotten, not misread, where the key of the installation was changed meanwhile."""
    form = bank_set()
    canary = form.sent["account_number"]
    client = signed_in(form, ago=MINUTES_AGO)
    asked = client.post(address("bank_set", form), form.sent)["Location"]
    stored = Session.objects.get(session_key=client.session.session_key)
    kept = signing.loads(stored.session_data, salt=client.session.key_salt, serializer=JSONSerializer)
    assert canary in str(client.session.load()) and canary not in str(kept)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert canary not in str(client.session.load())
    client.post(asked, {"password": people.PASSWORD})
    assert not form.is_done()


def test_pages_are_read_and_rights_taken_away_without_being_asked() -> None:
    alice = people.alice()
    member = member_of(people.a_colleague(alice, Role.SELLER))
    form = Form(alice, bool)
    client, company = signed_in(form, ago=MINUTES_AGO), alice.company.slug
    for name in ("member_invite", "mandate_new", "token_new"):
        assert client.get(reverse(name, args=[company])).status_code == 200
    client.post(reverse("member_end", args=[company, member.public_id]))
    member.refresh_from_db()
    assert member.ended_at is not None


def test_who_has_nothing_to_show_again_by_is_not_stopped() -> None:
    """They signed in by a code in a letter, or by an identity alone."""
    form = member_invite()
    client = signed_in(form, ago=MINUTES_AGO)
    form.actor.user.set_unusable_password()
    form.actor.user.save()
    client.force_login(form.actor.user)
    client.post(address("member_invite", form), form.sent)
    assert form.is_done()


def address(name: str, form: Form) -> str:
    company = {} if form.own else {"company": form.actor.company.slug}
    return reverse(name.split(":")[0], kwargs=company | form.about)


def signed_in(form: Form, *, ago: int) -> Client:
    """By password, so many seconds ago."""
    client = people.sign_in(Client(), form.actor)
    request = HttpRequest()
    request.session = session = client.session
    record_authentication(request, form.actor.user, method="password")
    for step in session["account_authentication_methods"]:
        step["at"] -= ago
    session.save()
    return client


def member_of(actor: Member) -> Membership:
    return Membership.objects.get(pk=actor.membership_id)
