"""What tests of signing in with an identity of a city ask again and again."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.test import Client

from identity.actors import Member
from identity.models import (
    EntityBinding,
    ExternalIdentity,
    Proof,
)
from kernel.models import Event
from tests.identity import cities


def connected(member: Member, code: str, person: str, company: str) -> Client:
    """The person, signed in, having connected the identity."""
    client = cities.signed_in(member)
    answer = client.get(cities.leaves(client, code, person, company))
    assert answer.status_code == 302, answer.content.decode()
    return client


def refused(answer: Any, why: str, status: int) -> None:
    """The page, and the audit."""
    event = Event.objects.filter(name="IssuerLoginRefused").order_by("id").last()
    assert (answer.status_code, event and event.payload["why"]) == (status, why)
    page = answer.content.decode()
    assert answer.context["refused"].code in page
    assert not any(number in page for number in cities.NRICS)


def nothing_was_made() -> None:
    assert not ExternalIdentity.objects.exists()
    assert not EntityBinding.objects.exists()
    assert not Proof.objects.exists()


def is_signed_in(client: Client) -> bool:
    return SESSION_KEY in client.session
