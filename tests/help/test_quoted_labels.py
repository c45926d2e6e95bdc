"""What a guide quotes stands on a page that its steps are taken on, as somebody who may sees it, in the reader's language."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from identity.models import Company, PurposeRequirement, User
from sme_hub.help import reading
from sme_hub.help.shelf import Guide, all_guides
from tests.around import undone_after_the_module
from tests.help.test_guides import LANGUAGES, pairs
from tests.journeys.visitors import VISITORS, Visitors, visitors

pytestmark = pytest.mark.django_db

#: what stands there in another state than the visitors' world is in, or is the answer to the last step
AT_ANOTHER_TIME = {
    "follow-what-waits": "Reminder",
    "link-your-two-cities": "Begin",
    "list-a-product": "Before it can be published | Save and publish",  # Alice’s company is under review
    "ask-for-a-check": "Not accepted | 重新提交",
    "answer-an-order": "Offer freight | Accept the order",  # likewise
    "take-an-offer-of-money": "Look at the offer | You get now | That is a year | Where it stands | Give it back",
    "find-and-order": "Cancel the order",
    "keep-what-you-need": "Put into the cart",
    "have-orders-approved": "Ask for approval | Approve and place for S$1,845.00 | 批准并下单，S$1,845.00",
    "pay-and-prove-it": "Payment received",
    "count-what-arrives": "Received in full",
    "open-a-case": "We have settled | Request mediation | Withdraw the case | The record, in both languages | Close the case",
    "settle-in-mediation": "We take part in the mediation | We decline | Send the answer | We do not object | Object"
    " | Consent for the company | Your name | Sign the terms | Pass it on | Perform it without an award | It arrived"
    " | We have done all of it | All was done | It was not done",
    "mediate-a-case": "Disclosure | Disclose and accept | Decline the case | Lock for signature",
    "assign-a-mediator": "Take the case and serve the request | Take the case on | Ask a mediator | Ask to disclose",
    "replay-a-parked-delivery": "Started again: 3 | 已重新启动：3",
}
#: looked at besides, by whom: the same page for a member, its other tab, lists of the desk
BESIDES = {
    "bo": ("/{language}/search/?q=glove", "/c/{bo}/saved/?show=searches"),
    "charlie": ("/c/{charlie}/company/claims/",),
    "dana": ("/{language}/accounts/security/",),
    "officer": (
        "/operator/identity/claim/",
        "/operator/identity/candidate/",
        "/operator/identity/listsnapshot/",
        "/operator/identity/issuer/",
        "/operator/identity/identitylink/",
        "/operator/identity/purposerequirement/",
    ),
}
#: what stands between tags, and what a control is called by its attributes
NO_WORDS = re.compile(r"(?s)<(script|style)\b.*?</\1>")
CALLED = re.compile(r'\b(?:placeholder|aria-label|value|data-label|title)="([^"]*)"')

Said = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def said(django_db_setup: None, django_db_blocker: Any) -> Iterator[Said]:
    """The words of every page in either language, whoever looked, by its name."""
    with undone_after_the_module(django_db_blocker):
        found: Said = defaultdict(str)
        met = visitors("http://testserver")
        for who in VISITORS:
            client = met.client(who)
            for language in LANGUAGES:
                User.objects.update(language=language)
                client.cookies["language"] = language
                for name, words in _read(client, met, who, language):
                    found[name, language] += words
        yield found


def _read(client: Client, met: Visitors, who: str, language: str) -> Iterator[tuple[str, str]]:
    paths = [path for _name, path in met.visits(who, language)]
    paths += [path.format(language=language, **met.facts) for path in BESIDES.get(who, ())]
    asked = {"accept-language": language}
    for path in paths:
        yield from _words(path, client.get(path, headers=asked))
    if who == "officer":
        for model, action in ((Company, "suspend"), (PurposeRequirement, "enforce")):
            path = reverse(f"admin:identity_{model._meta.model_name}_changelist")
            chosen = {"action": action, "_selected_action": model.objects.earliest("pk").pk}
            yield from _words(path, client.post(path, chosen, headers=asked))


def _words(path: str, answer: Any) -> Iterator[tuple[str, str]]:
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return
    if answer.status_code == 200 and not answer.streaming:
        page = CALLED.sub(r">\1<", NO_WORDS.sub(" ", answer.content.decode()))
        words = html.unescape(re.sub(r"<[^>]+>", " ", page))
        yield match.view_name, re.sub(r"\s+", " ", words).lower()


@pytest.mark.parametrize("guide", all_guides(), ids=lambda guide: guide.code)
def test_what_a_guide_quotes_stands_on_its_pages(guide: Guide, said: Said) -> None:
    known = set(AT_ANOTHER_TIME.get(guide.code, "").split(" | ")) - {""}
    later = known | {chinese for label, chinese in pairs() if label in known}
    nowhere = {}
    for language in LANGUAGES:
        labels = dict.fromkeys(reading.read(guide.code, language).labels)
        pages = [said.get((name, language), "") for name in _pages_of(guide)]
        seen = {label for label in labels if any(label.lower() in page for page in pages)}
        nowhere[language] = [label for label in labels if label not in seen | later]
        known -= labels.keys()
    assert nowhere == {"en": [], "zh-hans": []}
    assert not known, "it is no longer quoted"


def _pages_of(guide: Guide) -> set[str]:
    links = reading.read(guide.code, "en").links
    linked = {link.removeprefix("page:") for link in links if link.startswith("page:")}
    return {*guide.about, *guide.on, *linked}
