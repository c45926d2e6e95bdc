"""Two companies talk about one matter: one thread, in both languages, seen by nobody else."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Product
from identity import services
from identity.models import Message, MessageFile, Notice, Thread
from identity.queries import thread_of, threads_of, unread_threads
from identity.services import Words
from identity.services.talking import (
    LONGEST,
    MOST_A_MINUTE,
    MOST_FILES,
    EmptyMessage,
    MessageTooLong,
    TooManyFiles,
    TooManyMessages,
)
from identity.states import Role
from kernel.errors import NotFound, Refused
from kernel.services import drain
from sme_hub.matters import OwnProduct, matter_of
from tests import factories as people
from tests.catalog.factories import a_product
from tests.orders import factories as deals

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture
def gloves() -> Product:
    return a_product(seller=people.alice())


def said(body: str = "", *phrases: str, files: Sequence[tuple[bytes, str]] = ()) -> Words:
    return Words(body=body, phrases=phrases, files=[(io.BytesIO(content), name) for content, name in files])


def asked(about: Any, body: str = "Is it blue?", *phrases: str, by: Any = None, **more: Any) -> Message:
    by = by or people.bo()
    return services.ask(
        actor=by,
        matter=matter_of(by, about.public_id),
        words=said(body, *phrases, **more),
        now=timezone.now(),
    )


def answered(thread: Thread, body: str = "Yes.", by: Any = None, now: Any = None) -> Message:
    return services.send_message(
        actor=by or people.alice(),
        thread=thread.public_id,
        words=said(body),
        now=now or timezone.now(),
    )


def page(thread: Thread, of: Any, name: str = "thread") -> str:
    return reverse(name, args=[of.company.slug, thread.public_id])


# --- one thread per matter and pair --------------------------------------------------------------------------------


def test_a_second_question_goes_into_the_same_thread(gloves: Product) -> None:
    first, second = asked(gloves), asked(gloves, "And green?")
    assert first.thread == second.thread
    assert (first.thread.buyer_id, first.thread.seller_id) == (
        people.bo().company_id,
        people.alice().company_id,
    )


def test_each_company_that_asks_has_a_thread_of_its_own(gloves: Product) -> None:
    assert asked(gloves).thread != asked(gloves, by=people.charlie()).thread


def test_an_order_has_one_whichever_side_begins(gloves: Product) -> None:
    order = deals.an_order(gloves)
    assert asked(order, by=people.alice()).thread == asked(order, by=people.bo()).thread


def test_nobody_asks_about_what_they_cannot_see(gloves: Product) -> None:
    order = deals.an_order(gloves)
    for nothing in (order.public_id, "ord_nothing", "prd_nothing", "usr_nothing", ""):
        with pytest.raises(NotFound):
            matter_of(people.charlie(), nothing)
    hidden = a_product(seller=people.alice(), published=False)
    with pytest.raises(NotFound):
        matter_of(people.bo(), hidden.public_id)
    with pytest.raises(OwnProduct):
        matter_of(people.alice(), gloves.public_id)
    assert not Thread.objects.exists()


def test_a_key_used_twice_writes_once(gloves: Product) -> None:
    facts, now = matter_of(people.bo(), gloves.public_id), timezone.now()
    first, second = (
        services.ask_once(actor=people.bo(), matter=facts, words=said("Hello"), key="k", now=now)
        for _ in range(2)
    )
    assert first == second
    assert Message.objects.count() == 1


def test_what_was_said_cannot_be_changed(gloves: Product) -> None:
    message = asked(gloves)
    for statement in ("UPDATE identity_message SET body = 'No'", "DELETE FROM identity_message"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    message.refresh_from_db()
    assert message.body == "Is it blue?"


# --- what may be said ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (said(), EmptyMessage),
        (said(" \n\t "), EmptyMessage),
        (said("\u202e\0\x07"), EmptyMessage),
        (said("x" * (LONGEST + 1)), MessageTooLong),
        (said("a", files=[(PDF, "a.pdf")] * (MOST_FILES + 1)), TooManyFiles),
        (said("a", "nonsense"), Refused),
        (said("a", files=[(b"MZ\x90 program", "a.pdf")]), Refused),
        (said("a", files=[(b"<svg onload=alert(1)>", "a.png")]), Refused),
        (said("a", files=[(b"%PDF-1.7 cut", "a.pdf")]), Refused),
        (said("a", files=[(b"%PDF-" + b"0" * 6_000_000 + b"%%EOF", "a.pdf")]), Refused),
    ],
)
def test_what_is_refused_leaves_nothing_behind(gloves: Product, words: Words, refusal: type) -> None:
    facts = matter_of(people.bo(), gloves.public_id)
    with pytest.raises(refusal):
        services.ask(actor=people.bo(), matter=facts, words=words, now=timezone.now())
    assert not Message.objects.exists()
    assert not Thread.objects.exists()


def test_marks_that_turn_the_words_around_are_left_out(gloves: Product) -> None:
    assert asked(gloves, "pay \u202egnp.exe\u202c\r\nnow\x00").body == "pay gnp.exe\nnow"


def test_a_flood_is_held_back_and_passes(gloves: Product) -> None:
    now = timezone.now()
    thread = asked(gloves).thread
    for number in range(MOST_A_MINUTE - 1):
        answered(thread, f"{number}", by=people.bo(), now=now)
    with pytest.raises(TooManyMessages):
        answered(thread, "one more", by=people.bo(), now=now)
    answered(thread, "the other side may", now=now)
    answered(thread, "later", by=people.bo(), now=now + timedelta(minutes=2))


# --- who sees it ---------------------------------------------------------------------------------------------------


def test_strangers_and_former_members_find_nothing(client: Client, gloves: Product) -> None:
    dana = people.a_colleague(people.bo(), Role.BUYER)
    message = asked(gloves, files=[(PDF, "drawing.pdf")])
    thread, file = message.thread, reverse("media", args=[message.files.get().file.name])
    people.sign_in(client, dana)
    assert client.get(page(thread, dana)).status_code == 200
    assert client.get(file).status_code == 200
    membership = dana.company.memberships.get(pk=dana.membership_id)
    services.end_membership(actor=people.bo(), membership=membership, now=timezone.now())
    charlie = people.charlie()
    for who, company in ((dana, dana), (charlie, charlie), (charlie, people.bo()), (charlie, people.alice())):
        people.sign_in(client, who)
        for name in ("thread", "thread_news"):
            assert client.get(page(thread, company, name)).status_code == 404
            assert client.post(page(thread, company), {"body": "x"}).status_code == 404
        assert client.get(file).status_code == 404
    assert Message.objects.count() == 1
    assert threads_of(charlie).threads == []
    with pytest.raises(NotFound):
        services.send_message(actor=charlie, thread=thread.public_id, words=said("x"), now=timezone.now())


def test_words_from_elsewhere_are_shown_as_words(client: Client, gloves: Product) -> None:
    attack = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    thread = asked(gloves, attack, files=[(PDF, '"><script>alert(3)</script>.pdf')]).thread
    people.sign_in(client, people.alice())
    for name in ("thread", "thread_news"):
        html = client.get(page(thread, people.alice(), name)).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "&lt;script&gt;alert(1)" in html
    listed = client.get(reverse("talk", args=[people.alice().company.slug])).content.decode()
    assert "<script>alert" not in listed


def test_a_file_comes_back_as_a_download_under_a_plain_name(client: Client, gloves: Product) -> None:
    file = asked(gloves, files=[(PDF, "../../etc/Zeichnung 图.pdf")]).files.get()
    assert file.name == "Zeichnung 图.pdf"
    assert file.file.name.startswith("talk/")
    people.sign_in(client, people.alice())
    answer = client.get(reverse("media", args=[file.file.name]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == PDF


# --- both languages ------------------------------------------------------------------------------------------------


def test_each_side_reads_ready_phrases_in_its_own_language(client: Client, gloves: Product) -> None:
    thread = asked(gloves, "", "stock", "sample").thread
    english = people.sign_in(client, people.alice()).get(page(thread, people.alice())).content.decode()
    assert "Is it in stock, and how much could you send at once?" in english
    chinese = people.sign_in(client, people.bo()).get(page(thread, people.bo())).content.decode()
    assert "这款有现货吗？现在最多能发多少？" in chinese
    assert "Is it in stock" not in chinese


# --- read, and seen ------------------------------------------------------------------------------------------------


def test_it_is_unread_until_looked_at_and_then_seen_by_the_other_side(
    client: Client, gloves: Product
) -> None:
    alice, bo = people.alice(), people.bo()
    thread = asked(gloves).thread
    assert (unread_threads(alice), unread_threads(bo)) == (1, 0)
    assert thread_of(bo, thread.public_id).seen_to == 0
    people.sign_in(client, alice).get(page(thread, alice))
    assert unread_threads(alice) == 0
    seen = people.sign_in(client, bo).get(page(thread, bo)).content.decode()
    assert "已读" in seen


def test_what_a_colleague_read_is_unread_for_others(gloves: Product) -> None:
    alice = people.alice()
    dana = people.a_colleague(alice, Role.SELLER)
    thread = asked(gloves).thread
    services.mark_thread_read(actor=dana, thread=thread, now=timezone.now())
    assert (unread_threads(dana), unread_threads(alice)) == (0, 1)


def test_the_latest_come_first_and_pages_go_by_key(gloves: Product) -> None:
    alice = people.alice()
    threads = [asked(gloves, by=by).thread for by in (people.bo(), people.charlie())]
    for order in (deals.an_order(gloves) for _ in range(3)):
        threads.append(asked(order).thread)
    answered(threads[-1])
    listed = threads_of(alice, size=2)
    again = threads_of(alice, size=2, after=listed.after)
    last = threads_of(alice, size=2, after=again.after)
    found = [*listed.threads, *again.threads, *last.threads]
    assert [thread.key for thread in found] == [threads[n].pk for n in (4, 3, 2, 1, 0)]
    assert [thread.is_unread for thread in found] == [0, 1, 1, 1, 1]
    assert last.after == ""


@pytest.mark.parametrize("words", ["blue", "NITRILE", "nanshan", "南山"])
def test_searching_finds_messages_matters_and_companies(gloves: Product, words: str) -> None:
    asked(gloves)
    asked(gloves, "Other words", by=people.charlie())
    found = threads_of(people.alice(), words=words).threads
    assert people.bo().company_id in [Thread.objects.get(pk=thread.key).buyer_id for thread in found]
    assert threads_of(people.alice(), words="nowhere").threads == []


def test_news_are_304_until_there_are_some(client: Client, gloves: Product) -> None:
    bo = people.bo()
    thread = asked(gloves).thread
    people.sign_in(client, bo)
    news = page(thread, bo, "thread_news")
    first = client.get(news)
    known = {"If-None-Match": first["ETag"]}
    assert client.get(news, headers=known).status_code == 304
    answered(thread, "Quite blue")
    fresh = client.get(news, headers=known)
    assert fresh.status_code == 200
    assert "Quite blue" in fresh.content.decode()
    assert unread_threads(bo) == 0, "whoever has the thread open has read it"


@pytest.mark.parametrize("many", [1, 4])
def test_pages_cost_the_same_however_much_was_said(
    client: Client, django_assert_num_queries: Any, gloves: Product, many: int
) -> None:
    alice = people.alice()
    thread = asked(gloves, files=[(PDF, "a.pdf")]).thread
    for number in range(many):
        answered(thread, f"{number}", by=people.bo())
        asked(deals.an_order(gloves))
    people.sign_in(client, alice)
    client.get(page(thread, alice))
    with django_assert_num_queries(3 + 3):  # session, person, membership; thread, messages, files
        client.get(page(thread, alice))
    known = {"If-None-Match": client.get(page(thread, alice, "thread_news"))["ETag"]}
    with django_assert_num_queries(3 + 1):
        assert client.get(page(thread, alice, "thread_news"), headers=known).status_code == 304
    with django_assert_num_queries(3 + 4):  # threads, rooms of cases, the unread of both
        client.get(reverse("talk", args=[alice.company.slug]))


# --- forms ---------------------------------------------------------------------------------------------------------


def test_a_refused_message_stays_in_the_form(client: Client, gloves: Product) -> None:
    bo = people.bo()
    ask = reverse("talk_ask", args=[bo.company.slug, gloves.public_id])
    people.sign_in(client, bo)
    refused = client.post(ask, {"body": "x" * (LONGEST + 1), "phrases": ["stock"]})
    assert refused.status_code == 422
    assert "x" * (LONGEST + 1) in refused.content.decode()
    assert client.post(ask, {}).status_code == 422
    assert not Message.objects.exists()
    sent = client.post(ask, {"body": "Blue?", "phrases": ["stock"], "key": "one"})
    thread = Thread.objects.get()
    assert sent.url == page(thread, bo)
    client.post(ask, {"body": "Blue?", "phrases": ["stock"], "key": "one"})
    assert Message.objects.count() == 1
    assert client.get(ask).url == page(thread, bo)


def test_asking_from_a_public_page_leads_into_the_workspace(client: Client, gloves: Product) -> None:
    ask = reverse("ask", args=[gloves.public_id])
    assert ask in client.get(reverse("product", args=[gloves.public_id])).content.decode()
    assert "login" in client.get(ask).url
    bo = people.bo()
    people.sign_in(client, bo)
    assert client.get(ask).url == reverse("talk_ask", args=[bo.company.slug, gloves.public_id])
    client.force_login(people.a_user("nobody@nowhere.example"))
    assert client.get(ask).url == reverse("desk")


def test_files_are_sent_with_the_form(client: Client, gloves: Product) -> None:
    thread = asked(gloves).thread
    alice = people.alice()
    people.sign_in(client, alice)
    files = [io.BytesIO(PDF), io.BytesIO(PDF)]
    for number, file in enumerate(files):
        file.name = f"sheet {number}.pdf"
    sent = client.post(page(thread, alice), {"body": "", "phrases": ["attached"], "attachments": files})
    assert sent.status_code == 302
    assert set(MessageFile.objects.values_list("name", flat=True)) == {"sheet 0.pdf", "sheet 1.pdf"}


# --- being told ----------------------------------------------------------------------------------------------------


def test_the_other_side_is_told_once_while_it_has_not_read(mailoutbox: list[Any], gloves: Product) -> None:
    alice = people.alice()
    thread = asked(gloves).thread
    for number in range(3):
        answered(thread, f"{number}", by=people.bo())
    _deliver()
    lines = Notice.objects.filter(user=alice.user, code="talk.to_seller")
    assert lines.count() == 1
    letters = [letter for letter in mailoutbox if "wrote to you" in letter.subject]
    assert [letter.to for letter in letters] == [[alice.user.email]]
    services.mark_thread_read(actor=alice, thread=thread, now=timezone.now())
    assert not lines.get().is_waiting
    answered(thread, "again", by=people.bo())
    _deliver()
    assert lines.count() == 2


def test_an_answer_ends_the_wait_of_all_colleagues(gloves: Product) -> None:
    dana, erin = (people.a_colleague(people.alice(), Role.SELLER, email=f"{n}@x.example") for n in "de")
    thread = asked(gloves).thread
    _deliver()
    assert Notice.objects.filter(code="talk.to_seller").waiting().count() == 2
    answered(thread, by=dana)
    _deliver()
    assert not Notice.objects.filter(code="talk.to_seller").waiting().exists()
    told = Notice.objects.get(code="talk.to_buyer")
    assert told.user == people.bo().user
    assert erin


def test_whoever_asked_is_told_whatever_their_role(gloves: Product) -> None:
    people.a_colleague(people.bo(), Role.BUYER)
    payer = people.a_colleague(people.bo(), Role.FINANCE)
    thread = asked(gloves, by=payer).thread
    answered(thread)
    _deliver()
    assert Notice.objects.filter(code="talk.to_buyer", user=payer.user).exists()


def _deliver() -> None:
    """People are told at once; mails wait a minute for who reads on the page."""
    for late in (timedelta(0), timedelta(minutes=2)):
        clock = timezone.now() + late
        while sum(drain(lane, clock=lambda at=clock: at) for lane in ("fast", "outside")):
            pass
