"""The main job, from an empty house: a Singapore seller lists, a Shenzhen buyer orders, workers issue the papers.

Real processes, a real browser for each of the two, nothing prepared but the reference rows.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect
from pypdf import PdfReader

from catalog.models import Product, Stock
from documents.models import Paper
from documents.states import PaperKind
from kernel.models import Event
from orders.models import Order
from orders.states import OrderState
from sme_hub.invariants import check, waiting
from tests.factories import a_uen, a_uscc
from tests.journeys.conftest import LOCALES, MILLISECONDS, SCREENS
from tests.journeys.pages import PATIENCE, Person, Registering
from tests.stack import Stack

PASSWORD = "a lantern over the strait"
_numbers = itertools.count(1)

GLOVES = {
    "category": "hand-protection",
    "description_en": "Powder-free gloves for work with oils and solvents.",
    "description_zh": "无粉丁腈手套，适合接触油类和溶剂的作业。",
    "unspsc": "46181504",
    "hs6": "401519",
    "unit": "PR",
    "moq": "10",
    "multiple": "10",
    "lead_time_days": "3",
    "origin": "SG",
    "attributes": "material=nitrile;size=M",
    "packs": "XBX:100:240x120x80mm:0.65kg|XCT:1000:500x260x420mm:7.1kg",
    "tiers_sgd": "10:12.50|50:11.80|200:10.90",
    "stock": "1000",
    "status": "draft",
}


class Story:
    """Two people, two browsers, one order."""

    def __init__(self, arrive: Callable[[], Person], folder: Path) -> None:
        self.number = next(_numbers)
        self.folder = folder
        self.seller, self.buyer = arrive(), arrive()
        self.seller_name = f"Kallang Safety {self.number} Pte. Ltd."
        self.brand = f"Straitsea{self.number}"
        self.rows = [
            {"sku": f"GLV-{size}-{self.number}", "name_en": f"{self.brand} nitrile gloves, {size}"}
            | {"name_zh": f"{self.brand} 丁腈手套 {size}", "brand": self.brand}
            | GLOVES
            | {"attributes": f"material=nitrile;size={size}"}
            for size in ("S", "M", "L")
        ]
        self.wanted = self.rows[1]

    # -- the seller lists ----------------------------------------------------------------------------

    def seller_registers(self) -> None:
        registering = Registering(self.seller)
        registering.sign_up(
            name="Mei Lin Goh", email=f"mei{self.number}@kallang-safety.example", password=PASSWORD
        )
        registering.company(
            country="SG",
            registration_number=a_uen(201800100 + self.number),
            legal_name=self.seller_name,
            city="Singapore",
            currency="SGD",
            sells=True,
            buys=False,
        )

    def seller_says_where_to_pay(self) -> None:
        seller = self.seller
        seller.follows_step("Say where you are paid")
        seller.page.locator("main a[href$='/bank/SGD/']").click()
        seller.fills_in(
            beneficiary=self.seller_name,
            bank_name="Straits Bank",
            bic="DBSSSGSG",
            account_number="003-912345-6",
        )
        seller.presses("Save the account")
        seller.reads("Confirm it is you")
        seller.fills_in(password=PASSWORD)
        seller.presses("Go on")
        seller.sees("DBSSSGSG")

    def seller_imports(self) -> None:
        """A dry run names the bad row; mended, the file is taken."""
        bad = [row | {"hs6": "999999"} if row is self.rows[2] else row for row in self.rows]
        self._send(bad, dry_run=True)
        self.seller.waits_for("What to mend")
        self.seller.sees("hs6")
        assert not Product.objects.filter(brand=self.brand).exists(), "a dry run saves nothing"
        self._send(self.rows, dry_run=False)
        self.seller.waits_for("Every row was taken.")
        assert Product.objects.filter(brand=self.brand).count() == len(self.rows)

    def _send(self, rows: list[dict[str, str]], *, dry_run: bool) -> None:
        seller = self.seller
        seller.opens("Imports")
        seller.follows("Import a file")
        seller.fills_in(file=_csv_file(rows), dry_run=dry_run)
        seller.presses("Send")

    def seller_publishes(self) -> None:
        seller = self.seller
        seller.opens("Home")
        seller.page.locator("main .tasks a[href*='state=draft']").click()
        for row in self.rows:
            seller.page.get_by_role("checkbox", name=row["sku"]).check()
        seller.presses("Publish")
        seller.opens("Home")
        seller.sees("Nothing waits for you.")

    # -- the buyer finds and orders ------------------------------------------------------------------

    def buyer_fills_a_basket_before_signing_in(self) -> None:
        buyer = self.buyer
        buyer.goes_home()
        buyer.page.locator("main input[name=q]").fill("手套")
        buyer.page.locator("main input[name=q]").press("Enter")
        buyer.sees(self._name(self.wanted))
        self._filter_by_seller()
        buyer.page.get_by_role("link", name=self._name(self.wanted)).click()
        buyer.reads(self._name(self.wanted))
        if buyer.language == "zh-hans":  # who reads Chinese is shown yuan, converted and marked so
            expect(buyer.page.locator(".order-box-price")).to_contain_text("≈ ¥")
            buyer.chooses_currency("SGD")
        quantity = buyer.page.locator(".order-box [name=quantity]")
        quantity.fill("200")
        expect(buyer.page.locator("[data-unit-price]")).to_contain_text("10.9")
        expect(buyer.page.locator("[data-total]")).to_contain_text("2,180.00")
        buyer.presses("Add to order")
        buyer.sees("The product is in the cart.")

    def _filter_by_seller(self) -> None:
        page = self.buyer.page
        if page.locator("a.facets-open").is_visible():
            page.locator("a.facets-open").click()
        page.locator(".facets label", has_text=self.seller_name).get_by_role("checkbox").check()
        if page.locator(".facets-apply button").is_visible():
            page.locator(".facets-apply button").click()
        page.wait_for_url(re.compile("seller="))

    def _name(self, row: dict[str, str]) -> str:
        return row["name_en"] if self.buyer.language == "en" else row["name_zh"]

    def buyer_registers(self) -> None:
        registering = Registering(self.buyer)
        registering.sign_up(name="赵军", email=f"jun{self.number}@baoan-precision.example", password=PASSWORD)
        registering.company(
            country="CN",
            registration_number=a_uscc(f"91440306MA5F{self.number:05}"),
            legal_name=f"深圳市宝安精密制造{self.number}有限公司",
            name_en=f"Shenzhen Bao’an Precision {self.number} Co., Ltd.",
            city="Shenzhen",
            currency="SGD",
            buys=True,
        )

    def buyer_adds_an_address(self) -> None:
        buyer = self.buyer
        buyer.follows_step("Add an address")
        buyer.follows("New address")
        buyer.fills_in(
            label="Warehouse 3",
            contact_name="赵军",
            phone="+86 755 2345 6789",
            lines_en="18 Fuyong Road\nBao’an District",
            lines_zh="广东省深圳市宝安区\n福永大道18号",
            city="Shenzhen",
            postal_code="518103",
            country="CN",
            for_shipping=True,
            for_billing=True,
        )
        buyer.presses("Save")
        buyer.sees("Warehouse 3")

    def buyer_orders(self) -> None:
        buyer = self.buyer
        buyer.opens("Cart")
        buyer.sees(self._name(self.wanted))
        buyer.follows("Check out")
        buyer.fills_in(
            incoterm="CIF",
            place="Yantian, Shenzhen (CNYTN)",
            payment_terms="prepaid",
            po_number=f"PO-{self.number:03}",
            requested_date=f"{timezone.localdate() + timedelta(days=21):%Y-%m-%d}",
            note="请装托盘。",
        )
        buyer.presses("Place order")
        buyer.sees("The seller accepts or refuses the order.")

    @property
    def order(self) -> Order:
        return Order.objects.get(po_number=f"PO-{self.number:03}")

    # -- they agree ----------------------------------------------------------------------------------

    def seller_offers_freight(self) -> None:
        seller = self.seller
        seller.opens("Home")
        seller.page.locator("main .tasks a", has_text="1").first.click()
        seller.reads(self.order.reference)
        seller.fills_in(amount="140")
        seller.presses("Offer freight")
        seller.sees("The freight is offered. The buyer has 72 hours to agree.")

    def buyer_agrees(self) -> None:
        buyer = self.buyer
        self._to_the_order(buyer)
        buyer.sees("S$2,320.00")
        buyer.presses("Agree to the total of %(total)s", total="S$2,320.00")
        buyer.sees("The order is confirmed.")

    def _to_the_order(self, person: Person) -> None:
        person.opens("Orders")
        person.page.get_by_role("link", name=self.order.reference).click()

    # -- papers --------------------------------------------------------------------------------------

    def papers_appear(self, *kinds: str) -> None:
        """On the buyer's page, without looking again: the number of each, in three languages to download."""
        for kind in kinds:
            paper = self.buyer.page.locator("#papers li", has_text=self.buyer.says(kind))
            expect(paper.locator("a[href*='/papers/files/']").first).to_be_visible(timeout=PATIENCE)

    def invoice_says_its_number(self) -> None:
        invoice = Paper.objects.get(order=self.order, kind=PaperKind.COMMERCIAL_INVOICE)
        listed = self.buyer.page.locator("#papers li", has_text=invoice.printed_number)
        links = listed.locator("a[href*='/papers/files/']")
        assert links.count() == 3
        for index in range(3):
            text = _text_of(self.buyer.downloads(links.nth(index), self.folder))
            assert invoice.printed_number in text
            assert self.order.reference in text

    # -- payment, goods ------------------------------------------------------------------------------

    def seller_notes_the_payment(self) -> None:
        seller = self.seller
        self._to_the_order(seller)
        seller.follows("Record a payment")
        seller.presses("Record the payment")
        seller.sees("The payment is recorded.")

    def seller_ships(self, quantity: str, tracking: str) -> None:
        seller = self.seller
        self._to_the_order(seller)
        seller.follows("Record a shipment")
        seller.fills_in(line__1=quantity, carrier="Straits Ocean Line", tracking_number=tracking)
        seller.fills_in(eta=f"{timezone.localdate() + timedelta(days=9):%Y-%m-%d}")
        seller.presses("Record the shipment")
        seller.sees("The shipment is recorded.")

    def buyer_counts(self, shipment: int, arrived: str, damaged: str = "0") -> None:
        buyer = self.buyer
        self._to_the_order(buyer)
        buyer.follows("Count shipment %(number)s", number=shipment)
        buyer.fills_in(line__1=arrived, damaged__1=damaged)
        buyer.presses("Record what arrived")
        buyer.sees("What arrived is recorded.")

    def order_is_complete(self) -> None:
        assert self.order.state == OrderState.COMPLETED
        self.buyer.sees("Everything has arrived and is paid.")
        for words in (
            "Order placed",
            "Freight offered",
            "Order confirmed",
            "Payment received",
            "Goods shipped",
            "Goods counted on arrival",
            "Everything has arrived",
        ):
            expect(self.buyer.page.locator(".timeline")).to_contain_text(self.buyer.says(words))

    def buyer_orders_again(self) -> None:
        self.buyer.presses("Order again")
        self.buyer.reads("Cart")
        self.buyer.sees(self._name(self.wanted))

    # -- and the house is in order -------------------------------------------------------------------

    def house_is_in_order(self, stack: Stack) -> None:
        stack.wait_until(lambda: not waiting(), what="nothing is under way")
        broken = [f"{finding.invariant}: {finding.faults}" for finding in check() if not finding.holds]
        assert not broken
        product = Product.objects.get(sku=self.wanted["sku"])
        assert Stock.objects.get(pk=product.pk).available == Decimal(800)
        kinds = sorted(Paper.objects.filter(order=self.order).values_list("kind", flat=True))
        assert kinds == sorted(
            [
                PaperKind.ORDER_CONFIRMATION,
                PaperKind.COMMERCIAL_INVOICE,
                PaperKind.PLANNED_PACKING_LIST,
                PaperKind.PACKING_LIST,
                PaperKind.PACKING_LIST,
            ]
        )
        assert Event.objects.about(self.order.uid).filter(name="OrderConfirmed").count() == 1
        assert self.seller.failures == self.buyer.failures == []


