"""A person's inbox: told once, read, put back, settled, reminded, mailed as they wish; nothing of companies they left."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity import services
from identity.models import Notice
from identity.queries import inbox_of, unread_count
from identity.services import Wish, settle_notices, tell
from identity.states import NoticeMail, Role
from kernel.models import Delivery
from kernel.services import drain
from tests import factories as people

pytestmark = pytest.mark.django_db
CODE = "order.to_answer"


def told(of: Any = None, *, about: uuid.UUID | None = None, event_id: int = 1, **changes: Any) -> int:
    """Alice's sellers are told that Bo ordered."""
    of = of or people.alice()
    _forget_what_making_people_led_to()
    now = timezone.now()
    given: dict[str, Any] = {
        "company_id": of.company_id,
        "roles": [Role.SELLER],
        "code": CODE,
        "params": {
            "party": {"en": "Nanshan Machinery", "zh": "南山机械"},
            "total": "S$100.00",
            "order": "SH-1",
        },
        "path": reverse("orders", args=[of.company.slug]),
        "about": about or uuid.uuid4(),
        "event_id": event_id,
        "at": now,
        "now": now,
        "waits": True,
    }
    return tell(**{**given, **changes})


def _forget_what_making_people_led_to() -> None:
    Delivery.objects.exclude(handler__in=("identity.mail_notice", "identity.remind")).delete()


def drained(**passed: Any) -> None:
    """All lanes, as late as `passed`."""
    late = timezone.now() + timedelta(**passed)
    while sum(drain(lane, clock=lambda: late) for lane in ("fast", "outside")):
        pass


def line_of(person: Any) -> Notice:
    return Notice.objects.get(user=person.user)


# --- who is told ---------------------------------------------------------------------------------------------------


def test_those_in_the_role_are_told_and_nobody_else() -> None:
    alice = people.alice()
    seller = people.a_colleague(alice, Role.SELLER)
    people.a_colleague(alice, Role.FINANCE)
    assert told() == 1
    assert line_of(seller).company_id == alice.company_id


def test_owners_are_told_where_nobody_has_the_role() -> None:
    assert told() == 1
    assert line_of(people.alice()).code == CODE


def test_told_twice_it_stands_there_once() -> None:
    about = uuid.uuid4()
    assert [told(about=about), told(about=about)] == [1, 0]
    assert told(about=about, event_id=2) == 0, "the same wait lasts"
    assert Notice.objects.count() == 1


def test_it_is_told_again_once_the_wait_was_over() -> None:
    about = uuid.uuid4()
    told(about=about)
    settle_notices(about=about, now=timezone.now())
    assert told(about=about, event_id=2) == 1


def test_who_did_it_finds_the_line_read_and_gets_no_mail() -> None:
    told(by=people.alice().key)
    drained()
    assert unread_count(people.alice().user, timezone.now()) == 0
    assert mail.outbox == []


def test_telling_costs_two_statements(django_assert_num_queries: Any) -> None:
    """People, preferences and lines in one; the event that mails hang on in the other."""
    alice = people.alice()
    people.a_colleague(alice, Role.SELLER)
    with django_assert_num_queries(2 + 1):  # one forgets, in `told`
        told(alice)


# --- who sees it ---------------------------------------------------------------------------------------------------


def test_whoever_left_the_company_sees_nothing_not_even_a_number(client: Client) -> None:
    alice = people.alice()
    seller = people.a_colleague(alice, Role.SELLER)
    told()
    line = line_of(seller)
    people.sign_in(client, seller)
    assert unread_count(seller.user, timezone.now()) == 1
    services.end_membership(actor=alice, membership=_membership(seller), now=timezone.now())
    assert unread_count(seller.user, timezone.now()) == 0
    assert inbox_of(seller.user, now=timezone.now()).notices == []
    assert client.get(reverse("inbox_bell")).content.strip() == b""
    assert client.get(reverse("notice", args=[line.public_id])).status_code == 404
    assert client.post(reverse("notice_mark", args=[line.public_id]), {"unread": 1}).status_code == 404
    drained()
    assert mail.outbox == [], "the mail waited, and they have left"


def test_a_strangers_line_is_not_found(client: Client) -> None:
    told()
    people.sign_in(client, people.charlie())
    line = line_of(people.alice())
    assert client.get(reverse("notice", args=[line.public_id])).status_code == 404
    line.refresh_from_db()
    assert line.read_at is None


