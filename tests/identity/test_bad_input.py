"""What people mistype and what attackers send: refused in words, nothing lost, nothing half done, never a crash."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity import services
from identity.actors import Member
from identity.models import Address, ApiToken, BankAccount, Claim, Company, Invitation, Membership
from identity.queries import bank_accounts_of
from identity.states import ClaimKind, Role
from tests import factories

pytestmark = pytest.mark.django_db

HOSTILE = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "x" * 100_000,
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% debug %}",
    "' OR 1=1 --",
    "%s%n%(x)s",
    "-1",
    "1e309",
    "٣",
    "\ud7ff\ufffe",
    "𠮷野家 \u202e",
]
FORMS = {
    "company_edit": {"legal_name": "A", "currency": "SGD", "buys": "on", "time_zone": "Asia/Singapore"},
    "member_invite": {"email": "x@y.example", "roles": "buyer"},
    "mandate_new": {"holder": "x", "act": "order", "ceiling": "5", "currency": "SGD", "last_day": ""},
    "address_new": {
        "label": "L",
        "city": "S",
        "country": "SG",
        "lines_en": "1 Road",
        "lines_zh": "",
        "postal_code": "1",
        "phone": "1",
        "contact_name": "A",
        "for_shipping": "on",
    },
    "bank_set": {"beneficiary": "A", "bank_name": "B", "bic": "HARBSGSG", "account_number": "12345"},
    "token_new": {"name": "T", "roles": "seller", "expires_on": "2026-12-01"},
    "claim_submit": {"statement": "S"},
}
MORE = {"bank_set": {"currency": "SGD"}, "claim_submit": {"kind": "registration"}}


def address_of(name: str, of: Member, **more: str) -> str:
    return reverse(name, kwargs={"company": of.company.slug, **MORE.get(name, {}), **more})


#: worth trying in each field by itself
EACH = ["\x00", "x" * 100_000]


@pytest.mark.parametrize("name", FORMS)
def test_every_form_takes_anything_without_a_crash(client: Client, name: str) -> None:
    alice = factories.alice()
    factories.show_again(factories.sign_in(client, alice))
    good = FORMS[name]
    tries = [dict.fromkeys(good, text) for text in HOSTILE]
    tries += [good | {field: text} for field in good for text in EACH]
    for tried in tries:
        response = client.post(address_of(name, alice), tried)
        assert response.status_code in (200, 302), tried
        html = response.content.decode()
        assert "<script>alert" not in html
        assert "49{%" not in html


def test_registering_takes_anything_without_a_crash(client: Client) -> None:
    factories.sign_in(client, factories.alice())
    good = {
        "legal_name": "Other Pte. Ltd.",
        "country": "SG",
        "registration_number": factories.a_uen(202300001),
        "currency": "SGD",
        "buys": "on",
    }
    for text in HOSTILE:
        assert client.post(reverse("company_new"), good | {"registration_number": text}).status_code == 200
        assert client.post(reverse("company_new"), dict.fromkeys(good, text)).status_code == 200
    assert Company.objects.count() == 1


def test_what_was_typed_stays_in_the_form(client: Client) -> None:
    alice = factories.alice()
    factories.show_again(factories.sign_in(client, alice))
    typed = FORMS["bank_set"] | {"beneficiary": "Somebody Else Ltd", "bank_name": "Bank of Typing"}
    html = client.post(address_of("bank_set", alice), typed).content.decode()
    assert "Bank of Typing" in html
    assert "Somebody Else Ltd" in html
    assert alice.company.legal_name in html, "the error names the right beneficiary"


def test_an_empty_post_marks_what_is_missing(client: Client) -> None:
    alice = factories.alice()
    factories.show_again(factories.sign_in(client, alice))
    for name in FORMS:
        response = client.post(address_of(name, alice))
        assert response.status_code == 200
        assert response.context["form"].errors, name


def test_ids_of_another_company_are_not_found(client: Client) -> None:
    alice, charlie = factories.alice(), factories.charlie()
    now = timezone.now()
    token, _secret = services.issue_token(
        actor=alice, name="T", roles=["seller"], expires_at=now + timedelta(days=9), now=now
    )
    invitation = services.invite_member(actor=alice, email="x@y.example", roles=["buyer"], now=now)
    hers = {
        "address_edit": {"address": Address.objects.filter(company=alice.company)[0].public_id},
        "address_end": {"address": Address.objects.filter(company=alice.company)[0].public_id},
        "bank_end": {"account": bank_accounts_of(alice)[0].public_id},
        "member_roles": {"member": Membership.objects.get(pk=alice.membership_id).public_id},
        "member_end": {"member": Membership.objects.get(pk=alice.membership_id).public_id},
        "invitation_revoke": {"invitation": invitation.public_id},
        "token_revoke": {"token": token.public_id},
    }
    factories.show_again(factories.sign_in(client, charlie))
    for name, kwargs in hers.items():
        for public_id in (next(iter(kwargs.values())), "nonsense", "adr_" + "0" * 26, "1"):
            address = address_of(name, charlie, **dict.fromkeys(kwargs, public_id))
            assert client.post(address, FORMS["address_new"]).status_code == 404, name
    assert Address.objects.filter(company=alice.company, ended_at__isnull=True).exists()
    assert BankAccount.objects.filter(company=alice.company, ended_at__isnull=True).count() == 3
    assert Invitation.objects.open().exists()
    assert ApiToken.objects.get().revoked_at is None


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_acts_of_the_owner_are_refused_to_others(client: Client, role: Role) -> None:
    colleague = factories.a_colleague(factories.alice(), role)
    factories.sign_in(client, colleague)
    mine = Membership.objects.get(pk=colleague.membership_id).public_id
    before = Company.objects.values().get()
    assert client.post(address_of("company_edit", colleague), FORMS["company_edit"]).status_code == 403
    assert client.post(address_of("member_invite", colleague), FORMS["member_invite"]).status_code == 403
    assert (
        client.post(address_of("member_roles", colleague, member=mine), {"roles": "owner"}).status_code == 403
    )
    assert client.post(address_of("claim_submit", colleague)).status_code == 403
    assert Company.objects.values().get() == before
    assert Membership.objects.get(pk=colleague.membership_id).roles == [role]


def test_acts_are_posted_not_followed(client: Client) -> None:
    alice = factories.alice()
    factories.show_again(factories.sign_in(client, alice))
    account = bank_accounts_of(alice)[0].public_id
    assert client.get(address_of("bank_end", alice, account=account)).status_code == 405
    assert client.get(reverse("set_language")).status_code == 405


def test_a_post_without_its_csrf_token_is_refused() -> None:
    alice = factories.alice()
    client = Client(enforce_csrf_checks=True)
    factories.show_again(factories.sign_in(client, alice))
    assert client.post(address_of("member_invite", alice), FORMS["member_invite"]).status_code == 403
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90", b"<html>", b"%PDF-", b"\x89PNG\r\n\x1a\n"],
    ids=["empty", "exe", "html", "pdf", "png"],
)
def test_evidence_that_is_none_is_refused_in_the_form(client: Client, content: bytes) -> None:
    alice = factories.alice()
    factories.show_again(factories.sign_in(client, alice))
    response = client.post(
        address_of("claim_submit", alice),
        {"statement": "see file", "evidence": SimpleUploadedFile("evidence.pdf", content)},
    )
    assert response.status_code == 200
    assert "evidence" in response.context["form"].errors
    assert "see file" in response.content.decode()
    assert not Claim.objects.exists()


def test_pages_that_name_no_thing_are_not_found(client: Client) -> None:
    alice = factories.alice()
    factories.show_again(factories.sign_in(client, alice))
    base = f"/c/{alice.company.slug}"
    for path in ("/company/bank/EUR/", "/company/claims/nonsense/", "/members/x/roles/", "/addresses/%00/"):
        assert client.get(f"{base}{path}").status_code == 404, path


def test_a_claim_is_withdrawn_by_the_owner(client: Client) -> None:
    alice = factories.alice()
    factories.show_again(factories.sign_in(client, alice))
    pdf = SimpleUploadedFile("lease.pdf", b"%PDF-1.4\n%%EOF")
    client.post(address_of("claim_submit", alice, kind=ClaimKind.ADDRESS), {"statement": "", "evidence": pdf})
    assert client.post(address_of("claim_withdraw", alice, kind=ClaimKind.ADDRESS)).status_code == 302
    assert Claim.objects.get().state == "withdrawn"
    assert client.post(address_of("claim_withdraw", alice, kind=ClaimKind.ADDRESS)).status_code == 409
    assert client.post(address_of("claim_withdraw", alice, kind=ClaimKind.BANK)).status_code == 404
