"""Errors say what happened, what is safe and what to do, in both languages, even when nothing else works."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from kernel.errors import Refused
from sme_hub.pages.failure import failure


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"), [("en", "There is nothing at this address"), ("zh-hans", "该网址下没有内容")]
)
def test_an_unknown_address_speaks_the_language_of_its_path(
    client: Client, language: str, words: str
) -> None:
    answer = client.get(f"/{language}/nothing/")
    assert answer.status_code == 404
    assert words in answer.content.decode()


@pytest.mark.django_db
def test_a_program_reads_problem_json_at_an_unknown_address(client: Client) -> None:
    answer = client.post("/api/v1/nothing/", "{}", content_type="application/json")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"
    assert client.get("/api/v1/orders").headers["location"] == "/api/v1/orders/"


def test_a_failure_gives_a_reference_that_is_in_the_log(caplog: Any) -> None:
    with caplog.at_level(logging.ERROR):
        answer = failure(RequestFactory().get("/en/"))
    reference = re.search(r"<code>([0-9A-F]{8})</code>", answer.content.decode())
    assert answer.status_code == 500
    assert reference and reference[1] in caplog.text


def test_a_program_reads_problem_json_when_the_house_fails(caplog: Any) -> None:
    with caplog.at_level(logging.ERROR):
        answer = failure(RequestFactory().get("/api/v1/orders/"))
    problem = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert (problem["type"], problem["status"]) == ("urn:sme-hub:failure", 500)
    reference = re.search(r"[0-9A-F]{8}", problem["title"])
    assert reference and reference[0] in caplog.text


@pytest.mark.parametrize("page", ["400.html", "403_csrf.html", "500.html"])
def test_pages_of_last_resort_need_no_request_and_speak_both_languages(page: str) -> None:
    text = render_to_string(page)
    assert 'lang="zh-Hans"' in text and "SME Hub" in text


def test_a_stale_form_is_explained(rf: RequestFactory) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/i18n/setlang/", {"language": "en"})
    assert answer.status_code == 403
    assert "表单已失效" in answer.content.decode()


def test_a_refusal_page_names_every_line(rf: RequestFactory) -> None:
    request: HttpRequest = rf.get("/en/")
    refused = Refused(lines=[{"message": "Too few bolts"}, {"message": "No nuts left"}])
    text = render_to_string("refused.html", {"refused": refused}, request=_with_user(request))
    assert "Too few bolts" in text and "No nuts left" in text


def _with_user(request: HttpRequest) -> HttpRequest:
    request.user = AnonymousUser()
    return request
