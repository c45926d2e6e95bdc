"""A seller at work in a real browser: writes a listing, imports a file, and finds no barrier on the way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from catalog.models import ImportJob, Product
from catalog.services import receive_import
from catalog.states import ImportState, ProductState
from identity.actors import Member
from kernel.models import Delivery, Event
from tests import factories
from tests.catalog.factories import a_product
from tests.catalog.files import a_row, csv_file
from tests.catalog.test_media import a_picture
from tests.journeys.test_axe import findings, scrolls_sideways
from tests.stack import Stack


@pytest.fixture
def alice() -> Member:
    return factories.alice()


@pytest.fixture
def desk(page: Page, context: Any, stack: Stack, alice: Member, language: str) -> Page:
    """Alice's browser, signed in, in her workspace's language."""
    alice.user.language = language
    alice.user.save(update_fields=["language"])
    client = factories.sign_in(Client(), alice)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": stack.url}])
    return page


def at(alice: Member, path: str) -> str:
    return f"/c/{alice.company.slug}/{path}"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_listing_is_written_pictured_and_published(desk: Page, alice: Member, language: str) -> None:
    sku = f"WRITTEN-{language}"
    desk.goto(at(alice, "listings/new/"))
    desk.fill("[name=sku]", sku)
    desk.select_option("[name=category]", "hand-protection")
    desk.fill("[name=attr_size]", "M")
    desk.fill("[name=attr_material]", "nitrile")
    desk.fill("[name=name_en]", "Nitrile gloves, M")
    desk.fill("[name=description_en]", "Powder-free gloves.")
    desk.fill("[name=name_zh]", "丁腈手套 M")
    desk.fill("[name=description_zh]", "无粉手套。")
    desk.fill("[name=tiers-0-from]", "1")
    desk.fill("[name=tiers-0-sgd]", "12.50")
    for _ in range(2):
        desk.locator("[data-rows-add]").first.click()
    desk.fill("[name=tiers-4-from]", "50")
    desk.fill("[name=tiers-4-sgd]", "11.80")
    desk.select_option("[name=origin]", "SG")
    desk.fill("[name=hs6]", "gloves")
    expect(desk.locator("#hs-found option[value='401519']")).to_be_attached()
    desk.fill("[name=hs6]", "401511")
    desk.locator("[name=then]").click()

    expect(desk.locator("#form-errors")).to_be_visible()
    expect(desk.locator("[name=attr_material]")).to_have_value("nitrile")
    desk.fill("[name=hs6]", "401519")
    desk.locator("[name=then]").click()

    product = Product.objects.get(sku=sku)
    expect(desk).to_have_url(re.compile(f"{product.public_id}/$"))
    assert product.state == ProductState.PUBLISHED
    desk.goto(at(alice, f"listings/{product.public_id}/pictures/"))
    picture = {"name": "glove.png", "mimeType": "image/png", "buffer": a_picture().getvalue()}
    desk.set_input_files("[name=file]", files=[picture])
    desk.locator("form[enctype] .button-main").click()
    expect(desk.locator(".picture-list img")).to_have_count(1)


def test_a_file_is_imported_while_its_progress_is_watched(desk: Page, alice: Member) -> None:
    rows = [a_row(f"FILE-{number}", hs6="0" if number == 7 else "401519") for number in range(60)]
    desk.goto(at(alice, "imports/new/"))
    file = {"name": "gloves.csv", "mimeType": "text/csv", "buffer": csv_file(rows).getvalue()}
    desk.set_input_files("[name=file]", files=[file])
    desk.locator("form[enctype] .button-main").click()

    expect(desk.locator(".figures")).to_be_visible(timeout=60_000)
    expect(desk.locator(".figure").first).to_contain_text("59")
    expect(desk.locator("tbody tr")).to_have_count(1)
    assert Product.objects.filter(sku__startswith="FILE-").count() == 59


@pytest.mark.parametrize(
    ("language", "screen", "theme"),
    [("en", "desk", "dark"), ("en", "phone", "light"), ("zh-hans", "phone", "dark")],
)
def test_nobody_meets_a_barrier(desk: Page, alice: Member, language: str, screen: str, theme: str) -> None:
    product = Product.objects.filter(sku="SEEN").first() or a_product(seller=alice, sku="SEEN", stock=40)
    desk.emulate_media(color_scheme=theme)
    one = f"listings/{product.public_id}"
    found = {}
    for path in (
        "listings/",
        "listings/new/",
        f"{one}/",
        f"{one}/edit/",
        f"{one}/stock/",
        f"{one}/pictures/",
        f"{one}/sheets/",
        "imports/",
        "imports/new/",
    ):
        desk.goto(at(alice, path))
        if grave := findings(desk):
            found[path] = grave
        assert not scrolls_sideways(desk), f"{path} scrolls sideways"
    assert not found, found


def test_a_worker_killed_amid_an_import_takes_no_row_twice(stack: Stack, alice: Member) -> None:
    stack.env |= {"SLOW_LEASE_SECONDS": "3"}
    stack.kill("relay", "slow", "sweep")
    stack.start("relay", "slow", "sweep")
    rows = [a_row(f"KILL-{number}") for number in range(600)]
    job = receive_import(
        actor=alice, file=csv_file(rows), file_name="kill.csv", dry_run=False, now=timezone.now()
    )

    def rows_done() -> int:
        return ImportJob.objects.values_list("rows_done", flat=True).get(pk=job.pk)

    for reached in (1, 150, 300):
        stack.wait_until(lambda reached=reached: rows_done() >= reached, what=f"{reached} rows")
        stack.kill("slow", "sweep")
        stack.start("slow", "sweep")

    def over() -> bool:
        return ImportJob.objects.filter(pk=job.pk, state=ImportState.DONE).exists()

    stack.wait_until(over, seconds=120, what="the import is done")
    job.refresh_from_db()
    assert (job.rows_done, job.rows_created, job.rows_refused) == (600, 600, 0)
    assert Product.objects.filter(sku__startswith="KILL-").count() == 600
    assert Event.objects.filter(name="ImportFinished", subject_id=job.uid).count() == 1
    assert not Delivery.objects.filter(parked_at__isnull=False).exists()
