"""The parties' pages: what each side sees and sends, and what a stranger does not."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from disputes import services
from disputes.models import Case, CaseFile, Message, ReadMark
from disputes.queries import rooms
from disputes.rules.consents import CODES, text_hash
from disputes.services import talking
from disputes.services.talking import MOST_A_MINUTE
from disputes.states import CaseState, Zone
from identity import services as identity
from kernel.models.events import EventQuerySet
from tests import factories as people
from tests.disputes import factories as cases
from tests.disputes.factories import NOW, STEPS, a_case, a_case_in, said
from tests.disputes.test_zones import PDF
from tests.orders.factories import a_confirmed_order

pytestmark = pytest.mark.django_db


def at(name: str, of, *args: str) -> str:
    return reverse(name, args=[of.company.slug, *args])


def client_of(actor) -> Client:
    return people.sign_in(Client(), actor)


def page(actor, case: Case, language: str = "en") -> str:
    client = client_of(actor)
    client.cookies["language"] = language
    answer = client.get(at("case", actor, case.public_id))
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def act(actor, case: Case, name: str, **data):
    client = people.show_again(client_of(actor))
    return client.post(at("case_act", actor, case.public_id, name), data)


@pytest.mark.parametrize("state", [CaseState.NEGOTIATING, *(state for state, _step in STEPS)])
def test_the_page_stands_in_every_state_for_both_sides(state: str) -> None:
    case = a_case_in(state)
    for actor in (people.alice(), people.bo()):
        assert case.number in page(actor, case)
        assert case.number in client_of(actor).get(at("cases", actor)).content.decode()


def test_a_case_is_opened_from_the_order() -> None:
    order, bo = a_confirmed_order(), people.bo()
    client = client_of(bo)
    address = at("case_new", bo, order.public_id)
    form = client.get(address)
    assert form.status_code == 200
    values = {
        "kind": "quality",
        "amount": "50.00",
        "remedy": "refund",
        "statement": "The thread is wrong.",
        "key": form.context["form"].initial["key"],
        "files": io.BytesIO(PDF),
    }
    values["files"].name = "photo.pdf"
    answer = client.post(address, values)
    case = Case.objects.get()
    assert answer.headers["Location"] == at("case", bo, case.public_id)
    assert CaseFile.objects.get().zone == Zone.OPEN
    alice = people.alice()
    shown = client_of(alice).get(at("order", alice, order.public_id)).content.decode()
    assert "Payment is held" in shown
    assert at("case", alice, case.public_id) in shown
    again = client.post(address, values | {"key": "another", "files": ""})
    assert again.status_code == 409
    assert Case.objects.count() == 1


def test_what_was_typed_is_not_lost() -> None:
    order, bo = a_confirmed_order(), people.bo()
    answer = client_of(bo).post(
        at("case_new", bo, order.public_id),
        {"kind": "quality", "amount": "9999", "remedy": "refund", "statement": "A long story.", "key": "k"},
    )
    assert answer.status_code == 422
    assert "A long story." in answer.content.decode()
    assert not Case.objects.exists()


def test_the_other_party_answers_in_two_minutes() -> None:
    case = a_case_in(CaseState.AWAITING_ANSWER)
    answer = act(people.alice(), case, "answer", takes_part="yes", answer="To the drawing.")
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == CaseState.NOMINATING


def test_a_late_answer_is_refused_and_kept_on_the_page() -> None:
    case = a_case_in(CaseState.AWAITING_ANSWER, now=NOW - timedelta(days=40))
    answer = act(people.alice(), case, "answer", takes_part="yes", answer="Too late, but typed.")
    assert answer.status_code == 409
    assert "The time for this has passed" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == CaseState.AWAITING_ANSWER


def test_consent_and_signature_by_form(scia_desk) -> None:
    case = a_case_in(CaseState.CONSENT_PENDING)
    ticks = dict.fromkeys(CODES, "on")
    for actor in (people.alice(), people.bo()):
        answer = act(actor, case, "consent", text_seen=text_hash(), **ticks)
        assert answer.status_code == 302, answer.content
    case.refresh_from_db()
    assert case.state == CaseState.MEDIATING
    missing = a_case_in(CaseState.CONSENT_PENDING, a_confirmed_order())
    answer = act(people.bo(), missing, "consent", text_seen=text_hash(), mediation="on")
    assert answer.status_code == 422


def test_signing_asks_once_more_who_one_is_and_goes_on_from_there() -> None:
    case = a_case_in(CaseState.SIGNING)
    bo = people.bo()
    client = client_of(bo)
    address = at("case_act", bo, case.public_id, "sign")
    values = {"name": "Bo Wen", "text_seen": case.terms.get(state="locked").text_hash}
    asked = client.post(address, values)
    assert asked.status_code == 302 and "/accounts/reauthenticate/" in asked["Location"]
    terms = case.terms.get(state="locked")
    assert not terms.signatures.exists()
    wrong = client.post(asked["Location"], {"password": "not it"})
    assert wrong.status_code == 200 and not terms.signatures.exists()
    client.post(asked["Location"], {"password": people.PASSWORD}, follow=True)
    assert [each.name for each in terms.signatures.all()] == ["Bo Wen"], "what was typed was not lost"
    charlie = people.charlie()
    assert client_of(charlie).post(at("case_act", charlie, case.public_id, "sign"), values).status_code == 404


def test_a_case_without_a_settlement_shows_both_sides_the_way_that_is_open() -> None:
    case = a_case_in(CaseState.MEDIATING)
    alice, bo = people.alice(), people.bo()
    record = [at("case_record", actor, case.public_id) for actor in (alice, bo)]
    assert {client_of(alice).get(record[0]).status_code} == {404}
    services.leave_mediation(actor=alice, case=case.public_id, now=timezone.now())
    said_to = {
        alice: ("Either side may file there itself", "at the latest; then it is free again by itself"),
        bo: ("任何一方均可自行向其提出申请", "届时自动恢复"),
    }
    for (actor, words), address in zip(said_to.items(), record, strict=True):
        shown = page(actor, case)
        assert all(each in shown for each in words)
        both = client_of(actor).get(address).content.decode()
        assert "Mediation ended without a settlement" in both and "未达成和解而结束" in both
        assert both.count(case.number) >= 2
    assert "结案" in page(bo, case) and "Close the case" not in page(alice, case)
    stranger = people.charlie()
    assert client_of(stranger).get(at("case_record", stranger, case.public_id)).status_code == 404
    declined = a_case_in(CaseState.AWAITING_ANSWER, a_confirmed_order())
    cases.answered(declined, takes_part=False)
    assert "There is no arbitration agreement in this case." in page(alice, declined)


def test_the_joint_room_is_live_and_says_who_read_it() -> None:
    case = a_case()
    alice, bo = people.alice(), people.bo()
    news = at("case_room", alice, case.public_id, "joint")
    reader = client_of(alice)
    first = reader.get(news)
    assert first.status_code == 200
    assert reader.get(news, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert act(bo, case, "message", zone="joint", meant_for="joint", phrases="settle").status_code == 302
    assert act(bo, case, "message", zone="joint", meant_for="joint").status_code == 422
    assert "said-seen" not in page(bo, case)
    assert "new messages" in reader.get(at("cases", alice)).content.decode()
    told = reader.get(news, headers={"If-None-Match": first["ETag"]})
    assert "What would you accept?" in told.content.decode()
    assert alice.company.name_zh in page(bo, case).split("said-seen")[1].split("</p>")[0]
    mine = client_of(bo).get(at("case_room", bo, case.public_id, "joint"))
    assert "贵方可接受什么条件" in mine.content.decode(), "each reads it in their own language"
    assert "new messages" not in reader.get(at("cases", alice)).content.decode()
    for nobody, zone in ((people.charlie(), "joint"), (alice, "caucus_a"), (alice, "nonsense")):
        address = at("case_room", nobody, case.public_id, zone)
        assert client_of(nobody).get(address).status_code == 404


def test_a_message_is_taken_once_and_within_bounds() -> None:
    case, bo = a_case_in(CaseState.MEDIATING), people.bo()
    client, address = client_of(bo), at("case_act", bo, case.public_id, "message")
    typed = {"zone": "joint", "meant_for": "joint", "words": "Number 1"}
    key = re.search(r'name="key" value="(\w+)"', page(bo, case))[1]
    for _twice in range(2):
        assert client.post(address, typed | {"key": key}).status_code == 302
    assert Message.objects.count() == 1
    assert client.post(address, typed | {"words": "Another", "key": key}).status_code == 409
    for number in range(2, MOST_A_MINUTE + 1):
        client.post(address, typed | {"words": f"Number {number}", "key": f"k{number}"})
    assert client.post(address, typed | {"key": key}).status_code == 302, "it is there, however many followed"
    late = typed | {"words": "The eleventh", "phrases": "settle", "key": "k11"}
    refused = client.post(address, late)
    shown = refused.content.decode()
    assert refused.status_code == 429
    assert "That is a lot at once" in shown or "稍等一分钟" in shown
    assert ">The eleventh</textarea>" in shown and re.search(r'value="settle" checked', shown)
    assert Message.objects.count() == MOST_A_MINUTE
    said(case, people.alice(), Zone.JOINT, "The other side is free to write", now=timezone.now())
    Message.objects.update(at=timezone.now() - timedelta(minutes=2))
    assert client.post(address, late).status_code == 302, "under the same key, a minute later"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(talking, "MOST_AN_HOUR", MOST_A_MINUTE + 1)
        colleague = people.a_colleague(bo, "buyer", email="second@x.example")
        assert client_of(colleague).post(address, typed | {"key": "of another"}).status_code == 429
    assert Message.objects.filter(company=bo.company).count() == MOST_A_MINUTE + 1


def test_a_room_is_turned_back_by_its_own_messages_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "MESSAGES_A_PAGE", 2)
    case, bo, alice = a_case_in(CaseState.MEDIATING), people.bo(), people.alice()
    said_there = [said(case, bo, Zone.JOINT, f"joint {number}.") for number in range(5)]
    apart = [said(case, bo, Zone.CAUCUS_A, f"apart {number}.") for number in range(3)]
    elsewhere = said(a_case(a_confirmed_order(), by=bo), bo, Zone.JOINT, "of another case")

    def shown(actor, before: str = "") -> tuple[list[str], str]:
        """What stands on the page, and which message leads further back in the joint room."""
        answer = client_of(actor).get(at("case", actor, case.public_id), {"before": before})
        whole = answer.content.decode()
        joint = next(room for room in answer.context["rooms"] if room.zone == Zone.JOINT)
        return re.findall(r"(?:joint|apart) \d\.", whole), joint.before

    newest = (["joint 3.", "joint 4.", "apart 1.", "apart 2."], said_there[3].public_id)
    assert shown(bo) == newest
    marks = ReadMark.objects.filter(user=bo.user).order_by("zone").values_list("zone", "read_to", "at")
    read = list(marks)
    assert shown(bo, said_there[3].public_id) == (
        ["joint 1.", "joint 2.", "apart 1.", "apart 2."],
        said_there[1].public_id,
    )
    assert shown(bo, said_there[1].public_id) == (["joint 0.", "apart 1.", "apart 2."], "")
    assert shown(bo, apart[1].public_id) == (["joint 3.", "joint 4.", "apart 0."], newest[1])
    assert list(marks) == read, "looking back reads nothing anew"
    for unknown in (elsewhere.public_id, "cmg_nonsense", "'", "x" * 500):
        assert shown(bo, unknown) == newest
    assert shown(alice, apart[1].public_id) == shown(alice) == (["joint 3.", "joint 4."], newest[1])
    desk = client_of(cases.mediator()).get(
        reverse("mediation:case", args=[case.public_id]), {"before": said_there[3].public_id}
    )
    assert "joint 2." in desk.content.decode() and "joint 4." not in desk.content.decode()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_cases_are_taken_along_as_a_file(form: str) -> None:
    case = a_case()
    bo, clerk = people.bo(), people.a_colleague(people.bo(), "logistics")
    assert client_of(clerk).get(reverse("cases_export", args=[bo.company.slug, form])).status_code == 403
    for actor, rows in ((bo, 1), (people.alice(), 1), (people.charlie(), 0)):
        address = reverse("cases_export", args=[actor.company.slug, form])
        whole = b"".join(client_of(actor).get(address, {"show": "all"}).streaming_content)
        if form == "csv":
            lines = list(csv.reader(io.StringIO(whole.decode("utf-8-sig"))))
        else:
            sheet = openpyxl.load_workbook(io.BytesIO(whole)).active
            lines = [list(line) for line in sheet.iter_rows(values_only=True)]
        assert [line[0] for line in lines[1:]] == [case.number] * rows
        assert case.statement not in str(lines)


def test_each_side_reads_its_own_rooms_only() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.bo(), Zone.JOINT, "zebra joint")
    said(case, people.bo(), Zone.CAUCUS_A, "zebra of bo")
    said(case, people.alice(), Zone.CAUCUS_B, "zebra of alice")
    said(case, cases.mediator(), Zone.MEDIATOR, "zebra note")
    bos, alices = page(people.bo(), case), page(people.alice(), case)
    assert "zebra joint" in bos and "zebra joint" in alices
    assert "zebra of bo" in bos and "zebra of bo" not in alices
    assert "zebra of alice" in alices and "zebra of alice" not in bos
    assert "zebra note" not in bos + alices
    assert "room-caucus_b" not in bos and "room-caucus_a" not in alices, "not even that there is one"
    assert "Who will see this: the respondent, the mediator. Nobody else." in alices


def test_a_message_to_the_wrong_room_is_not_found() -> None:
    case = a_case_in(CaseState.MEDIATING)
    answer = act(people.bo(), case, "message", zone="caucus_b", meant_for="caucus_b", words="x")
    assert answer.status_code == 404
    wrong = act(
        people.bo(), case, "message", zone="joint", meant_for="caucus_a", words="only for the mediator"
    )
    assert wrong.status_code == 409
    assert "only for the mediator" in wrong.content.decode(), "typed words are not lost"
    assert not Message.objects.exists()


def test_strangers_former_members_and_clerks_find_nothing() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.bo(), Zone.JOINT, files=[(io.BytesIO(PDF), "x.pdf")])
    file = CaseFile.objects.get()
    meeting = a_session(case)
    former = people.a_colleague(people.bo(), "buyer", email="former@x.example")
    reader = client_of(former)
    addresses = [
        at("case", former, case.public_id),
        at("case_file", former, case.public_id, file.public_id),
        at("case_session", former, case.public_id, meeting.public_id),
        at("case_room", former, case.public_id, "joint"),
    ]
    assert {reader.get(address).status_code for address in addresses} == {200}
    membership = former.company.memberships.get(pk=former.membership_id)
    identity.end_membership(actor=people.bo(), membership=membership, now=timezone.now())
    assert {reader.get(address).status_code for address in addresses} == {404}
    clerk = client_of(people.a_colleague(people.bo(), "logistics"))
    assert {clerk.get(address).status_code for address in addresses} == {404}
    assert case.number not in clerk.get(at("cases", people.bo())).content.decode()
    stranger = people.charlie()
    for name, *args in (
        ("case", case.public_id),
        ("case_file", case.public_id, file.public_id),
        ("case_session", case.public_id, meeting.public_id),
    ):
        assert client_of(stranger).get(at(name, stranger, *args)).status_code == 404
    assert client_of(stranger).post(at("case_act", stranger, case.public_id, "leave")).status_code == 404
    case.refresh_from_db()
    assert case.state == CaseState.MEDIATING


def test_files_are_no_part_of_the_media() -> None:
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.bo(), Zone.JOINT, files=[(io.BytesIO(PDF), "x.pdf")])
    stored = CaseFile.objects.get().file.name
    for actor in (people.bo(), people.officer()):
        assert client_of(actor).get(reverse("media", args=[stored])).status_code == 404


def test_the_list_finds_and_counts_statements(django_assert_max_num_queries) -> None:
    for _number in range(3):
        a_case(a_confirmed_order())
    bo = people.bo()
    client = client_of(bo)
    number = Case.objects.latest("pk").number
    assert client.get(at("cases", bo), {"q": number}).content.decode().count("MC-") >= 1
    with django_assert_max_num_queries(10):
        client.get(at("cases", bo))


def test_programs_hear_of_no_case(monkeypatch: pytest.MonkeyPatch) -> None:
    # in the transaction of a test nothing is settled yet
    monkeypatch.setattr(EventQuerySet, "settled", lambda events: events)
    a_case_in(CaseState.MEDIATING)
    bo, now = people.bo(), timezone.now()
    _token, secret = identity.issue_token(
        actor=bo, name="ERP", roles=["owner"], expires_at=now + timedelta(days=9), now=now
    )
    feed = Client(headers={"Authorization": f"Bearer {secret}"}).get(reverse("api_events"), {"size": 100})
    assert feed.status_code == 200
    names = {event["name"] for event in feed.json()["results"]}
    assert "OrderPlaced" in names, "they hear of the order"
    assert not any(name.startswith(("Case", "Media", "Deadline", "Consent")) for name in names), names


# --- sessions ---------------------------------------------------------------------------------------------------------


def a_session(case: Case, zone: Zone = Zone.JOINT, **changes):
    values = {
        "mode": "online",
        "starts_at": timezone.now() + timedelta(days=2),
        "minutes": 90,
        "place": "Room 3",
    }
    return services.set_session(
        actor=cases.mediator(), case=case.public_id, zone=zone, now=timezone.now(), **(values | changes)
    )


def invitation_of(actor, case: Case, meeting) -> Calendar:
    answer = client_of(actor).get(at("case_session", actor, case.public_id, meeting.public_id))
    assert answer.status_code == 200
    return Calendar.from_ical(answer.content)


def test_an_invitation_keeps_its_uid_and_raises_its_sequence() -> None:
    case = a_case_in(CaseState.MEDIATING)
    meeting = a_session(case)
    first = invitation_of(people.bo(), case, meeting)
    moved = a_session(case, session=meeting.public_id, place="Room 4")
    second = invitation_of(people.bo(), case, moved)
    services.cancel_session(
        actor=cases.mediator(), case=case.public_id, session=meeting.public_id, now=timezone.now()
    )
    third = invitation_of(people.alice(), case, meeting)
    assert [str(each["METHOD"]) for each in (first, second, third)] == ["REQUEST", "REQUEST", "CANCEL"]
    events = [each.walk("VEVENT")[0] for each in (first, second, third)]
    readers = [people.bo(), people.bo(), people.alice()]
    assert [str(event["ATTENDEE"]) for event in events] == [f"mailto:{each.user.email}" for each in readers]
    assert all(event["DTSTAMP"].dt <= timezone.now() and "ORGANIZER" in event for event in events)
    assert len({str(event["UID"]) for event in events}) == 1
    assert [int(event["SEQUENCE"]) for event in events] == [0, 1, 2]
    assert {str(event["SUMMARY"]) for event in events} == {case.number}
    whole = third.to_ical().decode() + first.to_ical().decode()
    for name in (case.claimant.legal_name, case.respondent.legal_name):
        assert name not in whole


def test_a_private_session_is_not_found_by_the_other_side() -> None:
    case = a_case_in(CaseState.MEDIATING)
    meeting = a_session(case, Zone.CAUCUS_A)
    alice = people.alice()
    assert (
        client_of(alice).get(at("case_session", alice, case.public_id, meeting.public_id)).status_code == 404
    )
    assert "Room 3" not in page(alice, case)
    assert "Room 3" in page(people.bo(), case)
