"""Bulk import: a seller's file becomes listings, row by row, once."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog import handlers
from catalog.models import ImportJob, ImportPart, Product, ShelfRow, Stock, StockMovement
from catalog.services import count_stock, importing, pause, receive_import
from catalog.states import ImportState, ProductState
from kernel.models import Delivery, Event
from kernel.services import drain
from tests import factories
from tests.catalog.factories import a_product
from tests.catalog.files import a_row, csv_file, xlsx_file

pytestmark = pytest.mark.django_db


def sent(file: io.BytesIO, *, actor=None, name: str = "listings.csv", dry_run: bool = False) -> ImportJob:
    """The job of a file that a worker has done with."""
    job = receive_import(
        actor=actor or factories.alice(), file=file, file_name=name, dry_run=dry_run, now=timezone.now()
    )
    drain("slow", seconds=60)
    job.refresh_from_db()
    return job


def problems(job: ImportJob) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.code) for problem in job.problems.all()]


def test_a_file_becomes_published_listings_with_stock() -> None:
    job = sent(csv_file([a_row("A-1"), a_row("A-2", status="draft", stock="")]))

    assert (job.state, job.rows_total, job.rows_created, job.rows_refused) == (ImportState.DONE, 2, 2, 0)
    first, second = Product.objects.order_by("sku")
    assert (first.state, first.stock.available) == (ProductState.PUBLISHED, 500)
    assert (second.state, second.stock.available) == (ProductState.DRAFT, 0)
    assert first.packs.count() == 2
    assert [str(tier) for tier in first.tiers.all()] == [
        "SGD 12.500000 from 10.000000",
        "SGD 11.800000 from 50.000000",
    ]
    assert list(ShelfRow.objects.values_list("product_id", flat=True)) == [first.pk]
    assert Event.objects.filter(name="ImportFinished", subject_id=job.uid).count() == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_chinese_is_read_in_each_usual_encoding(encoding: str) -> None:
    sent(csv_file([a_row("A-1", name_zh="不锈钢六角螺栓")], encoding=encoding))

    assert Product.objects.get().name_zh == "不锈钢六角螺栓"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_each_usual_separator_is_recognised(delimiter: str) -> None:
    job = sent(csv_file([a_row("A-1")], delimiter=delimiter))

    assert (job.rows_created, problems(job)) == (1, [])


def test_a_workbook_says_the_same_as_a_csv_file() -> None:
    job = sent(xlsx_file([a_row("A-1") | {"moq": 10, "stock": 500.0, "hs6": 401519}]), name="listings.xlsx")

    assert (job.rows_created, problems(job), job.encoding) == (1, [], "xlsx")
    assert Product.objects.get().stock.available == 500


def test_the_same_file_again_is_answered_with_the_first_report_and_changes_nothing() -> None:
    rows = [a_row("A-1")]
    first = sent(csv_file(rows))
    product = Product.objects.get()
    count_stock(actor=factories.alice(), product=product, counted=Decimal(7), now=timezone.now())

    again = sent(csv_file(rows), name="renamed.csv")

    assert again.pk == first.pk
    assert Stock.objects.get().available == 7
    assert ImportJob.objects.count() == 1


def test_another_seller_may_send_the_same_file() -> None:
    rows = [a_row("A-1")]
    sent(csv_file(rows))

    job = sent(csv_file(rows), actor=factories.charlie())

    assert job.rows_created == 1
    assert Product.objects.count() == 2


def test_a_dry_run_reports_and_keeps_nothing() -> None:
    job = sent(csv_file([a_row("A-1"), a_row("A-2", hs6="999999")]), dry_run=True)

    assert (job.state, job.rows_created, job.rows_refused) == (ImportState.DONE, 1, 1)
    assert not Product.objects.exists()
    assert not StockMovement.objects.exists()
    assert not Event.objects.filter(name__startswith="Product").exists()


def test_after_a_dry_run_the_file_may_be_imported() -> None:
    rows = [a_row("A-1")]
    sent(csv_file(rows), dry_run=True)

    assert sent(csv_file(rows)).rows_created == 1
    assert Product.objects.count() == 1


def test_bad_rows_say_what_to_mend_and_the_others_are_taken() -> None:
    job = sent(
        csv_file(
            [
                a_row("A-1", hs6="401511", gtin="4006381333930"),
                a_row("A-2", moq="ten"),
                a_row("A-3", packs="a box of 100"),
                a_row("A-4", tiers_sgd="1:12|50:13"),
                a_row("A-5", category="shoes"),
                a_row("A-6", attributes="size=M;colour=blue"),
                a_row("A-7", stock="-5"),
                a_row("A-8", status="sold"),
                a_row("A-9"),
                a_row("", name_en="No number"),
            ]
        )
    )

    assert (job.rows_created, job.rows_refused) == (1, 9)
    assert problems(job) == [
        (2, "gtin", "listing.gtin_wrong"),
        (2, "hs6", "listing.hs_unknown"),
        (3, "moq", "import.not_a_number"),
        (4, "packs", "import.pack_malformed"),
        (5, "tiers_sgd", "listing.tier_rises"),
        (6, "category", "listing.category_unknown"),
        (7, "attributes", "listing.attribute_unknown"),
        (8, "stock", "stock.count_refused"),
        (9, "status", "import.status_unknown"),
        (11, "sku", "listing.missing"),
    ]
    assert list(Product.objects.values_list("sku", flat=True)) == ["A-9"]


def test_a_row_that_cannot_be_published_is_refused_whole() -> None:
    job = sent(csv_file([a_row("A-1", tiers_sgd="", attributes="size=M")]))

    assert problems(job) == [
        (2, "tiers_sgd", "listing.no_price"),
        (2, "attributes", "listing.attribute_needed"),
    ]
    assert not Product.objects.exists()


def test_an_sku_that_stands_twice_in_the_file_is_taken_once() -> None:
    job = sent(csv_file([a_row("A-1"), a_row("A-1 ", name_en="Another")]))

    assert (job.rows_created, problems(job)) == (1, [(3, "sku", "import.sku_twice")])


def test_a_listing_is_edited_only_where_the_row_differs() -> None:
    first, second = a_row("A-1"), a_row("A-2")
    sent(csv_file([first, second]))
    before = dict(Product.objects.values_list("sku", "version"))

    job = sent(csv_file([first | {"name_en": "New name"}, second]))

    assert (job.rows_changed, job.rows_unchanged) == (1, 1)
    after = dict(Product.objects.values_list("sku", "version"))
    assert after["A-2"] == before["A-2"]
    assert after["A-1"] == before["A-1"] + 1


def test_a_file_of_sku_and_stock_counts_and_changes_nothing_else() -> None:
    alice = factories.alice()
    product = a_product(seller=alice, sku="A-1", stock=100, name_en="Bolt")

    job = sent(csv_file([{"sku": "A-1", "stock": "130"}]))

    assert job.rows_changed == 1
    product.refresh_from_db()
    assert (product.name_en, product.state) == ("Bolt", ProductState.PUBLISHED)
    assert product.stock.available == 130
    last = StockMovement.objects.latest("id")
    assert (last.quantity, last.reference) == (30, job.uid)


def test_a_price_column_leaves_prices_in_other_currencies() -> None:
    alice = factories.alice()
    product = a_product(seller=alice, sku="A-1")

    sent(csv_file([{"sku": "A-1", "tiers_cny": "10:67.5"}]))

    assert [tier.currency for tier in product.tiers.all()] == ["CNY", "SGD", "SGD"]


def test_the_status_column_publishes_and_pauses() -> None:
    alice = factories.alice()
    shown = a_product(seller=alice, sku="A-1")
    hidden = pause(actor=alice, product=a_product(seller=alice, sku="A-2"), now=timezone.now())
    a_product(seller=alice, sku="A-3")

    job = sent(
        csv_file(
            [
                {"sku": "A-1", "status": "paused"},
                {"sku": "A-2", "status": "published"},
                {"sku": "A-3", "status": "draft"},
            ]
        )
    )

    shown.refresh_from_db()
    hidden.refresh_from_db()
    assert (shown.state, hidden.state) == (ProductState.PAUSED, ProductState.PUBLISHED)
    assert problems(job) == [(4, "status", "import.not_a_draft_again")]


def test_listings_of_other_sellers_are_out_of_reach() -> None:
    theirs = a_product(seller=factories.charlie(), sku="A-1", name_en="Theirs")

    sent(csv_file([a_row("A-1", name_en="Mine")]))

    theirs.refresh_from_db()
    assert theirs.name_en == "Theirs"
    assert Product.objects.count() == 2


def test_a_sender_who_has_lost_the_role_changes_nothing() -> None:
    alice = factories.alice()
    seller = factories.a_colleague(alice, "seller")
    job = receive_import(
        actor=seller, file=csv_file([a_row("A-1")]), file_name="a.csv", dry_run=False, now=timezone.now()
    )
    seller.user.memberships.update(roles=["buyer"])

    drain("slow", seconds=20)

    job.refresh_from_db()
    assert (job.state, job.refusal) == (ImportState.REFUSED, "import.sender_left")
    assert not Product.objects.exists()


def test_a_file_that_was_refused_whole_may_be_sent_again() -> None:
    """By a colleague, after the first sender lost the role."""
    alice = factories.alice()
    seller = factories.a_colleague(alice, "seller")
    content = csv_file([a_row("A-1")]).getvalue()
    refused = receive_import(
        actor=seller, file=io.BytesIO(content), file_name="a.csv", dry_run=False, now=timezone.now()
    )
    seller.user.memberships.update(roles=["buyer"])
    drain("slow", seconds=20)

    job = sent(io.BytesIO(content), actor=alice)

    assert job.pk != refused.pk
    assert (job.state, job.rows_created) == (ImportState.DONE, 1)


def test_rows_are_taken_in_parts_of_500() -> None:
    job = sent(csv_file([{"sku": f"A-{number}", "stock": "1"} for number in range(501)]))

    assert [len(part.rows) for part in job.parts.order_by("number")] == [500, 1]
    assert job.parts.get(number=2).first_line == 502
    assert (job.rows_done, job.rows_refused) == (501, 501)


def test_a_worker_killed_amid_a_part_is_followed_by_one_that_goes_on() -> None:
    factories.alice()
    drain("slow", seconds=20)  # what follows from her company's registering
    job = receive_import(
        actor=factories.alice(),
        file=csv_file([a_row(f"A-{number}") for number in range(5)]),
        file_name="a.csv",
        dry_run=False,
        now=timezone.now(),
    )
    read = Delivery.objects.get(handler="catalog.read_import")
    drain_one()
    part = ImportPart.objects.get()
    rows = part.rows
    part.rows = rows[:2]
    importing.take_part(part, actor=factories.alice(), now=timezone.now())  # killed here

    drain("slow", seconds=20)

    job.refresh_from_db()
    assert (job.state, job.rows_done, job.rows_created) == (ImportState.DONE, 5, 5)
    assert read.pk


def test_a_worker_thought_dead_and_its_successor_take_turns() -> None:
    factories.alice()
    drain("slow", seconds=20)  # what follows from her company's registering
    job = receive_import(
        actor=factories.alice(),
        file=csv_file([a_row(f"A-{number}") for number in range(120)]),
        file_name="a.csv",
        dry_run=False,
        now=timezone.now(),
    )
    drain_one()
    straggler, successor = ImportPart.objects.get(), ImportPart.objects.get()
    now = timezone.now()
    successor.rows = successor.rows[:60]
    importing.take_part(successor, actor=factories.alice(), now=now)
    importing.finish_part(straggler, actor=factories.alice(), now=now)
    assert not ImportPart.objects.filter(done_at__isnull=False).exists()

    importing.take_part(straggler, actor=factories.alice(), now=now)
    importing.finish_part(straggler, actor=factories.alice(), now=now)

    job.refresh_from_db()
    assert (job.state, job.rows_done, job.rows_created, job.rows_refused) == (ImportState.DONE, 120, 120, 0)


def test_delivered_twice_is_as_good_as_once() -> None:
    job = sent(csv_file([a_row("A-1")]))
    events = Event.objects.count()

    Delivery.objects.update(done_at=None, token=None, leased_until=None)
    drain("slow", seconds=20)

    job.refresh_from_db()
    assert (job.rows_done, job.rows_created) == (1, 1)
    assert Event.objects.count() == events
    assert handlers.read_import.__name__ == "read_import"


def drain_one() -> None:
    drain("slow", seconds=0.0001)