def test_officers_lines_end_with_their_office() -> None:
    officer = people.officer()
    told(company_id=None, users=[officer.user_id], for_staff=True)
    assert unread_count(officer.user, timezone.now()) == 1
    officer.user.is_staff = False
    assert unread_count(officer.user, timezone.now()) == 0
    assert inbox_of(officer.user, now=timezone.now()).notices == []


# --- reading -------------------------------------------------------------------------------------------------------


def test_the_link_marks_as_read_and_leads_there(client: Client) -> None:
    told()
    line = line_of(people.alice())
    answer = people.sign_in(client, people.alice()).get(reverse("notice", args=[line.public_id]))
    assert answer.url == line.path
    line.refresh_from_db()
    assert line.read_at is not None
    assert unread_count(people.alice().user, timezone.now()) == 0


def test_the_link_asks_for_sign_in_first(client: Client) -> None:
    told()
    link = reverse("notice", args=[line_of(people.alice()).public_id])
    answer = client.get(link)
    assert answer.status_code == 302
    assert link in answer.url


def test_a_line_is_put_back_and_read_again(client: Client) -> None:
    told()
    people.sign_in(client, people.alice())
    mark = reverse("notice_mark", args=[line_of(people.alice()).public_id])
    for sent, count in (({"read": 1}, 0), ({"unread": 1}, 1)):
        client.post(mark, sent)
        assert unread_count(people.alice().user, timezone.now()) == count


def test_marking_all_can_be_undone(client: Client) -> None:
    alice = people.alice()
    for number in range(3):
        told(event_id=number)
    people.sign_in(client, alice)
    services.read_notice(user=alice.user, notice=_newest(alice).public_id, now=timezone.now())
    shown = client.post(reverse("inbox_read_all"), follow=True)
    assert unread_count(alice.user, timezone.now()) == 0
    client.post(reverse("inbox_undo"), {"read": shown.context["read_at"].isoformat()})
    assert unread_count(alice.user, timezone.now()) == 2, "the one read before stays read"


def test_pages_go_by_key_and_may_show_the_unread_only() -> None:
    alice, now = people.alice(), timezone.now()
    for number in range(5):
        told(event_id=number)
    services.read_notice(user=alice.user, notice=_newest(alice).public_id, now=now)
    first = inbox_of(alice.user, now=now, size=3)
    second = inbox_of(alice.user, now=now, size=3, after=first.after)
    assert [line.event_id for line in first.notices + second.notices] == [4, 3, 2, 1, 0]
    assert second.after == ""
    assert [line.event_id for line in inbox_of(alice.user, now=now, unread=True).notices] == [3, 2, 1, 0]


@pytest.mark.parametrize("many", [1, 12])
def test_the_page_costs_the_same_however_long_it_is(
    client: Client, django_assert_num_queries: Any, many: int
) -> None:
    alice = people.alice()
    for number in range(many):
        told(event_id=number)
    people.sign_in(client, alice)
    client.get(reverse("inbox"))
    with django_assert_num_queries(
        2 + 3
    ):  # the session and the person; lines, their number, the frame's company
        client.get(reverse("inbox"))
    with django_assert_num_queries(2 + 1):
        client.get(reverse("inbox_bell"))


