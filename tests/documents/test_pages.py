"""Pages of papers: for the two parties, in their language, without scripts too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from documents.models import Paper, Rendition
from identity.states import Role
from kernel.services import drain
from tests import factories as people
from tests.around import for_the_module
from tests.documents.factories import an_invoice, deliver
from tests.orders.factories import a_confirmed_order, an_order

pytestmark = pytest.mark.django_db


def url(name: str, actor, *args: str) -> str:
    return reverse(name, args=[actor.company.slug, *args])


invoice_of_module = for_the_module(lambda: an_invoice(a_confirmed_order(po_number="PO-7")))


@pytest.fixture
def invoice(invoice_of_module, db):
    return Paper.objects.get(pk=invoice_of_module.pk)


@pytest.fixture(params=["alice", "bo"])
def party(request, client):
    actor = getattr(people, request.param)()
    people.sign_in(client, actor)
    return actor


@pytest.fixture
def charlie(client):
    actor = people.charlie()
    people.sign_in(client, actor)
    return actor


def test_both_parties_see_their_papers(client, invoice, party):
    page = client.get(url("papers", party)).content.decode()
    assert invoice.printed_number in page
    assert page.count("/papers/files/") == 9


def test_a_stranger_sees_an_empty_list(client, invoice, charlie):
    page = client.get(url("papers", charlie)).content.decode()
    assert invoice.printed_number not in page
    assert "No papers yet" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q={number}", ["INV"]),
        ("q={reference}", ["OC", "INV", "PPL"]),
        ("q=po-7", ["OC", "INV", "PPL"]),
        ("kind=planned_packing_list", ["PPL"]),
        ("q=nothing-like-it", []),
        ("kind=%00&after=pap_nonsense", ["OC", "INV", "PPL"]),
        ("q=INV-9999-999999999", []),
    ],
)
def test_papers_are_found_by_number_order_and_kind(client, invoice, query, found):
    bo = people.bo()
    people.sign_in(client, bo)
    query = query.format(number=invoice.printed_number.lower(), reference=invoice.order.reference)
    page = client.get(f"{url('papers', bo)}?{query}").content.decode()
    assert {prefix for prefix in ("OC", "INV", "PPL") if f">{prefix}-" in page} == set(found)


def test_long_lists_go_on_by_the_day_that_stands_on_the_papers(client, invoice, monkeypatch):
    from documents import queries

    Paper.objects.filter(kind="order_confirmation").update(issued_on=invoice.issued_on + timedelta(days=1))
    monkeypatch.setattr(queries.lines_of, "__kwdefaults__", {**queries.lines_of.__kwdefaults__, "size": 2})
    alice = people.alice()
    people.sign_in(client, alice)
    first = client.get(url("papers", alice))
    second = client.get(f"{url('papers', alice)}?after={first.context['after']}")
    shown = [row.id for page in (first, second) for row in page.context["papers"]]
    confirmed, *same_day = Paper.objects.order_by("pk")
    assert confirmed.kind == "order_confirmation"
    assert shown == [paper.public_id for paper in (confirmed, *same_day[::-1])]


@pytest.mark.parametrize("kept", ["download", "show"])
def test_a_file_is_served_under_its_printed_number(client, invoice, party, kept):
    rendition = invoice.versions.get().renditions.get(language="zh-hans")
    address = url("paper_file", party, rendition.public_id) + ("?show" if kept == "show" else "")
    answer = client.get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    kind = "attachment" if kept == "download" else "inline"
    assert answer["Content-Disposition"] == f'{kind}; filename="{invoice.printed_number}-zh-hans.pdf"'


class TestAStranger:
    def test_gets_no_file(self, client, invoice, charlie):
        for rendition in Rendition.objects.all():
            assert client.get(url("paper_file", charlie, rendition.public_id)).status_code == 404

    def test_gets_no_page(self, client, invoice, charlie):
        assert client.get(url("paper", charlie, invoice.public_id)).status_code == 404
        assert client.get(url("order_papers", charlie, invoice.order.public_id)).status_code == 404

    def test_corrects_nothing(self, client, invoice, charlie):
        sent = {"reason": "mine now", "po_number": "X"}
        assert client.post(url("paper", charlie, invoice.public_id), sent).status_code == 404
        assert invoice.versions.count() == 1

    def test_does_not_come_in_by_another_companys_address(self, client, invoice, charlie):
        rendition = Rendition.objects.first()
        assert client.get(url("paper_file", people.bo(), rendition.public_id)).status_code == 404
        assert client.get(f"/media/{rendition.file.name}").status_code == 404


@pytest.mark.parametrize(
    "mark", ["ren_nonsense", "x", "pap_01h455vb4pex5vsknk084sn02q", "%00", "..%2f..%2fetc"]
)
def test_nonsense_is_not_found(client, invoice, party, mark):
    for name in ("paper", "paper_file"):
        address = url(name, party, "ren_x").replace("ren_x", mark)
        assert client.get(address).status_code == 404


def test_nobody_signed_in_is_asked_to(client, invoice):
    answer = client.get(url("paper", people.alice(), invoice.public_id))
    assert answer.status_code == 302


def test_the_page_asks_again_for_papers_that_have_no_number_yet(client):
    bo = people.bo()
    order = a_confirmed_order()
    people.sign_in(client, bo)
    papers = url("order_papers", bo, order.public_id)
    assert "hx-get" in client.get(papers).content.decode()
    deliver()
    assert "hx-get" not in client.get(papers).content.decode()


def test_while_a_worker_renders_the_page_says_so_and_asks_again(client):
    order = an_order()
    drain("fast")
    bo = people.bo()
    people.sign_in(client, bo)
    page = client.get(url("order_papers", bo, order.public_id)).content.decode()
    assert "/papers/files/" not in page
    assert "hx-get" in page
    deliver()
    page = client.get(url("order_papers", bo, order.public_id)).content.decode()
    assert "hx-get" not in page
    assert page.count("/papers/files/") == 3


def test_a_lost_file_is_not_a_fault_of_the_page(client, invoice, party):
    rendition = Rendition.objects.first()
    default_storage.delete(rendition.file.name)
    assert client.get(url("paper_file", party, rendition.public_id)).status_code == 404


class TestCorrecting:
    def test_the_seller_issues_a_new_version(self, client, invoice):
        alice = people.alice()
        people.sign_in(client, alice)
        address = url("paper", alice, invoice.public_id)
        answer = client.post(address, {"reason": "Buyer's number", "po_number": "PO-99"}, follow=True)
        page = answer.content.decode()
        assert "Buyer&#x27;s number" in page
        assert invoice.versions.count() == 2

    def test_what_is_refused_is_said_beside_the_field_and_nothing_is_lost(self, client, invoice):
        alice = people.alice()
        people.sign_in(client, alice)
        answer = client.post(url("paper", alice, invoice.public_id), {"reason": "", "remarks": "LC 77/2026"})
        page = answer.content.decode()
        assert "LC 77/2026" in page
        assert answer.context["form"].errors["reason"]
        assert invoice.versions.count() == 1

    def test_the_buyer_is_offered_no_correction(self, client, invoice):
        bo = people.bo()
        people.sign_in(client, bo)
        address = url("paper", bo, invoice.public_id)
        assert '<form class="form" method="post"' not in client.get(address).content.decode()
        client.post(address, {"reason": "no", "po_number": "X"})
        assert invoice.versions.count() == 1

    def test_nor_a_colleague_without_the_role(self, client, invoice):
        colleague = people.a_colleague(people.alice(), Role.BUYER)
        people.sign_in(client, colleague)
        client.post(url("paper", colleague, invoice.public_id), {"reason": "no", "po_number": "X"})
        assert invoice.versions.count() == 1


def test_the_list_costs_the_same_for_any_number(client, django_assert_max_num_queries):
    for _ in range(4):
        an_order()
    deliver()
    bo = people.bo()
    people.sign_in(client, bo)
    client.get(url("papers", bo))
    with django_assert_max_num_queries(6):  # session, user, actor; papers, versions, files
        client.get(url("papers", bo))