def main_job(story: Story, stack: Stack) -> None:
    story.seller_registers()
    story.seller_says_where_to_pay()
    story.seller_imports()
    story.seller_publishes()

    story.buyer_fills_a_basket_before_signing_in()
    story.buyer_registers()
    story.buyer_adds_an_address()
    story.buyer_orders()
    story.papers_appear("Order confirmation")

    story.seller_offers_freight()
    story.buyer_agrees()
    story.papers_appear("Commercial invoice", "Planned packing list")
    story.invoice_says_its_number()

    story.seller_notes_the_payment()
    story.seller_ships("120", tracking="SOL-1001")
    story.buyer_counts(1, arrived="120")
    story.seller_ships("80", tracking="SOL-1002")
    story.buyer_counts(2, arrived="80", damaged="2")

    story.order_is_complete()
    story.buyer_orders_again()
    story.house_is_in_order(stack)


@pytest.fixture
def arrive(new_context: Callable[..., BrowserContext], stack: Stack, language: str, screen: str):
    """Somebody opens a browser of their own."""

    def person() -> Person:
        context = new_context(base_url=stack.url, locale=LOCALES[language], **SCREENS[screen])
        context.set_default_timeout(MILLISECONDS)
        return Person(context.new_page(), language)

    return person


@pytest.mark.parametrize(("language", "screen"), [("en", "desk"), ("zh-hans", "desk"), ("zh-hans", "phone")])
def test_the_main_job(stack: Stack, arrive: Callable[[], Person], tmp_path: Path) -> None:
    main_job(Story(arrive, tmp_path), stack)


def test_the_main_job_with_redis_stopped(stack: Stack, arrive: Callable[[], Person], tmp_path: Path) -> None:
    """Nobody is woken; the sweep takes what waits. Pages are no slower for it."""
    stack.stop_redis()
    try:
        main_job(Story(arrive, tmp_path), stack)
    finally:
        stack.start_redis()


def _csv_file(rows: list[dict[str, str]]) -> dict[str, object]:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return {"name": "gloves.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}


def _text_of(pdf: Path) -> str:
    return "".join(page.extract_text() for page in PdfReader(pdf).pages)