def test_the_bell_answers_304_while_nothing_changes(client: Client) -> None:
    told()
    people.sign_in(client, people.alice())
    first = client.get(reverse("inbox_bell"))
    assert b"1 unread" in first.content
    again = client.get(reverse("inbox_bell"), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    told(event_id=2)
    assert client.get(reverse("inbox_bell"), headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_each_reads_in_their_own_language(client: Client) -> None:
    told()
    alice = people.sign_in(client, people.alice())
    assert "Nanshan Machinery ordered for S$100.00" in alice.get(reverse("inbox")).content.decode()
    services.choose_language(user=people.alice().user, language="zh-hans")
    assert "南山机械 下单 S$100.00" in alice.get(reverse("inbox")).content.decode()


def test_words_from_elsewhere_are_shown_as_words(client: Client) -> None:
    told(params={"party": "<script>alert(1)</script>", "total": "1", "order": "2"})
    html = people.sign_in(client, people.alice()).get(reverse("inbox")).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


# --- what waits ----------------------------------------------------------------------------------------------------


def test_what_is_settled_waits_no_longer_and_counts_as_read() -> None:
    about = uuid.uuid4()
    told(about=about)
    told(event_id=2)
    assert settle_notices(about=about, code=CODE, now=timezone.now()) == 1
    assert settle_notices(about=about, code=CODE, now=timezone.now()) == 0
    assert unread_count(people.alice().user, timezone.now()) == 1
    settled = Notice.objects.get(about=about)
    assert not settled.is_waiting


def test_it_is_said_once_more_at_half_time() -> None:
    alice, now = people.alice(), timezone.now()
    told(respond_by=now + timedelta(hours=72))
    drained(hours=1)
    services.read_notice(user=alice.user, notice=_newest(alice).public_id, now=now)
    assert len(mail.outbox) == 1
    drained(hours=35)
    assert len(mail.outbox) == 1
    drained(hours=37)
    assert mail.outbox[1].subject.startswith("Reminder: Nanshan Machinery ordered")
    assert unread_count(alice.user, now) == 1, "the bell counts it again"


def test_nobody_is_reminded_of_what_is_done() -> None:
    about, now = uuid.uuid4(), timezone.now()
    told(about=about, respond_by=now + timedelta(hours=72))
    drained(hours=1)
    settle_notices(about=about, now=now)
    drained(hours=37)
    assert len(mail.outbox) == 1


# --- by mail -------------------------------------------------------------------------------------------------------


def test_a_mail_leaves_once_with_a_link_in_the_readers_language() -> None:
    bo = people.bo()
    told(bo, roles=[Role.BUYER])
    drained()
    drained()
    [letter] = mail.outbox
    assert letter.to == [bo.user.email]
    assert letter.subject == "南山机械 下单 S$100.00，请接受或拒绝订单 SH-1"
    assert reverse("notice", args=[line_of(bo).public_id]) in letter.body
    assert reverse("inbox_preferences") in letter.body


def test_whoever_has_read_it_meanwhile_gets_no_mail() -> None:
    told()
    services.read_notice(
        user=people.alice().user, notice=_newest(people.alice()).public_id, now=timezone.now()
    )
    drained()
    assert mail.outbox == []


def test_what_is_long_past_is_not_mailed() -> None:
    told(at=timezone.now() - timedelta(days=30))
    drained()
    assert mail.outbox == []
    assert unread_count(people.alice().user, timezone.now()) == 1


def wish(mail: str = NoticeMail.NOW, *, informs: bool = True) -> None:
    services.choose_how_told(user=people.alice().user, wishes={"orders": Wish(mail=mail, informs=informs)})


def test_whoever_wants_no_mail_gets_none_but_the_line() -> None:
    people.alice()
    wish(NoticeMail.NEVER)
    told(respond_by=timezone.now() + timedelta(hours=72))
    drained(hours=40)
    assert mail.outbox == []
    assert unread_count(people.alice().user, timezone.now()) == 1


def test_what_was_chosen_since_holds_for_every_mail_to_come() -> None:
    people.alice()
    told(respond_by=timezone.now() + timedelta(hours=72))
    drained(hours=1)
    told(event_id=2)
    wish(NoticeMail.DAILY)
    drained(hours=1)
    assert len(mail.outbox) == 1, "the second is left to the digest"
    services.send_digests(now=timezone.now())
    assert len(mail.outbox) == 2
    told(event_id=3)
    wish(NoticeMail.NEVER)
    drained(hours=40)
    services.send_digests(now=timezone.now())
    assert len(mail.outbox) == 2, "neither a reminder nor a digest"


def test_what_waits_cannot_be_switched_off_and_what_informs_can() -> None:
    people.alice()
    wish(informs=False)
    assert told(waits=True) == 1
    assert told(event_id=2, waits=False, code="order.cancelled") == 0


def test_once_a_day_all_together() -> None:
    people.alice()
    wish(NoticeMail.DAILY)
    for number in range(3):
        told(event_id=number)
    drained()
    assert mail.outbox == []
    for _ in range(2):
        services.send_digests(now=timezone.now())
    [letter] = mail.outbox
    assert letter.body.count("Nanshan Machinery ordered") == 3


def test_preferences_are_kept(client: Client) -> None:
    alice = people.alice()
    people.sign_in(client, alice)
    page = reverse("inbox_preferences")
    groups = ("orders", "papers", "goods", "talk", "money", "cases", "company", "account")
    assert client.get(page).status_code == 200
    client.post(page, {f"{group}-mail": "daily" for group in groups})
    chosen = services.inbox.NoticePreference.objects.filter(user=alice.user)
    assert set(chosen.values_list("mail", "informs")) == {("daily", False)}
    refused = client.post(page, {f"{group}-mail": "hourly" for group in groups})
    assert refused.status_code == 200
    assert not chosen.exclude(mail="daily").exists()


def _newest(of: Any) -> Notice:
    return Notice.objects.filter(user=of.user).latest("pk")


def _membership(of: Any) -> Any:
    return of.company.memberships.get(pk=of.membership_id)
