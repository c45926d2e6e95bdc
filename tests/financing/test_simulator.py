"""The simulated bank is strict: it checks every signature, forgets no key, and says that it is no bank."""

from __future__ import annotations

import time
import urllib.error
import urllib.request

import pytest
from django.utils import timezone

from financing.connectors.bank import BankRefused, connection_to, signed_pack
from financing.connectors.bank import client as wire
from tests.financing.factories import an_offer

pytestmark = pytest.mark.django_db


def raw(bank, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(bank.url + path, body, headers)
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_its_page_says_what_it_is(bank):
    status, page = raw(bank, "/")
    assert status == 200
    assert "Simulator · 模拟系统" in page


def test_nothing_is_done_for_who_does_not_sign(bank):
    for path in ("/v1/quotes", "/v1/quotes/q-1/accept", "/v1/facilities/f-1/disburse"):
        assert raw(bank, path, b"{}", **{"Idempotency-Key": "k"})[0] == 401
    assert raw(bank, "/v1/offers/fof_1")[0] == 401
    assert bank.books["quotes"] == 0


def test_a_request_is_heard_once(bank, monkeypatch):
    """The same signed request, sent again by somebody who saw it."""
    seen = []
    send = wire._send
    monkeypatch.setattr(wire, "_send", lambda *asked: seen.append(asked) or send(*asked))
    connection = connection_to(bank.code)
    connection.capabilities()
    monkeypatch.setattr(wire, "_send", send)
    assert wire._send(*seen[0])[0] == 401


def test_a_signature_counts_for_its_own_path_only(bank, monkeypatch):
    seen = []
    send = wire._send
    monkeypatch.setattr(wire, "_send", lambda *asked: seen.append(asked) or (500, b"{}", ""))
    with pytest.raises(wire.BankUnclear):
        wire.Connection(bank.code, bank.url, "x").status(offer="fof_1")
    method, _url, content, headers, seconds = seen[0]
    assert send(method, bank.url + "/v1/offers/fof_2", content, headers, seconds)[0] == 401


def test_evidence_that_the_hub_did_not_sign_brings_no_offer(bank):
    connection = connection_to(bank.code)
    pack = signed_pack(b'{"invoice": {}}')
    tampered = pack[:-6] + ("AAAAAA" if not pack.endswith("AAAAAA") else "BBBBBB")
    for evidence, code in (
        (tampered, "evidence_not_signed"),
        (pack, "evidence_malformed"),
        ("", "evidence_not_signed"),
    ):
        with pytest.raises(BankRefused) as refused:
            connection.quote(request="r-1", evidence=evidence)
        assert refused.value.code == code


def test_another_body_under_a_key_is_refused(bank):
    offer = an_offer()
    connection = connection_to(bank.code)
    said = {"quote": offer.quote_ref, "offer": offer.public_id, "digest": offer.request.digest, "payee": {}}
    first = connection.accept(**said, verdict="clear")
    assert connection.accept(**said, verdict="clear") == first
    with pytest.raises(BankRefused, match="idempotency_key_reused"):
        connection.accept(**said, verdict="suspect")


def test_an_offer_that_has_run_out_is_not_accepted(bank):
    bank.behaves(stands_for=5)
    offer = an_offer()
    time.sleep(max((offer.expires_at - timezone.now()).total_seconds(), 0) + 0.1)
    with pytest.raises(BankRefused, match="offer_expired"):
        connection_to(bank.code).accept(
            quote=offer.quote_ref,
            offer=offer.public_id,
            digest=offer.request.digest,
            verdict="clear",
            payee={},
        )


def test_its_control_is_closed_without_the_token(bank):
    assert raw(bank, "/control/books")[0] == 404
    assert raw(bank, "/control/profile", b"{}", Authorization="Bearer guess")[0] == 404


def test_money_is_not_paid_out_before_it_is_reserved(bank):
    bank.behaves(reviews_all=True)
    offer = an_offer()
    connection = connection_to(bank.code)
    standing = connection.accept(
        quote=offer.quote_ref, offer=offer.public_id, digest=offer.request.digest, verdict="clear", payee={}
    )
    with pytest.raises(BankRefused, match="not_in_this_state"):
        connection.instruct(facility=standing.facility, offer=offer.public_id, ask="disburse")
