"""Loading the demo: through the product's verbs, repeatable, with an account for every role."""

from __future__ import annotations

import json
import stat
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from catalog.models import ImportJob, Product, Stock
from catalog.states import ImportState, ProductState
from documents.models import Paper
from documents.states import PaperKind
from identity.actors import Member
from identity.models import ApiToken, Claim, Company, Membership, Notice, User
from identity.queries import matrix
from identity.states import ClaimState, Purpose, Role
from orders.models import Order
from orders.states import AWAITING_ANSWER, OrderState
from sme_hub.demo.files import DATA, rows_of
from sme_hub.demo.loading import desks, moments, people, recognising, shelves, trades
from sme_hub.demo.loading.cast import SELLERS, cast_sellers, load_cast

pytestmark = pytest.mark.django_db


def quiet(_: str) -> None:
    pass


def row_of(name: str, code: str) -> dict[str, str]:
    return next(row for row in rows_of(DATA / name) if row["code"] == code)


@pytest.fixture
def accounts_file(tmp_path: Path) -> Path:
    return tmp_path / "accounts.json"


def test_there_is_an_account_for_every_role_and_its_password_signs_in(accounts_file: Path) -> None:
    load_cast(accounts_file)
    accounts = json.loads(accounts_file.read_text())
    roles = {account["role"] for account in accounts}
    assert roles >= {
        *(f"seller {role}" for role in ("owner", "seller", "finance", "logistics")),
        *(f"buyer {role}" for role in ("owner", "buyer", "approver", "finance", "logistics")),
        "stranger",
        "programme officer",
    }
    for account in accounts:
        assert Client().login(username=account["email"], password=account["password"]), account["email"]
    assert stat.S_IMODE(accounts_file.stat().st_mode) == 0o600


def test_loading_again_makes_nothing_twice_and_keeps_the_tokens(accounts_file: Path) -> None:
    load_cast(accounts_file)
    before = accounts_file.read_text()
    models = (Company, User, Membership, Claim, ApiToken)
    counted = [model.objects.count() for model in models]
    load_cast(accounts_file)
    assert [model.objects.count() for model in models] == counted
    assert accounts_file.read_text() == before


def test_tokens_that_nobody_kept_are_revoked_and_issued_anew(accounts_file: Path) -> None:
    load_cast(accounts_file)
    standing = ApiToken.objects.filter(revoked_at=None).count()
    accounts_file.unlink()
    load_cast(accounts_file)
    assert ApiToken.objects.filter(revoked_at=None).count() == standing


def test_the_cast_is_verified_by_the_officer_with_an_expiry(accounts_file: Path) -> None:
    load_cast(accounts_file)
    seller = Company.objects.get(slug=SELLERS[0])
    assert seller.is_checked_on(timezone.localdate())
    claims = Claim.objects.filter(company=seller)
    assert {claim.state for claim in claims} == {ClaimState.VERIFIED}
    assert all(claim.verifier.email in people.OFFICERS and claim.expires_on for claim in claims)


def test_a_catalogue_comes_in_whole_through_the_import_and_only_once() -> None:
    owner = people.seller_company(row_of("sellers.csv", "tuas-safety"), now=timezone.now())
    shelves.stock_shelves(owner, tell=quiet)
    rows = rows_of(DATA / "listings" / "tuas-safety.csv")
    products = Product.objects.filter(company=owner.company)
    assert products.count() == len(rows)
    published = [row["sku"] for row in rows if row["status"] == "published"]
    assert set(products.filter(state=ProductState.PUBLISHED).values_list("sku", flat=True)) == set(published)
    assert {
        stock.product.sku: f"{stock.available:.0f}" for stock in Stock.objects.filter(product__in=products)
    } == {row["sku"]: row["stock"] for row in rows}
    shelves.stock_shelves(owner, tell=quiet)
    assert products.count() == len(rows)


def test_what_a_file_calls_paused_is_paused() -> None:
    owner = people.seller_company(row_of("sellers.csv", "clearsight"), now=timezone.now())
    shelves.stock_shelves(owner, tell=quiet)
    rows = rows_of(DATA / "listings" / "clearsight.csv")
    paused = {row["sku"] for row in rows if row["status"] == "paused"}
    found = Product.objects.filter(company=owner.company, state=ProductState.PAUSED)
    assert set(found.values_list("sku", flat=True)) == paused


