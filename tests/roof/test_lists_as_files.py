"""What a company keeps, as files: the page's rows, for whom the page is, in their language, and nothing that is computed.

Orders, papers and their like are in tests/orders/test_exports.py.
"""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

import openpyxl
import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog import services as catalog
from disputes.admin import site as mediation
from identity import services
from identity.actors import Member
from identity.models import Membership
from identity.queries import notices_of
from identity.rules.notices import words_of
from identity.services import Words
from identity.states import ClaimKind, Purpose, Role
from kernel.sheets import guarded
from sme_hub.matters import matter_of
from tests import factories as people
from tests.catalog.factories import a_product, tiers
from tests.documents.factories import deliver
from tests.roof.test_everybody import POSTED_TO, TABLE

pytestmark = pytest.mark.django_db
#: what a spreadsheet would compute, as somebody might write it anywhere
FORMULA = "=1+1"
NAMES = "members mandates addresses tokens claims talk saved"


def rows_of(client: Client, of: Member, name: str, form: str = "csv", **query: str) -> list[list[Any]]:
    """The rows of a list's file below its heading."""
    answer: Any = client.get(reverse(f"{name}_export", args=[of.company.slug, form]), query)
    assert answer.status_code == 200, name
    content = b"".join(answer.streaming_content)
    if form == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row), name
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]


@pytest.fixture
def alice() -> Member:
    return people.alice()


@pytest.fixture
def secret(alice: Member) -> str:
    """Of a token; every list of Alice's holds one row with a formula in it."""
    dana = people.a_colleague(alice, Role.BUYER, name=FORMULA)
    now = timezone.now()
    services.give_mandate(
        actor=alice,
        holder=Membership.objects.get(pk=dana.membership_id).public_id,
        act=Purpose.ORDER,
        ceiling=Decimal(5000),
        currency="SGD",
        now=now,
    )
    people.an_address(alice, label=FORMULA)
    services.submit_claim(
        actor=alice,
        kind=ClaimKind.BANK,
        statement=FORMULA,
        evidence=io.BytesIO(b"%PDF-1.7\n%%EOF\n"),
        evidence_name="letter.pdf",
        now=now,
    )
    gloves = a_product(seller=alice, name_en=FORMULA, stock=70, tiers=tiers(SGD={1: "12.50"}))
    bo = people.bo()
    matter = matter_of(bo, gloves.public_id)
    services.ask(actor=bo, matter=matter, words=Words(body=f"{FORMULA} in stock?"), now=now)
    catalog.keep_product(actor=alice, product=gloves.public_id, kept=True, now=now)
    catalog.save_search(actor=alice, name=FORMULA, query="q=gloves", now=now)
    _token, secret = services.issue_token(
        actor=alice, name=FORMULA, roles=[Role.SELLER], expires_at=now + timedelta(days=9), now=now
    )
    return secret


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_nothing_is_computed_and_no_secret_leaves(
    client: Client, alice: Member, secret: str, form: str
) -> None:
    people.sign_in(client, alice)
    for name in NAMES.split():
        cells = [str(cell) for row in rows_of(client, alice, name, form) for cell in row]
        guarded = f"'{FORMULA}" if form == "csv" else FORMULA
        assert any(cell.startswith(guarded) for cell in cells), name
        assert not any(cell.startswith("=") for cell in cells) or form == "xlsx", name
        assert not any(secret[-8:] in cell for cell in cells), name


def test_rows_say_what_their_page_says(client: Client, alice: Member, secret: str) -> None:
    people.sign_in(client, alice)
    services.invite_member(
        actor=alice, email="dana@example.com", roles=[Role.SELLER, Role.FINANCE], now=timezone.now()
    )
    found = {row[1]: row[2:4] for row in rows_of(client, alice, "members")}
    assert found[alice.user.email] == ["Owner", "Member"]
    assert found["dana@example.com"] == ["Seller, Finance", "Invited"]
    [mandate] = rows_of(client, alice, "mandates", "xlsx")
    assert mandate[2:6] == [5000, "SGD", "The company", "In force"]
    claims = {row[0]: row[1:] for row in rows_of(client, alice, "claims")}
    assert len(claims) == len(ClaimKind) and claims["Bank account in the company's name"][5] == "letter.pdf"
    [talk] = rows_of(client, alice, "talk")
    assert talk[1:4] == ["Product", people.bo().company.name_en, "Yes"] and talk[6] == f"'{FORMULA} in stock?"
    [kept] = rows_of(client, alice, "saved", "xlsx")
    assert kept[3:6] == ["SGD", 12.5, 12.5] and kept[7:9] == [70, "On sale now"]
    assert kept[11].startswith("http://testserver/en/products/")
    [search] = rows_of(client, alice, "saved", show="searches")
    assert search[3].endswith("/en/search/?q=gloves")
    assert rows_of(client, alice, "saved", show="sellers") == []


def test_each_reads_what_they_read_on_the_page(client: Client, alice: Member, secret: str) -> None:
    """A colleague: no invitation, no mandate, no token of others. Strangers: nothing. The other side: its own view."""
    services.invite_member(actor=alice, email="dana@example.com", roles=[Role.SELLER], now=timezone.now())
    seller = people.a_colleague(alice, Role.SELLER, email="eve@tanjong-bolts.example")
    people.sign_in(client, seller)
    assert "dana@example.com" not in {row[1] for row in rows_of(client, seller, "members")}
    assert rows_of(client, seller, "tokens") == []
    assert client.get(reverse("mandates_export", args=[alice.company.slug, "csv"])).status_code == 403
    people.sign_in(client, people.charlie())
    for name in NAMES.split():
        address = reverse(f"{name}_export", args=[alice.company.slug, "csv"])
        assert client.get(address).status_code == 404, name
    people.sign_in(client, people.bo())
    [talk] = rows_of(client, people.bo(), "talk")
    assert talk[1:5] == ["商品", "丹戎螺栓私人有限公司", "否", "我方"]
    assert rows_of(client, people.bo(), "talk", show="unread") == []


