"""Evidence is for its company and the officers; officers decide in the admin, through the verb."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity import services
from identity.models import Claim
from identity.states import ClaimKind, ClaimState
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    return services.submit_claim(
        actor=factories.alice(),
        kind=ClaimKind.REGISTRATION,
        statement="BizFile",
        evidence=io.BytesIO(b"%PDF-1.4\nthe evidence\n%%EOF"),
        evidence_name="extract.pdf",
        now=timezone.now(),
    )


def file_of(claim: Claim) -> str:
    return reverse("media", args=[claim.evidence.name])


def test_its_company_and_officers_read_evidence_as_a_download(client: Client, claim: Claim) -> None:
    for reader in (factories.alice(), factories.officer()):
        response = factories.sign_in(client, reader).get(file_of(claim))
        assert response.status_code == 200
        assert response["Content-Disposition"].startswith("attachment")
        assert response["Cache-Control"] == "private, no-store"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert b"the evidence" in response.getvalue()


def test_nobody_else_does(client: Client, claim: Claim) -> None:
    assert client.get(file_of(claim)).status_code == 404
    assert factories.sign_in(client, factories.bo()).get(file_of(claim)).status_code == 404
    clerk = factories.a_user("clerk@programme.example")
    clerk.is_staff = True
    clerk.save()
    client.force_login(clerk)
    assert client.get(file_of(claim)).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "",
        "claims",
        "claims/../../settings.py",
        "../etc/passwd",
        "%2e%2e/x",
        "secrets/x.txt",
        "images/",
        "images//x",
    ],
)
def test_what_no_shelf_holds_is_not_there(client: Client, name: str) -> None:
    factories.sign_in(client, factories.officer())
    assert client.get(f"/media/{name}").status_code == 404


def test_pictures_of_products_are_open_and_shown_in_place(client: Client) -> None:
    stored = default_storage.save("images/test-picture.png", ContentFile(b"\x89PNG"))
    try:
        response = client.get(f"/media/{stored}")
        assert response.status_code == 200
        assert response["Content-Type"] == "image/png"
        assert response["Content-Disposition"].startswith("inline")
        assert "immutable" in response["Cache-Control"]
        response.close()
    finally:
        default_storage.delete(stored)


def test_an_html_file_among_the_pictures_is_only_downloaded(client: Client) -> None:
    stored = default_storage.save("images/test-page.html", ContentFile(b"<script>alert(1)</script>"))
    try:
        response = client.get(f"/media/{stored}")
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"
        response.close()
    finally:
        default_storage.delete(stored)


def decide(client: Client, claim: Claim, **given: str) -> object:
    wanted = {
        "submitted_at": claim.submitted_at.isoformat(),
        "verified": "yes",
        "source": "ACRA BizFile",
        "expires_on": (timezone.localdate() + timedelta(days=90)).isoformat(),
        "reason": "",
    }
    return client.post(reverse("admin:identity_claim_decide", args=[claim.pk]), wanted | given)


def test_an_officer_works_off_the_queue(client: Client, claim: Claim) -> None:
    olive = factories.a_user("olive@programme.example", name="Olive Ong")
    call_command("appoint_officer", "OLIVE@programme.example", stdout=io.StringIO())
    client.force_login(olive)
    assert client.get(reverse("admin:index")).status_code == 200
    queue = client.get(reverse("admin:identity_claim_changelist"))
    assert reverse("admin:identity_claim_decide", args=[claim.pk]) in queue.content.decode()
    assert client.get(reverse("admin:identity_claim_change", args=[claim.pk])).status_code == 200
    assert client.get(reverse("admin:identity_claim_decide", args=[claim.pk])).status_code == 200
    assert decide(client, claim).status_code == 302
    claim.refresh_from_db()
    assert (claim.state, claim.source) == (ClaimState.VERIFIED, "ACRA BizFile")


def test_an_operator_watches_deliveries_and_nothing_of_companies(client: Client, claim: Claim) -> None:
    oscar = factories.a_user("oscar@programme.example", name="Oscar Ong")
    call_command("appoint_operator", "oscar@programme.example", stdout=io.StringIO())
    client.force_login(oscar)
    for page in (
        "index",
        "kernel_delivery_changelist",
        "kernel_event_changelist",
        "kernel_switch_changelist",
    ):
        assert client.get(reverse(f"admin:{page}")).status_code == 200, page
    assert client.get(reverse("admin:identity_claim_changelist")).status_code == 403
    assert client.get(reverse("admin:identity_claim_decide", args=[claim.pk])).status_code == 403


def test_an_officer_decides_on_no_evidence_that_came_after_he_looked(client: Client, claim: Claim) -> None:
    factories.sign_in(client, factories.officer())
    page = client.get(reverse("admin:identity_claim_decide", args=[claim.pk])).content.decode()
    assert f'value="{claim.submitted_at.isoformat()}"' in page
    services.withdraw_claim(actor=factories.alice(), claim=claim, now=timezone.now())
    services.submit_claim(
        actor=factories.alice(),
        kind=claim.kind,
        statement="another",
        evidence=io.BytesIO(b"%PDF-1.4\nother evidence\n%%EOF"),
        evidence_name="other.pdf",
        now=timezone.now(),
    )
    refused = decide(client, claim)
    shown = client.get(refused["Location"]).content.decode()
    assert "other evidence meanwhile" in shown
    assert "other.pdf" in shown
    claim.refresh_from_db()
    assert claim.state == ClaimState.SUBMITTED
    assert decide(client, claim).status_code == 302
    claim.refresh_from_db()
    assert claim.state == ClaimState.VERIFIED


@pytest.mark.parametrize(
    "wrong",
    [
        {"submitted_at": ""},
        {"submitted_at": "yesterday"},
        {"source": ""},
        {"expires_on": ""},
        {"expires_on": "1999-01-01"},
        {"verified": "no"},
        {"verified": "maybe"},
    ],
)
def test_a_decision_that_is_not_complete_is_refused_in_the_form(
    client: Client, claim: Claim, wrong: dict[str, str]
) -> None:
    factories.sign_in(client, factories.officer())
    response = decide(client, claim, **wrong)
    assert response.status_code == 200
    assert response.context["form"].errors
    claim.refresh_from_db()
    assert claim.state == ClaimState.SUBMITTED


def test_only_who_has_signed_up_is_appointed() -> None:
    with pytest.raises(CommandError):
        call_command("appoint_officer", "nobody@nowhere.example")


def test_members_do_not_enter_the_operators_desk(client: Client, claim: Claim) -> None:
    factories.sign_in(client, factories.alice())
    for page in ("admin:index", "admin:identity_claim_changelist"):
        assert client.get(reverse(page)).status_code in (302, 403)
    assert decide(client, claim).status_code in (302, 403)
    claim.refresh_from_db()
    assert claim.state == ClaimState.SUBMITTED


def test_an_officer_without_the_permission_is_told_so(client: Client, claim: Claim) -> None:
    clerk = factories.a_user("clerk@programme.example")
    clerk.is_staff = True
    clerk.save()
    client.force_login(clerk)
    assert decide(client, claim).status_code == 403


@pytest.mark.parametrize("model", ["user", "company", "membership", "claim"])
def test_the_lists_open(client: Client, claim: Claim, model: str) -> None:
    factories.sign_in(client, factories.officer())
    assert client.get(reverse(f"admin:identity_{model}_changelist")).status_code == 200
    assert (
        client.get(reverse("admin:identity_user_change", args=[factories.alice().user_id])).status_code == 200
    )