@pytest.mark.parametrize(
    ("story", "state"),
    [
        ("", OrderState.LAPSED),
        ("accept", OrderState.CONFIRMED),
        ("freight:90.00", OrderState.LAPSED),
        ("freight:90.00|agree|pay|despatch:half", OrderState.PART_DESPATCHED),
        ("accept|pay|despatch|receive", OrderState.COMPLETED),
        ("refuse:No stock this week", OrderState.REFUSED),
        ("cancel:The project is postponed", OrderState.CANCELLED),
    ],
)
def test_a_story_ends_in_its_state_and_is_told_once(story: str, state: str) -> None:
    now = timezone.now()
    seller = people.seller_company(row_of("sellers.csv", "tuas-safety"), now=now)
    buyer = people.buyer_company(row_of("buyers.csv", "sz-xinan-safety"), now=now)
    shelves.stock_shelves(seller, tell=quiet)
    row = {
        "po_number": "DEMO-1",
        "lines": "TSE-NMF-9*24|TSE-CUTD-9*12",
        "currency": "CNY",
        "incoterm": "CIF",
        "place": "Yantian Port, Shenzhen",
        "payment_terms": "prepaid",
        "days_ago": "12",
        "story": story,
    }
    buyers = {"sz-xinan-safety": buyer}
    row["buyer"] = "sz-xinan-safety"
    assert trades.tell_season([row], buyers=buyers, seller=seller, now=now) == 1
    assert trades.tell_season([row], buyers=buyers, seller=seller, now=now) == 0
    order = Order.objects.get()
    assert order.state == state
    assert order.placed_at < now


def the_first_sellers_season(now: datetime) -> tuple[Member, dict[str, Member], list[dict[str, str]]]:
    """Tuas Safety with its shelf, its customers, and the rows of its orders."""
    seller = people.seller_company(row_of("sellers.csv", SELLERS[0]), now=now)
    shelves.stock_shelves(seller, tell=quiet)
    rows = [row for row in rows_of(DATA / "orders.csv") if row["seller"] == SELLERS[0]]
    buyers = {row["buyer"]: people.buyer_company(row_of("buyers.csv", row["buyer"]), now=now) for row in rows}
    return seller, buyers, rows


def test_a_season_of_the_past_happens_in_the_order_of_time() -> None:
    """Papers carry the day of their act and numbers in that order; what nobody answered lapsed on its own day."""
    now = timezone.now()
    seller, buyers, rows = the_first_sellers_season(now)
    assert trades.tell_season(rows, buyers=buyers, seller=seller, now=now) == len(rows)
    orders = Order.objects.filter(seller=seller.company)
    assert set(orders.values_list("state", flat=True)) == set(OrderState.values)
    invoices = list(
        Paper.objects.filter(order__in=orders, kind=PaperKind.COMMERCIAL_INVOICE).order_by("created_at")
    )
    numbers = [(invoice.year, invoice.number) for invoice in invoices]
    assert numbers == sorted(numbers) and len(numbers) > 8
    for invoice in invoices:
        assert invoice.issued_on == timezone.localdate(invoice.order.confirmed_at)
    for order in orders:
        assert order.placed_at < now and (order.closed_at or now) <= now
        if order.state == OrderState.LAPSED:
            assert order.closed_at == order.respond_by
        if order.state in AWAITING_ANSWER:
            assert order.respond_by > now
    assert trades.tell_season(rows, buyers=buyers, seller=seller, now=now) == 0


