"""What people are told by mail: in their language, once, however often the handler runs."""

from __future__ import annotations

import io

import pytest
from django.core import mail
from django.utils import timezone

from identity import services
from identity.models import BankAccountChange, Letter
from identity.states import ClaimKind, Role
from kernel.models import Delivery
from kernel.services import drain
from kernel.services.draining import MAX_ATTEMPTS
from tests import factories

pytestmark = pytest.mark.django_db


def invite(email: str, by: object = None) -> object:
    return services.invite_member(
        actor=by or factories.alice(), email=email, roles=[Role.SELLER], now=timezone.now()
    )


def deliver(times: int = 2) -> None:
    """Everything that is due, and then the same again, as after a lost lease."""
    for _time in range(times):
        drain("outside")
        Delivery.objects.update(done_at=None, leased_until=None, attempts=0)


@pytest.fixture(autouse=True)
def empty_box() -> None:
    """Without what the making of Alice and Bo caused."""
    factories.alice()
    factories.bo()
    Delivery.objects.all().delete()
    mail.outbox.clear()


def test_an_invitation_carries_its_link_once() -> None:
    invitation = invite("new@colleague.example")
    deliver(times=3)
    [letter] = mail.outbox
    assert letter.to == ["new@colleague.example"]
    assert services.invitation_link(invitation) in letter.body
    assert "Tanjong Bolts Pte. Ltd." in letter.body
    assert letter.extra_headers["Message-ID"].startswith("<delivery-")


def test_an_invitation_speaks_the_language_of_the_invited_else_of_who_invites() -> None:
    factories.a_user("zhang@colleague.example", language="zh-hans")
    invite("zhang@colleague.example")
    invite("unknown@colleague.example", by=factories.bo())
    deliver()
    languages = {letter.to[0]: letter.extra_headers["Content-Language"] for letter in mail.outbox}
    assert set(languages.values()) == {"zh-hans"}
    assert all("邀请" in letter.body for letter in mail.outbox)


def test_an_invitation_that_was_revoked_meanwhile_is_not_sent() -> None:
    invitation = invite("new@colleague.example")
    services.revoke_invitation(actor=factories.alice(), invitation=invitation, now=timezone.now())
    deliver()
    assert mail.outbox == []


def test_a_mail_server_that_fails_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    invite("new@colleague.example")
    with monkeypatch.context() as patch:
        patch.setattr(
            "django.core.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(OSError("gone"))
        )
        drain("outside")
    delivery = Delivery.objects.get(lane="outside")
    assert (delivery.done_at, delivery.parked_at) == (None, None)
    assert delivery.attempts < MAX_ATTEMPTS
    Delivery.objects.update(due_at=timezone.now())
    deliver()
    assert len(mail.outbox) == 1


def test_owners_hear_what_the_office_decided_in_their_language() -> None:
    bo = factories.bo()
    factories.a_colleague(bo, Role.OWNER, email="english@owner.example")
    claim = services.submit_claim(
        actor=bo,
        kind=ClaimKind.ADDRESS,
        statement="",
        evidence=io.BytesIO(b"%PDF-1.4\n%%EOF"),
        now=timezone.now(),
    )
    services.decide_claim(
        actor=factories.officer(),
        claim=claim,
        verified=False,
        source="",
        expires_on=None,
        reason="The lease names another company & co.",
        now=timezone.now(),
    )
    Delivery.objects.exclude(handler="identity.mail_claim_decision").delete()
    deliver()
    by_reader = {letter.to[0]: letter for letter in mail.outbox}
    assert set(by_reader) == {bo.user.email, "english@owner.example"}
    assert "Not accepted" in by_reader["english@owner.example"].subject
    assert "未" in by_reader[bo.user.email].subject
    assert all("another company & co." in letter.body for letter in mail.outbox)


def test_owners_hear_when_the_company_is_paid_elsewhere() -> None:
    alice = factories.alice()
    finance = factories.a_colleague(alice, Role.FINANCE)
    Delivery.objects.all().delete()
    change = services.set_bank_account(
        actor=finance,
        currency="SGD",
        beneficiary=alice.company.legal_name,
        bank_name="Other Bank",
        bic="OTHRSGSG",
        account_number="5551239876",
        now=timezone.now(),
    )
    deliver()
    [asked] = [letter for letter in mail.outbox if letter.to == [alice.user.email] and "9876" in letter.body]
    assert "Nothing has changed yet" in asked.body
    assert isinstance(change, BankAccountChange)
    services.confirm_bank_change(actor=alice, change=change, now=timezone.now())
    mail.outbox.clear()
    deliver()
    [letter] = [letter for letter in mail.outbox if "9876" in letter.body]
    assert letter.to == [alice.user.email]
    assert "5551239876" not in letter.body


def test_the_text_of_letters_is_not_kept() -> None:
    invite("new@colleague.example")
    deliver()
    assert set(Letter.objects.values_list("name", flat=True)) == {"identity/letters/invitation"}
    assert "colleague" not in str(list(Letter.objects.values()))


def test_owners_read_why_their_company_is_suspended_in_their_language() -> None:
    company = factories.bo().company
    services.suspend_company(
        actor=factories.officer(), company=company, reason="许可证已过期", now=timezone.now()
    )
    deliver()
    [letter] = mail.outbox
    assert letter.to == ["bo@nanshan-machinery.example"]
    assert letter.subject.startswith("已暂停：")
    assert "原因：许可证已过期" in letter.body


def test_nobody_is_told_of_a_decision_that_was_taken_back() -> None:
    company, officer = factories.alice().company, factories.officer()
    services.suspend_company(actor=officer, company=company, reason="Mistaken", now=timezone.now())
    services.reinstate_company(actor=officer, company=company, reason="It was a mistake", now=timezone.now())
    deliver()
    [letter] = mail.outbox
    assert letter.subject.startswith("Reinstated:")
