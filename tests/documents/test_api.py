"""The API of papers: the same scope, verbs and refusals as the pages."""

from __future__ import annotations

import pytest

from documents.models import Paper
from kernel.services import drain
from tests import factories as people
from tests.around import for_the_module
from tests.documents.factories import an_invoice
from tests.orders.factories import an_order
from tests.orders.test_api import Caller

pytestmark = pytest.mark.django_db


invoice_of_module = for_the_module(an_invoice)


@pytest.fixture
def invoice(invoice_of_module, db):
    return Paper.objects.get(pk=invoice_of_module.pk)


def test_a_party_lists_its_papers(invoice):
    answer = Caller(people.bo()).get("papers/", kind="commercial_invoice").json()
    [paper] = answer["results"]
    assert (paper["number"], paper["order"]) == (invoice.printed_number, invoice.order.public_id)
    assert [version["ready"] for version in paper["versions"]] == [True]
    assert answer["next"] == ""


def test_it_reads_by_pages(invoice):
    caller = Caller(people.alice())
    first = caller.get("papers/", size=2).json()
    second = caller.get("papers/", size=2, after=first["next"]).json()
    numbers = [paper["number"] for page in (first, second) for paper in page["results"]]
    assert len(set(numbers)) == len(numbers) == 3


def test_one_paper_says_all_that_it_prints(invoice):
    whole = Caller(people.bo()).get(f"papers/{invoice.public_id}/").json()
    assert whole["contents"]["lines"][0]["hs6"] == "401519"
    assert {file["language"] for file in whole["versions"][0]["files"]} == {"en", "zh-hans", "bilingual"}


def test_a_file_is_downloaded(invoice):
    answer = Caller(people.bo()).get(f"papers/{invoice.public_id}/download/", language="bilingual")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_before_it_is_rendered_it_is_a_conflict():
    order = an_order()
    drain("fast")
    caller = Caller(people.bo())
    [paper] = caller.get("papers/", order=order.public_id).json()["results"]
    answer = caller.get(f"papers/{paper['id']}/download/")
    assert (answer.status_code, answer.json()["code"]) == (409, "paper.being_prepared")
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "status"),
    [({"language": "fr"}, 400), ({"version": "x"}, 400), ({"version": 9}, 404), ({"version": 10**9}, 400)],
)
def test_bounded_parameters(invoice, query, status):
    answer = Caller(people.bo()).get(f"papers/{invoice.public_id}/download/", **query)
    assert answer.status_code == status


def test_strangers_find_nothing(invoice):
    caller = Caller(people.charlie())
    assert caller.get("papers/").json()["results"] == []
    for path in (f"papers/{invoice.public_id}/", f"papers/{invoice.public_id}/download/"):
        answer = caller.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_seller_corrects(invoice):
    caller = Caller(people.alice())
    made = caller.post(f"papers/{invoice.public_id}/versions/", {"reason": "PO number", "po_number": "PO-1"})
    assert made.status_code == 201
    assert [version["version"] for version in made.json()["versions"]] == [2, 1]
    again = caller.post(f"papers/{invoice.public_id}/versions/", {"reason": "PO number", "po_number": "PO-1"})
    assert (again.status_code, again.json()["code"]) == (409, "paper.nothing_changed")


def test_the_buyer_does_not(invoice):
    answer = Caller(people.bo()).post(f"papers/{invoice.public_id}/versions/", {"reason": "mine"})
    assert (answer.status_code, answer.json()["code"]) == (403, "paper.not_the_issuer")
    assert invoice.versions.count() == 1
