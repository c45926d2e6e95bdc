"""`/api/v1/threads/`: list, read, write and mark as read, for the two companies and nobody else."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.test import Client

from identity.models import Message, Thread
from identity.queries import unread_threads
from tests import factories as people
from tests.catalog.factories import a_product
from tests.roof.world import _token as a_token

pytestmark = pytest.mark.django_db
THREADS = "/api/v1/threads/"
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def program(of: Any) -> Client:
    return Client(headers={"Authorization": f"Bearer {a_token(of)}"})


def post(client: Client, path: str, body: dict[str, Any], key: str = "k") -> Any:
    return client.post(
        path, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key}
    )


@pytest.fixture
def gloves() -> Any:
    return a_product(seller=people.alice())


def test_programs_ask_read_answer_and_mark_as_read(gloves: Any) -> None:
    buyer, seller = program(people.bo()), program(people.alice())
    asked = post(buyer, THREADS, {"matter": gloves.public_id, "body": "Blue?", "phrases": ["stock"]})
    assert asked.status_code == 201, asked.content
    thread = asked.json()["thread"]
    [listed] = seller.get(f"{THREADS}?unread=true").json()["results"]
    assert (listed["id"], listed["matter"], listed["unread"]) == (thread, gloves.public_id, True)
    whole = seller.get(f"{THREADS}{thread}/").json()
    [message] = whole["messages"]
    assert (message["by"], message["body"], message["phrases"]) == ("them", "Blue?", ["stock"])
    assert message["phrase_words"] == ["Is it in stock, and how much could you send at once?"]
    assert whole["seen_at"] is None
    assert buyer.get(f"{THREADS}{thread}/").json()["seen_at"] is None
    assert unread_threads(people.alice()) == 1, "reading by a program marks nothing"
    assert seller.post(f"{THREADS}{thread}/read/").status_code == 204
    assert unread_threads(people.alice()) == 0
    assert buyer.get(f"{THREADS}{thread}/").json()["seen_at"]
    sent = post(seller, f"{THREADS}{thread}/messages/", {"body": "Yes"})
    assert sent.status_code == 201
    assert post(seller, f"{THREADS}{thread}/messages/", {"body": "Yes"}).json() == sent.json()
    assert Message.objects.count() == 2


def test_files_go_and_come(gloves: Any) -> None:
    buyer = program(people.bo())
    file = io.BytesIO(PDF)
    file.name = "drawing.pdf"
    asked = buyer.post(
        THREADS,
        {"matter": gloves.public_id, "attachments": [file]},
        headers={"Idempotency-Key": "k"},
    )
    assert asked.status_code == 201, asked.content
    path = f"{THREADS}{asked.json()['thread']}/"
    [attachment] = program(people.alice()).get(path).json()["messages"][0]["attachments"]
    assert attachment["name"] == "drawing.pdf"
    answer = program(people.alice()).get(f"{path}files/{attachment['id']}/")
    assert b"".join(answer.streaming_content) == PDF
    assert program(people.charlie()).get(f"{path}files/{attachment['id']}/").status_code == 404


def test_others_find_nothing(gloves: Any) -> None:
    thread = post(program(people.bo()), THREADS, {"matter": gloves.public_id, "body": "?"}).json()["thread"]
    stranger = program(people.charlie())
    assert stranger.get(THREADS).json()["results"] == []
    assert stranger.get(f"{THREADS}{thread}/").status_code == 404
    assert post(stranger, f"{THREADS}{thread}/messages/", {"body": "x"}).status_code == 404
    assert stranger.post(f"{THREADS}{thread}/read/").status_code == 404
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"body": ""}, 422, "message.empty"),
        ({"body": "x" * 4001}, 422, "message.too_long"),
        ({"body": "x", "phrases": ["nonsense"]}, 400, "invalid"),
        ({"body": "x", "matter": "prd_nothing"}, 404, "not_found"),
    ],
)
def test_refusals_say_why(gloves: Any, body: dict[str, Any], status: int, code: str) -> None:
    answer = post(program(people.bo()), THREADS, {"matter": gloves.public_id} | body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Thread.objects.exists()


def test_a_key_is_asked_for(gloves: Any) -> None:
    answer = post(program(people.bo()), THREADS, {"matter": gloves.public_id, "body": "x"}, key="")
    assert answer.json()["code"] == "idempotency.key_missing"
