"""What is told of a person to another company, to programs and to banks: never what an issuer calls them, and no number or
name of ours by which two who were told could find that they speak of the same person.

Nobody is sent an id of a person at all. If somebody ever is, it is one for each of them (`kernel.fingerprints`, keyed for
the purpose and the company that is told).
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from urllib3.connectionpool import HTTPConnectionPool

from documents.models import PaperVersion
from financing.models import OfferRequest
from identity import services
from identity.actors import Member
from identity.models import ExternalIdentity
from identity.states import Role
from orders.models import Order
from tests import factories
from tests.financing.bank import running
from tests.financing.factories import a_bank, accepted, an_offer
from tests.identity import recognised
from tests.identity.test_linking import agreed, both_shown
from tests.roof.world import deliver

pytestmark = pytest.mark.django_db

FEEDS = ("api_orders", "api_events", "api_papers", "api_threads", "api_products", "api_offers")


def names_of(person: Member) -> set[str]:
    """By all that they are known by here, and by what their issuers call them."""
    rows = [
        person.user,
        *ExternalIdentity.objects.filter(user=person.user),
        *person.user.identity_links.all(),
    ]
    names = {name for row in rows for name in (row.public_id, str(row.uid), row.uid.hex)}
    for identity in ExternalIdentity.objects.filter(user=person.user):
        names |= {
            identity.subject_hash,
            identity.assertion_digest,
            f"{person.user.pk} at {identity.issuer.code}",
        }
    return names


def read_by(person: Member) -> Iterator[str]:
    """All lists and records of the API, as a program of theirs reads them."""
    ends, now = timezone.now() + timedelta(days=9), timezone.now()
    _token, secret = services.issue_token(
        actor=person, name="ERP", roles=[Role.OWNER], expires_at=ends, now=now
    )
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    addresses = [reverse(feed) for feed in FEEDS]
    addresses += [reverse("api_order", args=[order.public_id]) for order in Order.objects.all()]
    for address in addresses:
        answer = program.get(address)
        assert answer.status_code == 200, address
        yield answer.content.decode()


def opened(text: str) -> str:
    """`text`, with what is said inside of signed messages."""
    parts = re.findall(r"[\w-]{20,}", text)
    inside = [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in parts if len(part) % 4 != 1]
    return "\n".join([text, *(each.decode(errors="replace") for each in inside)])


def test_no_id_of_a_person_goes_to_another_company_or_to_a_bank(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bo = factories.alice(), factories.bo()
    agreed(both_shown(alice.user))
    recognised.identity(bo.user, recognised.issuer("cn"))
    sent: list[str] = []
    ask = HTTPConnectionPool.urlopen

    def asked(self: Any, method: str, url: str, body: Any = None, headers: Any = None, **more: Any) -> Any:
        said = body.decode() if isinstance(body, bytes) else str(body)
        sent.append(f"{method} {url} {dict(headers or {})} {said}")
        return ask(self, method, url, body=body, headers=headers, **more)

    monkeypatch.setattr(HTTPConnectionPool, "urlopen", asked)
    with running(tmp_path):
        a_bank()
        offer = accepted(an_offer())
    deliver()
    told_banks = opened("\n".join(sent))
    papers = "\n".join(json.dumps(data) for data in PaperVersion.objects.values_list("data", flat=True))
    evidence = "\n".join(
        f"{asked.evidence} {opened(asked.evidence_jws)}" for asked in OfferRequest.objects.all()
    )
    programs = "\n".join(text for person in (alice, bo) for text in read_by(person))
    assert offer.quote_ref in told_banks and offer.order.public_id in programs, (
        "the search finds what is there"
    )
    assert offer.order.reference in papers
    names = names_of(alice) | names_of(bo)
    assert len(names) > 15
    for told in (told_banks, papers, evidence, programs):
        assert {name for name in names if name in told} == set()
