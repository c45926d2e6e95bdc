"""Officers govern recognition at /operator/, and an operator by a command: always through the verbs, never by editing a row."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity.models import Issuer, PolicyDecision, RecognitionPolicy, TrustFramework, User
from identity.queries import matrix
from identity.states import IssuerState, Purpose
from tests import factories
from tests.identity import recognised

pytestmark = pytest.mark.django_db

ISSUERS = "/operator/identity/issuer/"
POLICIES = "/operator/identity/recognitionpolicy/"


@pytest.fixture
def issuer_says() -> Iterator[list[Any]]:
    """An issuer that answers at an address of this machine; what it says is the last thing in the list."""
    said: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = json.dumps(said[-1]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    said.append({"issuer": f"http://127.0.0.1:{server.server_address[1]}"})
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield said
    server.shutdown()
    server.server_close()


def at_the_desk(name: str) -> Client:
    return factories.sign_in(Client(), recognised.officer(name))


def acted(client: Client, path: str, action: str, row: Any, **given: str) -> str:
    """What the desk says after an action on one row, confirmed."""
    sent = {"action": action, "_selected_action": row.pk, "confirmed": "yes", **given}
    return client.post(path, sent, follow=True).content.decode()


def test_two_officers_bring_a_policy_into_force_and_one_ends_it(issuer_says: list[Any]) -> None:
    olive, peter = at_the_desk("olive"), at_the_desk("peter")
    address = issuer_says[-1]["issuer"]
    given = {
        "profile": "cn_oidc",
        "code": "sz",
        "name_en": "Shenzhen issuer",
        "name_zh": "深圳签发方",
        "discovery_url": f"{address}/.well-known/openid-configuration",
        "client_id": "sme-hub",
        "claim_map": '{"entity_name": "org_name"}',
        "level_map": '{"high": "4"}',
        "id_token_algs": '["none"]',
    }
    refused = olive.post(f"{ISSUERS}add/", given).content.decode()
    assert "Name the algorithms that are accepted" in refused and not Issuer.objects.exists()
    olive.post(f"{ISSUERS}add/", {**given, "id_token_algs": '["ES256"]'})
    issuer = Issuer.objects.get()
    assert (issuer.iss, issuer.claim_map, issuer.level_map) == (
        address,
        {"entity_name": "org_name"},
        {"high": "4"},
    )
    draft = {
        "issuer": issuer.pk,
        "min_level": recognised.level(issuer, "4").pk,
        "recognised_rank": 3,
        "relying_jurisdiction": "SG",
        "purpose": Purpose.ORDER,
        "valid_from": timezone.localdate().isoformat(),
        "legal_note": "Platform policy",
    }
    assert "never for more" in olive.post(f"{POLICIES}add/", {**draft, "recognised_rank": 4}).content.decode()
    olive.post(f"{POLICIES}add/", draft)
    policy = RecognitionPolicy.objects.get()
    asked = olive.post(POLICIES, {"action": "approve", "_selected_action": policy.pk}).content.decode()
    assert "Approve these policies?" in asked and not PolicyDecision.objects.exists()
    acted(olive, POLICIES, "approve", policy)
    assert "Another officer has to" in acted(olive, POLICIES, "approve", policy)
    assert "1 of 2 approvals" in olive.get(POLICIES).content.decode()
    fronts = [officer.get("/operator/").content.decode() for officer in (olive, peter)]
    assert ["1 recognition policy to approve" in front for front in fronts] == [False, True]
    assert "in force" in acted(peter, POLICIES, "approve", policy)
    assert "to approve" not in peter.get("/operator/").content.decode()
    assert len(matrix(timezone.localdate(), now=timezone.now()).rows) == 1
    acted(peter, POLICIES, "end", policy)
    assert len(matrix(timezone.localdate(), now=timezone.now()).rows) == 1, "without a reason nothing ends"
    assert "Ended" in acted(peter, POLICIES, "end", policy, reason="Revised")
    assert matrix(timezone.localdate(), now=timezone.now()).rows == []
    page = olive.get(f"{POLICIES}{policy.pk}/change/").content.decode()
    assert "Revised" in page and page.count("Olive") >= 2
    assert olive.post(f"{POLICIES}{policy.pk}/change/", draft).status_code == 403


def test_officers_suspend_and_reinstate_for_a_reason() -> None:
    olive, issuer = at_the_desk("olive"), recognised.issuer()
    acted(olive, ISSUERS, "suspend", issuer)
    assert Issuer.objects.get().state == IssuerState.ACTIVE
    acted(olive, ISSUERS, "suspend", issuer, reason="Keys lost")
    assert Issuer.objects.get().suspended_reason == "Keys lost"
    acted(olive, ISSUERS, "reinstate", issuer, reason="New keys")
    assert Issuer.objects.get().stands
    frameworks = "/operator/identity/trustframework/"
    acted(olive, frameworks, "suspend", issuer.framework, reason="Law changed")
    assert Issuer.objects.get().state == IssuerState.SUSPENDED
    assert "Reinstate the framework first" in acted(olive, ISSUERS, "reinstate", issuer, reason="Please")
    acted(olive, frameworks, "reinstate", issuer.framework, reason="Law is back")
    assert TrustFramework.objects.get(pk=issuer.framework_id).state == IssuerState.ACTIVE


def test_who_only_looks_at_the_desk_changes_nothing() -> None:
    issuer = recognised.issuer()
    looker = recognised.officer("looker").user
    looker.user_permissions.remove(*looker.user_permissions.filter(codename="govern_recognition"))
    client = Client()
    client.force_login(looker)
    assert client.get(ISSUERS).status_code == 200
    assert client.get(f"{ISSUERS}add/").status_code == 403
    assert client.post(f"{POLICIES}add/", {"issuer": issuer.pk}).status_code == 403
    acted(client, ISSUERS, "suspend", issuer, reason="No")
    assert Issuer.objects.get().stands


def test_hashes_of_people_are_shown_to_nobody() -> None:
    alice, head = factories.alice(), factories.sign_in(Client(), factories.officer())
    identity = recognised.identity(alice.user, recognised.issuer())
    binding = recognised.bound(alice, identity)
    for name, row in (("externalidentity", identity), ("entitybinding", binding)):
        page = head.get(reverse(f"admin:identity_{name}_change", args=[row.pk])).content.decode()
        assert page.count("<h1") and identity.subject_hash not in page
        assert identity.assertion_digest not in page and binding.evidence_digest not in page


def test_a_command_adds_an_issuer_by_its_discovery_document(issuer_says: list[Any]) -> None:
    address, said = issuer_says[-1]["issuer"], io.StringIO()
    url = f"{address}/.well-known/openid-configuration"
    more = {"name_en": "City", "level_map": {"high": "4"}, "stdout": said}
    call_command("add_issuer", "cn_oidc", url, "sme-hub", **more)
    issuer = Issuer.objects.get()
    assert (issuer.code, issuer.iss, issuer.client_id) == ("cn-oidc", address, "sme-hub")
    assert issuer.level_of("high") == "4" and address in said.getvalue()
    with pytest.raises(CommandError, match="already"):
        call_command("add_issuer", "cn_oidc", url, "sme-hub", code="twice")
    for nonsense in ({}, {"issuer": 7}, []):
        issuer_says.append(nonsense)
        with pytest.raises(CommandError, match="No issuer of identities answers"):
            call_command("add_issuer", "corppass_fapi", url, "sme-hub")
    with pytest.raises(CommandError):
        call_command("add_issuer", "corppass_fapi", url, "sme-hub", "--claim-map", "[1]")
    call_command("add_issuer", "corppass_fapi", url, "sme-hub", "--iss", "https://sg.example", stdout=said)
    assert Issuer.objects.count() == 2


def test_the_desk_calls_its_columns_in_both_languages() -> None:
    recognised.draft(recognised.issuer(), Purpose.ORDER)
    User.objects.filter(email="olive@programme.example").update(language="zh-hans")
    page = at_the_desk("olive").get(POLICIES).content.decode()
    for column in ("签发方", "用途", "适用法域", "认可等级", "效力", "生效日期"):
        assert column in page, column
