"""Everybody who may come to the doors of the world: a member in each role at both parties of the deal and at the bank,
who left, who oversees, and who settles quarrels.

A new role is a name here and a column or word in the tables of `test_roles.py`, `test_tokens.py` and `test_consoles.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from disputes.services import end_office
from identity import services as identity
from identity.actors import Member, Staff, staff_actor
from identity.models import ApiToken
from identity.services.people import appoint_operator
from identity.states import Purpose, Role
from tests import factories as people
from tests.disputes import factories as cases
from tests.financing.factories import a_banker
from tests.identity import recognised
from tests.roof.world import World, session_of, undone

OWNER, COLLEAGUES = Role.OWNER.value, tuple(role.value for role in Role if role != Role.OWNER)
#: the roles of members, as the tables write them
MEMBERS = (OWNER, *COLLEAGUES)
#: who acts for no company that has to do with the deal
OTHERS = (
    *("former", "clerk", "head", "operator"),
    *("mediator", "another mediator", "manager", "another manager", "desk", "retired mediator"),
)


@dataclass
class Crowd:
    world: World
    #: "alice seller": the member of Alice's company in that role; "bank owner"; "former"; "mediator"; …
    people: dict[str, Member | Staff]
    sessions: dict[str, str]
    #: "alice seller": of a program that carries a token of Alice's company with that role; "revoked"; …
    tokens: dict[str, str]

    def client(self, who: str) -> Client:
        """A browser in which that person has signed in; `anonymous` in which nobody has."""
        client = Client(raise_request_exception=False)
        if who != "anonymous":
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    def posted(self, who: str, address: str, sent: dict[str, Any] | None = None) -> Any:
        """The answer to a form of that person, which is undone."""
        with undone():
            return self.client(who).post(address, sent or {})

    def address(self, name: str, company: str = "alice", **other: str) -> str:
        """Of a page under the address of that company, with the ids of Alice's things."""
        acting = self.people.get(f"{company} owner") or self.people[company]
        assert isinstance(acting, Member)
        return self.world.address(name, **({"company": acting.company.slug} | other))

    def program(self, who: str) -> Client:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who != "anonymous" else {}
        return Client(raise_request_exception=False, headers=headers)


def a_crowd(world: World) -> Crowd:
    everybody: dict[str, Member | Staff] = {}
    for company, owner in (("alice", world.alice), ("bo", world.bo), ("bank", a_banker())):
        everybody[f"{company} owner"] = owner
        for role in COLLEAGUES:
            everybody[f"{company} {role}"] = people.a_colleague(owner, role)
    everybody |= {"charlie": world.charlie, "former": _former(world.alice), **_officers(), **an_office()}
    recognised.draft(recognised.issuer(), Purpose.ORDER)
    recognised.drafted_level("5")
    sessions = {name: session_of(person) for name, person in everybody.items()}
    return Crowd(world, everybody, sessions, _tokens(world))


def _former(owner: Member) -> Member:
    """Had every role but the owner's until a moment ago, and has a session still."""
    former = people.a_colleague(owner, *COLLEAGUES, email="former@tanjong-bolts.example")
    _leave(owner, former)
    return former


def _officers() -> dict[str, Staff]:
    now = timezone.now()
    clerk = identity.register_officer(
        email="clerk@programme.example", password=people.PASSWORD, name="Clement", now=now
    )
    operator = people.a_user("operator@programme.example", name="Otto")
    appoint_operator(user=operator)
    return {"clerk": staff_actor(clerk), "operator": staff_actor(operator), "head": people.officer()}


def an_office() -> dict[str, Staff]:
    """Of the world's case one mediator and one manager; their colleagues, who have nothing to do with it; the desk."""
    retired = cases.mediator("retired@office.example", "Rita Ex", "丽塔")
    end_office(official_id=cases.seat_of(retired).pk, now=timezone.now())
    return {
        "mediator": cases.mediator(),
        "manager": cases.manager(),
        "desk": cases.registrar(),
        "another mediator": cases.mediator("oskar@office.example", "Oskar Ho", "何"),
        "another manager": cases.manager("susan@office.example", "Susan Goh", "吴"),
        "retired mediator": retired,
    }


# --- programs --------------------------------------------------------------------------------------------------------


def _tokens(world: World) -> dict[str, str]:
    """One for each role at either party, and four that open nothing: for each a reason of its own."""
    owner = world.alice
    revoked = _token(owner, OWNER)
    identity.revoke_token(actor=owner, token=ApiToken.objects.latest("pk"), now=timezone.now())
    orphan = people.a_colleague(owner, Role.SELLER, email="orphan@tanjong-bolts.example")
    orphaned = _token(orphan, Role.SELLER)
    _leave(owner, orphan)
    demoted = people.a_colleague(owner, Role.SELLER, Role.LOGISTICS, email="demoted@tanjong-bolts.example")
    roleless = _token(demoted, Role.SELLER)
    membership = owner.company.memberships.get(user=demoted.user)
    identity.change_roles(actor=owner, membership=membership, roles=[Role.LOGISTICS], now=timezone.now())
    return {
        **{f"alice {role}": _token(world.alice, role) for role in MEMBERS},
        **{f"bo {role}": _token(world.bo, role) for role in MEMBERS},
        "revoked": revoked,
        "of who left": orphaned,
        "whose maker lost its role": roleless,
        "made up": "hub_nonsense",
    }


def _token(maker: Member, role: str) -> str:
    now = timezone.now()
    until = now + timedelta(days=9)
    _row, secret = identity.issue_token(actor=maker, name=role, roles=[Role(role)], expires_at=until, now=now)
    return secret


def _leave(owner: Member, member: Member) -> None:
    membership = owner.company.memberships.get(user=member.user)
    identity.end_membership(actor=owner, membership=membership, now=timezone.now())


def rows(table: str) -> dict[str, list[str]]:
    """A table as it is written below: a name, then columns with two blanks or more between them; `#` begins a remark."""
    lines = (line.partition("#")[0].strip() for line in table.splitlines())
    cells = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines if line]
    found = {row[0]: row[1:] for row in cells}
    assert len(found) == len(cells), "a name stands twice"
    return found


def roles_of(words: Any) -> set[str]:
    """“seller, logistics” with the owner, who includes all others; “all”; “nobody”; “–” where there is no such act."""
    if words == "all":
        return set(MEMBERS)
    return set() if words in ("–", "nobody") else {OWNER, *(word.strip() for word in words.split(","))}
