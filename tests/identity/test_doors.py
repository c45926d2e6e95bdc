"""Who has an account is told by no answer, and by no work that it takes: at each door an address that somebody has costs as
many hashed passwords, statements and letters as one that nobody has. Milliseconds are measured by `bin/bench --only doors`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from identity import services
from identity.connectors.issuers import VerifiedLogin
from identity.models import User
from identity.rules.consents import CONNECTING
from identity.services.linking import IdentityHeld, take_login
from identity.states import Role
from tests import factories
from tests.identity import recognised

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "alice@tanjong-bolts.example", "nobody@nowhere-at-all.example"
PASSWORD = "seven harbours at dusk"


@dataclass
class Work:
    hashed: int = 0
    letters: int = 0
    statements: list[str] = field(default_factory=list)


@pytest.fixture
def working(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Callable[[Callable[[], Any]], Work]]:
    """What an act costs: passwords hashed, letters sent, and the shapes of its statements."""
    settings.PREPARE_STATEMENTS = False  # what is prepared is named once, and not again
    hasher, hashed = get_hasher(), []
    encode = type(hasher).encode

    def counted(self: Any, *args: Any, **kwargs: Any) -> str:
        hashed.append(1)
        return str(encode(self, *args, **kwargs))

    monkeypatch.setattr(type(hasher), "encode", counted)

    def work(act: Callable[[], Any]) -> Work:
        hashed.clear()
        mail.outbox.clear()
        with CaptureQueriesContext(connection) as asked:
            act()
        return Work(len(hashed), len(mail.outbox), [_shape(query["sql"]) for query in asked])

    yield work


def _shape(sql: str) -> str:
    """Table and verb: values, and where they are looked for, are left out."""
    verb = sql.split()[0]
    tables = re.findall(r'(?:FROM|INTO|UPDATE|JOIN) "?([a-z_]+)"?', sql)
    return f"{verb} {' '.join(tables)}".strip()


DOORS = {
    "sign-in": ("account_login", {"login": "#", "password": "wrong entirely"}),
    "reset": ("account_reset_password", {"email": "#"}),
    "code": ("account_request_login_code", {"email": "#"}),
    "sign-up": (
        "account_signup",
        {"name": "Mei Lin", "email": "#", "password1": PASSWORD, "password2": PASSWORD},
    ),
}


#: what one address costs more than the other, by door: looks into an index for one row, and where an account is made, its rows,
#: within the one commit that there is either way
ONE_LOOK = ["DECLARE identity_user"]
MORE: dict[str, tuple[list[str], list[str]]] = {
    "sign-in": ([], ONE_LOOK),
    "reset": (["SELECT account_emailaddress"] * 2, ONE_LOOK),
    "code": ([], ONE_LOOK),
    "sign-up": (
        [],
        [
            "INSERT identity_user",
            "UPDATE identity_user",
            "INSERT account_emailaddress",
            *["SELECT account_emailaddress"] * 5,
            "SELECT identity_user",
            "SAVEPOINT",
            "RELEASE",
        ],
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_door_costs_as_much_for_an_address_that_nobody_has(door: str, working: Any) -> None:
    factories.alice()
    name, sent = DOORS[door]

    def knocks(email: str) -> Callable[[], Any]:
        filled = {key: email if value == "#" else value for key, value in sent.items()}
        return lambda: Client().post(reverse(name), filled)

    Client().get(reverse(name))  # what is read once
    known, unknown = working(knocks(KNOWN)), working(knocks(UNKNOWN))
    assert (known.hashed, known.letters) == (unknown.hashed, unknown.letters)
    of_known, of_unknown = Counter(known.statements), Counter(unknown.statements)
    assert (of_known - of_unknown, of_unknown - of_known) == tuple(map(Counter, MORE[door]))


def test_inviting_costs_as_much_whoever_reads_the_mail(working: Any) -> None:
    alice, bo = factories.alice(), factories.bo()

    def invites(email: str) -> Callable[[], Any]:
        return lambda: services.invite_member(
            actor=alice, email=email, roles=[Role.BUYER], now=timezone.now()
        )

    known, unknown = working(invites(bo.user.email)), working(invites(UNKNOWN))
    assert known == unknown and known.letters == 0, "its letter leaves later, from a worker"


def test_an_identity_that_somebody_holds_is_refused_alike_whoever_it_is(working: Any) -> None:
    sg, bo = recognised.issuer(), factories.bo()
    words, costs = set(), []
    holders = [factories.a_user(f"{name}@holder.example") for name in ("here", "gone")]
    User.objects.filter(pk=holders[1].pk).update(is_active=False)
    for holder in holders:
        recognised.identity(holder, sg, subject=f"of {holder.email}")

        def connects(subject: str = f"of {holder.email}") -> None:
            with pytest.raises(IdentityHeld) as refusal:
                take_login(
                    issuer=sg,
                    verified=_verified(subject),
                    user=bo.user,
                    agreed=CONNECTING.version,
                    now=timezone.now(),
                )
            words.add((refusal.value.code, refusal.value.why, str(refusal.value)))

        costs.append(working(connects))
    assert costs[0] == costs[1] and len(words) == 1


def _verified(subject: str) -> VerifiedLogin:
    return VerifiedLogin(
        issuer_code="sg",
        subject=subject,
        subject_kind="person",
        level_code=recognised.LOA2,
        acr=recognised.LOA2,
        auth_time=timezone.now(),
        amr=(),
        name="Somebody",
        entity=None,
        person_subject=subject,
        authorisations=(),
        assertion_digest="0" * 64,
        nonce="n",
    )
