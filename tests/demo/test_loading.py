"""Loading the demo: through the product's verbs, repeatable, with an account for every role."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from catalog.models import Product, Stock
from catalog.states import ProductState
from identity.models import ApiToken, Claim, Company, Membership, User
from identity.states import ClaimState, Role
from orders.models import Order
from orders.states import OrderState
from sme_hub.demo.files import DATA, rows_of
from sme_hub.demo.loading import people, shelves, trades
from sme_hub.demo.loading.cast import SELLERS, load_cast

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
        *(f"buyer {role}" for role in ("owner", "approver", "finance", "logistics")),
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
    assert all(claim.verifier.email == people.OFFICER and claim.expires_on for claim in claims)


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


def test_the_demos_orders_name_companies_and_goods_that_are_there() -> None:
    codes = {name: {row["code"] for row in rows_of(DATA / name)} for name in ("sellers.csv", "buyers.csv")}
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
            assert stock[sku] >= int(quantity), sku
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