def test_each_page_leads_to_its_files(client: Client, alice: Member, secret: str) -> None:
    people.sign_in(client, alice)
    for name in NAMES.split():
        page = client.get(reverse(name, args=[alice.company.slug]), {"q": "1+1"}).content.decode()
        for form in ("csv", "xlsx"):
            assert reverse(f"{name}_export", args=[alice.company.slug, form]) in page, name
    assert (
        "export.csv?q=1%2B1"
        in client.get(reverse("talk", args=[alice.company.slug]) + "?q=1%2B1").content.decode()
    )


# --- no list without its file -----------------------------------------------------------------------------------------

#: pages of the product that are no list to take away, by the reason
NO_FILE = {
    "for everybody: search engines and visitors read them, and taking the whole shelf away is for the API": "home search storefront"
    " recognition demo try_it help help_guide help_glossary terms privacy consent_notice contact simulated dev_mail",
    "one thing, or a few numbers": "product invitation company bank bank_change order order_print order_papers order_finance paper thread"
    " thread_news case case_room case_record case_session finance_offer financing_file import linking show_who approval inbox_bell"
    " listing",
    "what waits today, led to from there": "workspace programme desk",
    "a form": "company_new company_edit claim_submit mandate_new member_invite member_roles address_new address_edit token_new bank_set"
    " listing_new listing_edit listing_attributes listing_hs listing_pictures listing_sheets listing_stock import_new checkout"
    " quick_order order_payment order_despatch order_receive finance_offer spending_limit case_new talk_ask inbox_preferences",
    "a choice that is not ordered yet: the order's lines are a file": "cart basket",
    "the first few of every list, each with a way to the list itself": "find",
    "a file, or a word for machines": "media paper_file case_file import_problems import_template dev_letter healthz jwks",
    "taken with everything else that is kept of a person": "my_data identities security",
    "leads on": "ask factors notice issuer_login issuer_callback",
}


def test_no_list_is_without_its_file() -> None:
    """A page is a list that is a file as well, or stands above with its reason."""
    excused = {name for listed in NO_FILE.values() for name in listed.split()}
    pages = {name for name, answers in TABLE.items() if answers != POSTED_TO and not name.startswith("api_")}
    files = {name for name in pages if name.endswith("_export")}
    lists = {name for name in pages if f"{name}_export" in files}
    assert pages - files - lists == excused
    assert {name.removesuffix("_export") for name in files} - lists == {"order_lines"}


@pytest.mark.parametrize("site", [admin.site, mediation], ids=["operator", "mediation"])
def test_every_table_of_a_desk_is_a_file(site: admin.AdminSite) -> None:
    for model in site._registry:
        reverse(f"{site.name}:{model._meta.app_label}_{model._meta.model_name}_export", args=["xlsx"])


def test_the_inbox_is_a_file(client: Client, alice: Member, secret: str) -> None:
    """All its pages, in the reader's words, of nobody else; narrowed as the page is."""
    deliver()
    people.sign_in(client, alice)
    page = client.get(reverse("inbox"), {"show": "unread"}).content.decode()
    assert f"{reverse('inbox_export', args=['xlsx'])}?show=unread" in page
    told = list(notices_of(alice.user, timezone.now()).order_by("-pk"))
    assert len(told) > 1
    with mock.patch("identity.queries.inbox.lines_of.__kwdefaults__", {"unread": False, "size": 1}):
        answer: Any = client.get(reverse("inbox_export", args=["csv"]))
        found = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row[1] for row in found[1:]] == [guarded(words_of(each.code, each.params, "en")) for each in told]
    services.read_all(user=alice.user, now=timezone.now())
    answer = client.get(reverse("inbox_export", args=["xlsx"]), {"show": "unread"})
    assert openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.max_row == 1


def test_a_list_of_the_desk_is_taken_as_it_is_narrowed(client: Client, alice: Member) -> None:
    """Its columns and words, no link, nothing computed; what the list refuses, the file refuses."""
    claims = {kind: _claims_of(alice, kind) for kind in ("registration", "address")}
    people.sign_in(client, people.officer())
    narrowed = {"kind__exact": "address"}
    page = client.get(reverse("admin:identity_claim_changelist"), narrowed).content.decode()
    address = reverse("admin:identity_claim_export", args=["csv"])
    assert f"{address}?kind__exact=address" in page
    answer: Any = client.get(address, narrowed)
    header, *found = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert header == ["Company", "Claim", "State", "Sent on", "Checked on", "Holds until"]
    assert [row[:3] for row in found] == [
        [str(alice.company), str(ClaimKind.ADDRESS.label), claims["address"].get_state_display()]
    ]
    answer = client.get(reverse("admin:identity_company_export", args=["xlsx"]), {"q": alice.company.slug})
    assert openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.max_row == 1
    refused = client.get(address, {"company__legal_name__startswith": "T"})
    assert refused.status_code == 400


def _claims_of(of: Member, kind: str) -> Any:
    return services.submit_claim(
        actor=of,
        kind=kind,
        statement="Extract",
        evidence=io.BytesIO(b"%PDF-1.7\n%%EOF\n"),
        evidence_name="extract.pdf",
        now=timezone.now(),
    )
