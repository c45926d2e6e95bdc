"""Lists as files: what the page shows, for whom the page is, and nothing that a spreadsheet would compute."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kernel import sheets
from tests import factories as people
from tests.catalog.factories import a_product
from tests.documents.factories import deliver
from tests.orders import factories as deals

pytestmark = pytest.mark.django_db
NAMES = ("orders_export", "order_lines_export", "papers_export")


def address(name: str, of: Any, form: str) -> str:
    return reverse(name, args=[of.company.slug, form])


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def rows_of(client: Client, url: str) -> list[list[Any]]:
    answer = client.get(url)
    assert answer.status_code == 200
    if "xlsx" in url:
        sheet = openpyxl.load_workbook(io.BytesIO(body(answer))).active
        return [list(row) for row in sheet.iter_rows(values_only=True)]
    return list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig"))))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_orders_and_their_lines_with_the_filters_of_the_page(client: Client, form: str) -> None:
    alice = people.alice()
    order = deals.a_confirmed_order(a_product(seller=alice), a_product(seller=alice), po_number="PO-7")
    deals.an_order(a_product(seller=alice))
    people.sign_in(client, alice)
    asked = address("orders_export", alice, form) + "?side=selling"
    assert len(rows_of(client, asked)) == 3
    head, row = rows_of(client, f"{asked}&state=confirmed")
    assert (head[0], row[0]) == ("Reference", order.reference)
    lines = rows_of(client, address("order_lines_export", alice, form) + "?side=selling&state=confirmed")
    assert [str(line[6]) for line in lines[1:]] == ["1", "2"]
    assert rows_of(client, address("orders_export", alice, form) + "?side=buying")[1:] == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_papers(client: Client, form: str) -> None:
    deals.a_confirmed_order()
    deliver()
    people.sign_in(client, people.bo())
    found = rows_of(client, address("papers_export", people.bo(), form) + "?kind=commercial_invoice")
    assert len(found) == 2 and found[1][0].startswith("INV-")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_is_computed(client: Client, start: str) -> None:
    deals.an_order(po_number=f"{start}1+1")
    bo = people.sign_in(client, people.bo()) and people.bo()
    for name in ("orders_export", "order_lines_export"):
        assert f"'{start}1+1" in rows_of(client, address(name, bo, "csv"))[1]
        book = openpyxl.load_workbook(io.BytesIO(body(client.get(address(name, bo, "xlsx")))))
        cells = [cell for cell in book.active[2] if cell.value == f"{start}1+1"]
        assert [cell.data_type for cell in cells] == ["s"]


def test_amounts_are_numbers_in_a_workbook_and_moments_are_the_company_s(client: Client) -> None:
    order = deals.an_order()
    people.sign_in(client, people.alice())
    row = rows_of(client, address("orders_export", people.alice(), "xlsx") + "?side=selling")[1]
    assert row[11] == float(order.total)
    local = timezone.localtime(order.placed_at, timezone.zoneinfo.ZoneInfo("Asia/Singapore"))
    assert row[1].replace(microsecond=0) == local.replace(tzinfo=None, microsecond=0)


def test_a_chinese_reader_gets_chinese_headings_and_states(client: Client) -> None:
    deals.an_order()
    people.sign_in(client, people.bo())
    head, row = rows_of(client, address("orders_export", people.bo(), "csv"))
    assert (head[2], row[2]) == ("状态", "待卖家答复")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_strangers_get_nothing(client: Client, name: str, form: str) -> None:
    deals.an_order()
    people.sign_in(client, people.charlie())
    assert client.get(address(name, people.alice(), form)).status_code == 404
    own = rows_of(client, address(name, people.charlie(), form) + "?side=selling")
    assert len(own) == 1


def test_a_workbook_that_would_be_too_long_says_so(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(sheets, "MOST_XLSX", 1)
    for _ in range(2):
        deals.an_order()
    people.sign_in(client, people.alice())
    answer = client.get(address("orders_export", people.alice(), "xlsx") + "?side=selling")
    assert answer.status_code == 422
    assert "take it as CSV" in answer.content.decode()


def test_a_csv_file_that_was_cut_says_so(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(sheets, "MOST_CSV", 1)
    for _ in range(2):
        deals.an_order()
    people.sign_in(client, people.alice())
    found = rows_of(client, address("orders_export", people.alice(), "csv") + "?side=selling")
    assert len(found) == 3 and found[2][0].startswith("This file ends here")