def test_an_interrupted_season_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    seller, buyers, rows = the_first_sellers_season(now)

    def pull_the_plug(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(trades.ACTS, "receive", pull_the_plug)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        trades.tell_season(rows, buyers=buyers, seller=seller, now=now)
    assert not Order.objects.exists() and not Paper.objects.exists()
    monkeypatch.undo()
    assert trades.tell_season(rows, buyers=buyers, seller=seller, now=now) == len(rows)


def test_nobody_is_written_to_about_last_month() -> None:
    """What people were told long ago is read, so that no letter about it leaves now."""
    now = timezone.now()
    seller, buyers, rows = the_first_sellers_season(now)
    trades.tell_season(rows, buyers=buyers, seller=seller, now=now)
    old = Notice.objects.filter(at__lt=now - trades.UNREAD_FOR)
    assert old.exists() and not old.unread().exists()


@pytest.mark.parametrize("days", [0.1, 1.2, 2.5, 3, 4.5, 30, 120])
def test_the_past_keeps_office_hours(days: float) -> None:
    for hours in range(0, 24 * 7, 5):
        now = datetime(2026, 11, 23, 1, tzinfo=UTC) + timedelta(hours=hours)
        local = moments.days_before(now, days, "something").astimezone(moments.CITY)
        assert local < now
        assert local.weekday() < moments.SATURDAY and 9 <= local.hour < 18, (now, local)
        if days < 3:
            assert now - local < timedelta(hours=72), "its seller can answer still"


def test_desks_are_laid_once(accounts_file: Path) -> None:
    load_cast(accounts_file)
    members = {owner.company.slug: owner for owner in cast_sellers(timezone.now())}
    seller = members[SELLERS[0]]
    assert desks.send_flawed_file(seller) and not desks.send_flawed_file(seller)
    job = ImportJob.objects.get(company=seller.company)
    assert job.state == ImportState.DONE and job.rows_refused > 5 and job.rows_created == 0
    claims = {row["company"]: row for row in rows_of(DATA / "claims.csv")}
    assert len(claims) == 6
    known = {
        row["code"]: (name, row) for name in ("sellers.csv", "buyers.csv") for row in rows_of(DATA / name)
    }
    for code in claims:
        name, row = known[code]
        make = people.seller_company if name == "sellers.csv" else people.buyer_company
        members[code] = make(row, now=timezone.now())
    assert desks.submit_claims(members) == 6
    assert desks.submit_claims(members) == 0
    waiting = Claim.objects.filter(state=ClaimState.SUBMITTED)
    assert waiting.count() == 6 and all(claim.evidence for claim in waiting)


def test_the_demos_orders_name_companies_and_goods_that_are_there() -> None:
    codes = {name: {row["code"] for row in rows_of(DATA / name)} for name in ("sellers.csv", "buyers.csv")}
    wanted: Counter[tuple[str, str]] = Counter()
    for row in rows_of(DATA / "orders.csv"):
        assert row["buyer"] in codes["buyers.csv"]
        assert row["seller"] in codes["sellers.csv"]
        stock = {
            listing["sku"]: int(listing["stock"])
            for listing in rows_of(DATA / "listings" / f"{row['seller']}.csv")
            if listing["status"] == "published"
        }
        for line in row["lines"].split("|"):
            sku, quantity = line.split("*")
            wanted[row["seller"], sku] += int(quantity)
            assert stock[sku] >= wanted[row["seller"], sku], sku
        for act in filter(None, row["story"].split("|")):
            assert act.partition(":")[0].partition("@")[0] in trades.ACTS


def test_the_basics_leave_three_sellers_with_full_shelves(
    settings: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.STATE_DIR = tmp_path  # type: ignore[attr-defined]
    call_command("load_demo", "--basics")
    assert set(Product.objects.values_list("company__slug", flat=True)) == set(SELLERS)
    assert Membership.objects.filter(roles__contains=[Role.OWNER]).exists()
    assert "done" in capsys.readouterr().out


def test_the_simulated_issuers_are_recognised_by_both_officers_once(settings: Any) -> None:
    """In both jurisdictions, for all that asks for an identity; loading again changes nothing."""
    now = timezone.now()
    assert set(settings.ISSUERS) == {"corppass-demo", "singpass-demo", "guangdong-demo"}
    assert [recognising.recognise(now), recognising.recognise(now)] == [3, 3]
    found = matrix(timezone.localdate(now), now=now)
    assert len(found.rows) == 24 and all(row.suffices for row in found.rows)
    assert {row.policy.issuer.simulated for row in found.rows} == {True}
    assert {row.policy.issuer.code for row in found.rows} == {"corppass-demo", "guangdong-demo"}, (
        "by name alone"
    )
    assert {row.policy.purpose for row in found.rows} == set(Purpose.values) - {Purpose.BROWSE}
    settings.ISSUERS = {}
    assert recognising.recognise(now) == 0
