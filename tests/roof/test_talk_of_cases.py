"""Rooms of cases among a company's conversations: with their news, in the order of time, and no sign of the other side's."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from disputes.models import Message as RoomMessage
from disputes.queries import conversations_of, unread_conversations
from disputes.states import CaseState, Zone
from identity.actors import Member
from identity.models import Message
from identity.services import Words, ask
from identity.states import Role
from orders.models import Order
from sme_hub.matters import matter_of
from sme_hub.pages.talk_rows import all_rows, page_of
from tests import factories as people
from tests.disputes import factories as cases
from tests.disputes.factories import NOW, a_case, a_case_in, said
from tests.orders.factories import a_confirmed_order

pytestmark = pytest.mark.django_db


def listed(who: Member, **query: str) -> Any:
    """Their page, in English."""
    who.user.language = "en"
    who.user.save(update_fields=["language"])
    return people.sign_in(Client(), who).get(reverse("talk", args=[who.company.slug]), query)


def titles(who: Member, **query: str) -> list[tuple[str, bool]]:
    return [(row.title, row.is_unread) for row in listed(who, **query).context["rows"]]


def test_a_joint_room_stands_among_the_conversations_until_it_is_read() -> None:
    alice, bo = people.alice(), people.bo()
    case = a_case_in(CaseState.MEDIATING)
    assert titles(alice) == [], "nothing has been said"
    joint = f"{case.number} · Joint room"
    said(case, bo, Zone.JOINT, "When will you mend it?")
    later = NOW + timedelta(minutes=1)
    order = about_order(case.order, now=later).thread.title_en
    assert titles(alice) == [(order, True), (joint, True)]
    later += timedelta(minutes=1)
    said(case, bo, Zone.JOINT, "Still nothing?", now=later)
    page = listed(alice)
    [row, _thread] = page.context["rows"]
    assert (row.title, row.said, row.other, row.ours) == (joint, "Still nothing?", bo.company.name_en, False)
    assert page.context["unread"] == 2
    assert titles(alice, q=case.number) == titles(alice, q="still NOTH") == [(joint, True)]
    assert titles(alice, q="nowhere") == []
    assert titles(bo, show="unread") == [] and titles(bo)[0][1] is False, "one's own words are no news"
    address = row.url.partition("#")
    assert address[2] == "room-joint"
    opened = people.sign_in(Client(), alice).get(address[0]).content.decode()
    assert f'id="{address[2]}"' in opened
    assert titles(alice, show="unread") == [(order, True)]
    colleague = people.a_colleague(alice, Role.FINANCE)
    assert dict(titles(colleague))[joint], "who has not looked has not read it"
    file = b"".join(
        people.sign_in(Client(), alice)
        .get(reverse("talk_export", args=[alice.company.slug, "csv"]))
        .streaming_content  # type: ignore[attr-defined]  # as files are answered
    ).decode()
    name = f'"{bo.company.name_en}"'
    assert f"{joint},Case,{name},No,{name}" in file and "Still nothing?" in file


def test_of_a_private_room_the_other_side_sees_no_row_and_no_number() -> None:
    """Its own side sees that there is news, and reads the words in the room; people without cases see none of it."""
    alice, bo, mediator = people.alice(), people.bo(), cases.mediator()
    case = a_case_in(CaseState.MEDIATING)
    before = listed(alice).content
    said(case, mediator, Zone.CAUCUS_A, "zebra")
    said(case, bo, Zone.CAUCUS_A, "giraffe")
    said(case, mediator, Zone.MEDIATOR, "okapi")
    said(case, cases.manager(), Zone.ADMIN, "quagga")
    private = f"{case.number} · Private room of the claimant"
    [row] = listed(bo).context["rows"]
    assert (row.title, row.is_unread, row.ours, row.other) == (private, True, True, "the mediator")
    words = html.unescape(listed(bo).content.decode())
    assert "Said in confidence" in words and "giraffe" not in words
    assert titles(bo, q="giraffe") == [] and titles(bo, show="unread") == [(private, True)]
    for who in (alice, people.a_colleague(bo, Role.LOGISTICS), people.charlie()):
        page = listed(who)
        assert (page.context["rows"], page.context["unread"]) == ([], 0)
        assert case.number not in page.content.decode()
        assert conversations_of(who, words=case.number, size=5) == [] and unread_conversations(who) == 0
    assert _plain(listed(alice).content) == _plain(before), "not even a count"


def _plain(page: bytes) -> str:
    """Without what is another each time."""
    return re.sub(r'(nonce|value|content)="[^"]{16,}"|csrf[^ >]*', "", page.decode())


@pytest.mark.parametrize("size", [1, 2, 5])
def test_pages_of_threads_hold_the_rooms_that_lie_between(size: int) -> None:
    """Turning the pages shows every conversation once, by time. The file holds the same."""
    alice, bo = people.alice(), people.bo()
    expected = []
    for minute in range(6):
        at = NOW + timedelta(minutes=minute)
        if minute in (0, 3, 4):
            case = a_case(now=NOW)
            said(case, bo, Zone.JOINT, now=at)
            expected.append(f"{case.number} · Joint room")
        else:
            asked = about_order(a_confirmed_order(), now=at)
            expected.append(asked.thread.title_en)
    assert turned(alice, size) == [row.title for row in all_rows(alice)] == expected[::-1]
    assert page_of(alice, after="no-cursor", size=size) == page_of(alice, size=size)


def test_conversations_of_one_moment_are_each_shown_once() -> None:
    alice, bo = people.alice(), people.bo()
    for _each in range(3):
        said(a_case(now=NOW), bo, Zone.JOINT)
        about_order(a_confirmed_order())
    RoomMessage.objects.update(at=NOW)
    found = turned(alice, 1)
    assert len(set(found)) == 6 and found == turned(alice, 4) == [row.title for row in all_rows(alice)]


def turned(who: Member, size: int) -> list[str]:
    """Page by page."""
    rows, after = page_of(who, size=size)
    found = [row.title for row in rows]
    while after:
        rows, after = page_of(who, size=size, after=after)
        assert 0 < len(rows) <= size
        found += [row.title for row in rows]
    return found


def about_order(order: Order, words: str = "And the rest?", *, now: datetime = NOW) -> Message:
    bo = people.bo()
    return ask(actor=bo, matter=matter_of(bo, order.public_id), words=Words(body=words), now=now)
