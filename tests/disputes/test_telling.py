"""Who is told what of a case: that something waits, never what was said; the other side's rooms are not even hinted at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disputes import services
from disputes.models import Case, Instalment, Message
from disputes.rules import PARTY_ROLES
from disputes.rules.deadlines import morning_of
from disputes.states import CaseState, TermsState, Zone
from identity.models import Notice
from identity.models.notices import NoticeQuerySet
from identity.states import Role
from kernel.models import Delivery, Event
from kernel.services import drain
from tests import factories as people
from tests.disputes import factories as cases
from tests.disputes.factories import NOW, a_case_in, said

pytestmark = pytest.mark.django_db


def deliver() -> None:
    while drain("fast"):
        pass


def waiting(user) -> set[str]:
    return set(
        Notice.objects.filter(user=user, waits=True, settled_at=None, code__startswith="case.").values_list(
            "code", flat=True
        )
    )


def told(user) -> set[str]:
    return set(Notice.objects.filter(user=user, code__startswith="case.").values_list("code", flat=True))


class World:
    """Everybody who might hear of a case, and what they have heard. Letters leave as things happen."""

    def __init__(self) -> None:
        self.mediator, self.manager, self.registrar = cases.mediator(), cases.manager(), cases.registrar()
        self.other_mediator = cases.mediator("other@office.example", "Otto Other")
        self.other_manager = cases.manager("second@office.example", "Sam Second")
        self.alice, self.bo = people.alice(), people.bo()
        self.logistics = people.a_colleague(self.alice, Role.LOGISTICS)
        self.stranger, self.officer = people.charlie(), people.officer()
        self.everybody = {name: actor for name, actor in vars(self).items() if hasattr(actor, "user")}
        self.opened: set[tuple[int, str]] = set()
        deliver()
        Notice.objects.all().delete()
        Delivery.objects.update(done_at=timezone.now())

    def goes_on(self, clock: Callable[[], datetime] = timezone.now) -> dict[str, set[str]]:
        """Everything is delivered; for whom what waits now. What waits for somebody leads to a page that opens for them."""
        for lane in ("fast", "outside"):
            while drain(lane, clock=clock):
                pass
        found: dict[str, set[str]] = {}
        for name, line in self._lines(Notice.objects.waiting()):
            found.setdefault(name, set()).add(plain(line.code))
            if (line.user_id, line.path) not in self.opened:
                self.opened.add((line.user_id, line.path))
                link = reverse("notice", args=[line.public_id])
                answer = people.sign_in(Client(), self.everybody[name]).get(link, follow=True)
                assert answer.status_code == 200, (name, line.path)
        return found

    def heard(self) -> dict[str, set[str]]:
        """What each was told at all."""
        found: dict[str, set[str]] = {}
        for name, line in self._lines(Notice.objects.all()):
            found.setdefault(name, set()).add(plain(line.code))
        return found

    def _lines(self, lines: NoticeQuerySet) -> Iterator[tuple[str, Notice]]:
        names = {actor.user.pk: name for name, actor in self.everybody.items()}
        for line in lines.filter(code__startswith="case.").order_by("pk"):
            yield names[line.user_id], line


def plain(code: str) -> str:
    """Without the room, the side and the office: who is told says it."""
    return re.sub(r"_(claimant|respondent|manager|mediator)$", "", code.removeprefix("case."))


def for_both(*codes: str) -> dict[str, set[str]]:
    return {"alice": set(codes), "bo": set(codes)}


def test_everybody_is_told_when_it_is_their_turn_and_nobody_else(mailoutbox: list[Any]) -> None:
    """Bo claims, Alice answers; every step of the case says for whom it waits, and for whom no longer."""
    world = World()
    alice, bo = world.alice, world.bo
    case = cases.a_case()
    verbs = {"case": case.public_id, "now": NOW}
    assert world.goes_on() == {"alice": {"opened"}, "bo": {"to_negotiate"}}
    cases.requested(case)
    assert world.goes_on() == {"manager": {"to_serve"}, "other_manager": {"to_serve"}}
    cases.served(case)
    assert world.goes_on() == {"alice": {"to_answer"}}
    cases.answered(case)
    assert world.goes_on() == {"manager": {"to_nominate"}}
    cases.asked(case)
    assert world.goes_on() == {"mediator": {"to_disclose"}}
    cases.disclosed(case)
    assert world.goes_on() == for_both("mediator_to_accept")
    services.accept_mediator(actor=alice, **verbs)
    assert world.goes_on() == {"bo": {"mediator_to_accept"}}
    services.accept_mediator(actor=bo, **verbs)
    assert world.goes_on() == for_both("to_consent")
    cases.consented(case)
    in_mediation = {**for_both("began"), "mediator": {"to_mediate"}}
    assert world.goes_on() == in_mediation
    at_home = people.sign_in(Client(), bo).get(reverse("workspace", args=[bo.company.slug])).content.decode()
    assert f"案件 {case.number} 正在调解" in at_home
    desk = people.sign_in(Client(), world.mediator).get(reverse("mediation:index")).content.decode()
    assert case.number in desk
    services.ask_longer(actor=bo, **verbs)
    assert world.goes_on() == {**in_mediation, "alice": {"began", "longer_to_join"}}
    later = NOW + timedelta(days=3)
    services.ask_longer(actor=alice, case=case.public_id, now=later)
    assert world.goes_on(lambda: later) == in_mediation
    case.refresh_from_db()
    ends = Notice.objects.waiting().filter(about=case.uid).values_list("respond_by", flat=True)
    assert set(ends) == {case.respond_by}, "the lines say until when it is now"
    assert case.respond_by is not None
    half_way = timezone.now() + (case.respond_by - timezone.now()) * 0.55
    mailoutbox.clear()
    assert world.goes_on(lambda: half_way) == in_mediation
    reminders = {letter.to[0]: letter.subject for letter in mailoutbox}
    assert set(reminders) == {actor.user.email for actor in (alice, bo, world.mediator)}
    assert reminders[bo.user.email].startswith(f"提醒：案件 {case.number}")
    cases.drafted(case)
    assert world.goes_on() == {**for_both("terms_to_read"), "mediator": {"to_lock"}}
    cases.locked(case)
    assert world.goes_on() == for_both("to_sign")
    cases.signed(case)
    assert world.goes_on() == for_both("settled")
    cases.filed(case)
    # the desk of these tests is nobody: what it answers is taken below
    Delivery.objects.filter(handler__in=("disputes.file_with_scia", "disputes.ask_scia")).delete()
    assert world.goes_on() == {"registrar": {"to_award"}}
    cases.awarded(case)
    assert world.goes_on() == for_both("awarded")
    cases.performed(case)
    assert world.goes_on() == {"alice": {"to_pay"}}
    payment = Instalment.objects.get(terms__case=case, terms__state=TermsState.SIGNED)
    due = morning_of(payment.due_on) + timedelta(minutes=1)
    assert world.goes_on(lambda: due) == {"alice": {"to_pay"}, "bo": {"to_note"}}
    services.receive_instalment(
        actor=bo, case=case.public_id, number=1, received_on=payment.due_on, now=due + timedelta(hours=1)
    )
    assert world.goes_on(lambda: due + timedelta(hours=1)) == {}

    news = {"appointed", "signed", "being_performed", "payment", "done"}
    heard = world.heard()
    assert heard["manager"] == news | {"to_serve", "to_nominate", "passed_on", "award"}
    assert heard["mediator"] == news | {"to_disclose", "to_mediate", "to_lock"}, (
        "of the desk they hear nothing"
    )
    assert heard["alice"] >= {"filed", "performing", "due", "paid", "performed"}
    assert heard["bo"] >= {"answered", "filed", "performing", "performed"}
    assert set(heard) == {"alice", "bo", "manager", "other_manager", "mediator", "registrar"}
    given = Event.objects.filter(name="NoticeGiven", payload__remind_at__isnull=False)
    reminded = set(given.values_list("payload__code", "payload__told_event_id"))
    waited = set(Notice.objects.filter(waits=True, about=case.uid).values_list("code", "event_id"))
    assert waited - reminded == set(), "half way to the deadline, or some days later"


def test_everybody_hears_how_else_a_case_goes_on() -> None:
    """Settled between the two; a mediator who is replaced; a mediation that is left; a payment that does not come."""
    world = World()
    alice, bo = world.alice, world.bo
    talked = cases.a_case()
    services.say_settled(actor=alice, case=talked.public_id, now=NOW)
    assert world.goes_on() == {"bo": {"to_negotiate", "to_confirm_settled"}}
    services.say_settled(actor=bo, case=talked.public_id, now=NOW)
    assert world.goes_on() == {}
    assert {"settled_direct"} <= world.heard()["alice"] & world.heard()["bo"]

    left = a_case_in(CaseState.MEDIATING)
    services.replace_mediator(actor=world.manager, case=left.public_id, reason="Ill", now=NOW)
    assert world.goes_on() == {"manager": {"to_nominate"}}
    assert "let_go" in world.heard()["mediator"]
    cases.asked(left, whom=world.other_mediator)
    services.disclose(actor=world.other_mediator, case=left.public_id, disclosure="None.", now=NOW)
    cases.accepted(left)
    assert world.goes_on() == {**for_both("began"), "other_mediator": {"to_mediate"}}
    Notice.objects.filter(waits=False).delete()
    services.leave_mediation(actor=alice, case=left.public_id, now=NOW)
    assert world.goes_on() == {"bo": {"to_close"}}
    services.close_case(actor=bo, case=left.public_id, now=NOW)
    assert world.goes_on() == {}
    told = world.heard()
    assert all({"over", "closed"} <= told[name] for name in ("alice", "manager", "other_mediator"))
    assert "mediator" not in told, "who was replaced has no part in it any more"

    late = a_case_in(CaseState.PERFORMING, now=NOW - timedelta(days=60))
    assert world.goes_on() == for_both("late")
    assert "default" in world.heard()["manager"] & world.heard()["mediator"]
    services.receive_instalment(
        actor=bo, case=late.public_id, number=1, received_on=timezone.localdate(NOW), now=timezone.now()
    )
    assert world.goes_on() == {}


def test_both_hear_how_far_a_settlement_without_payments_is_done() -> None:
    """One counts as done, since nobody says otherwise; of another the claimant says that it was not, and both are asked."""
    world = World()
    alice, bo = world.alice, world.bo
    done, undone = (a_case_in(CaseState.PERFORMING, draft=cases.drafted_goods) for _two in range(2))
    Delivery.objects.filter(handler__in=("disputes.file_with_scia", "disputes.ask_scia")).delete()
    assert world.goes_on() == {"alice": {"to_report"}, "bo": {"to_confirm"}}
    services.report_performance(actor=alice, case=done.public_id, now=NOW)
    services.contest_performance(actor=bo, case=undone.public_id, now=NOW)
    assert world.goes_on() == {"alice": {"contested"}, "bo": {"contested", "to_contest"}}
    assert {"said_done", "said_undone"} <= world.heard()["manager"] & world.heard()["mediator"]
    done.refresh_from_db()
    by_then = done.respond_by + timedelta(seconds=1)
    assert world.goes_on(lambda: by_then) == for_both("contested")
    services.confirm_performance(actor=bo, case=undone.public_id, now=by_then)
    assert world.goes_on(lambda: by_then) == {}
    assert {"performed_by_time", "performed"} <= world.heard()["alice"] & world.heard()["bo"]


def test_a_request_that_nobody_takes_on_is_told_to_every_manager_until_one_does(
    mailoutbox: list[Any],
) -> None:
    """They are reminded at half time; then it goes out by itself, and waits for a manager until one has it."""
    world = World()
    case = a_case_in(CaseState.REQUESTED)
    managers = (world.manager.user.email, world.other_manager.user.email)
    both = {"manager": {"to_serve"}, "other_manager": {"to_serve"}}
    assert world.goes_on() == both
    mailoutbox.clear()
    half_way = NOW + (case.respond_by - NOW) * 0.55
    assert world.goes_on(lambda: half_way) == both
    assert sorted(letter.to[0] for letter in mailoutbox) == sorted(managers)
    late = case.respond_by + timedelta(seconds=1)
    assert world.goes_on(lambda: late) == {
        "alice": {"to_answer"},
        "manager": {"to_take"},
        "other_manager": {"to_take"},
    }
    cases.answered(case, now=late)
    assert world.goes_on(lambda: late) == {"manager": {"to_take"}, "other_manager": {"to_take"}}
    services.take_case(actor=world.other_manager, case=case.public_id, now=late)
    assert world.goes_on(lambda: late) == {"other_manager": {"to_nominate"}}
    case.refresh_from_db()
    over = case.respond_by + timedelta(seconds=1)
    assert world.goes_on(lambda: over) == {"bo": {"to_close"}}
    heard = world.heard()
    assert "over" in heard["alice"] & heard["other_manager"] and "over" not in heard["manager"]


def test_a_private_message_is_told_to_nobody_of_the_other_side() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, cases.mediator(), Zone.CAUCUS_A, "zebra")
    said(case, cases.mediator(), Zone.MEDIATOR, "zebra note")
    deliver()
    assert "case.message_claimant" in told(people.bo().user)
    assert "case.message_respondent" not in told(people.alice().user)
    assert not any("zebra" in str(params) for params in Notice.objects.values_list("params", flat=True))


def test_a_session_that_is_set_moved_and_called_off_is_told_each_time() -> None:
    case = a_case_in(CaseState.MEDIATING)
    values = {
        "actor": cases.mediator(),
        "case": case.public_id,
        "zone": Zone.CAUCUS_A,
        "mode": "online",
        "starts_at": NOW + timedelta(days=2),
        "minutes": 60,
        "place": "Room 3",
        "now": NOW,
    }
    meeting = services.set_session(**values)
    services.set_session(**values | {"session": meeting.public_id, "starts_at": NOW + timedelta(days=3)})
    services.cancel_session(actor=cases.mediator(), case=case.public_id, session=meeting.public_id, now=NOW)
    deliver()
    codes = {"case.session_claimant", "case.session_moved_claimant", "case.session_off_claimant"}
    assert codes <= told(people.bo().user)
    assert not any("session" in code for code in told(people.alice().user)), "a private one"


def test_the_claimant_is_asked_to_close_what_brought_no_settlement() -> None:
    case = a_case_in(CaseState.AWAITING_ANSWER)
    deliver()
    cases.answered(case, takes_part=False)
    deliver()
    assert waiting(people.bo().user) == {"case.to_close"}
    services.close_case(actor=people.bo(), case=case.public_id, now=NOW)
    deliver()
    assert waiting(people.bo().user) == set()
    assert "case.closed_respondent" in told(people.alice().user)


def test_the_mediator_hears_that_somebody_wrote() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.alice(), Zone.CAUCUS_B, "zebra")
    deliver()
    assert "case.message_mediator" in told(cases.mediator().user)
    assert "case.message_mediator" not in told(cases.manager().user)


def test_who_is_only_asked_to_mediate_hears_nothing_of_the_rooms() -> None:
    case = a_case_in(CaseState.CONFLICT_CHECK)
    said(case, people.alice(), Zone.JOINT, "zebra")
    deliver()
    assert "case.message_claimant" in told(people.bo().user)
    assert told(cases.mediator().user) == {"case.to_disclose"}


def test_nobody_is_told_of_their_own_companys_message() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.bo(), Zone.JOINT)
    deliver()
    assert "case.message_claimant" not in told(people.bo().user)
    assert "case.message_respondent" in told(people.alice().user)


def test_words_wait_until_their_room_is_read_and_no_other() -> None:
    """Of two people of the company, for each; an answer ends it for both. What a mediator wrote waits for no mediator."""
    mediator = cases.mediator()
    bo, colleague = (people.a_colleague(people.bo(), role) for role in PARTY_ROLES[:2])
    case = a_case_in(CaseState.MEDIATING)
    deliver()
    Notice.objects.all().delete()
    for zone in (Zone.JOINT, Zone.CAUCUS_A):
        said(case, mediator, zone)
    deliver()
    message = "case.message_claimant"
    assert rooms_waiting(bo) == rooms_waiting(colleague) == [message] * 2
    assert rooms_waiting(mediator) == []
    read(bo, case, Zone.JOINT)
    assert (rooms_waiting(bo), rooms_waiting(colleague)) == ([message], [message] * 2)
    said(case, bo, Zone.CAUCUS_A, "Yes.")
    deliver()
    assert (rooms_waiting(bo), rooms_waiting(colleague)) == ([], [message])
    assert rooms_waiting(mediator) == ["case.message_mediator"]
    read(mediator, case, Zone.CAUCUS_A)
    assert rooms_waiting(mediator) == []


def test_whoever_read_before_they_were_told_is_not_waited_for(mailoutbox: list[Any]) -> None:
    bo, alice = people.bo(), people.alice()
    case = a_case_in(CaseState.MEDIATING)
    said(case, alice, Zone.JOINT)
    read(bo, case, Zone.JOINT)
    deliver()
    assert "case.message_claimant" in told(bo.user) and rooms_waiting(bo) == []
    said(case, alice, Zone.JOINT, "And now?")
    deliver()
    assert rooms_waiting(bo) == ["case.message_claimant"]


def test_a_mediator_who_is_replaced_is_waited_for_in_no_room() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.alice(), Zone.CAUCUS_B)
    deliver()
    assert rooms_waiting(cases.mediator()) == ["case.message_mediator"]
    services.replace_mediator(actor=cases.manager(), case=case.public_id, reason="Ill", now=NOW)
    deliver()
    assert rooms_waiting(cases.mediator()) == []


def rooms_waiting(who: Any) -> list[str]:
    lines = Notice.objects.waiting().filter(user=who.user, code__startswith="case.message_")
    return list(lines.order_by("pk").values_list("code", flat=True))


def read(who: Any, case: Case, zone: Zone) -> None:
    last = Message.objects.filter(case=case, zone=zone).latest("pk").pk
    services.mark_read(actor=who, case=case.public_id, read_to={zone.value: last}, now=NOW)
