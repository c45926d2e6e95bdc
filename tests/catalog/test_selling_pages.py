"""The seller's workspace in a browser's eyes."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.forms.listing import initial_of
from catalog.models import ImportJob, Product, ShelfRow
from catalog.queries.drafts import draft_of
from catalog.services import edit_product
from catalog.services.reading import read_sheet
from catalog.states import ProductState
from kernel.services import drain
from tests import factories
from tests.catalog.factories import a_draft, a_product
from tests.catalog.files import a_row, csv_file
from tests.catalog.test_media import PDF, a_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return factories.alice()


@pytest.fixture
def visit(client: Client, alice):
    """Alice's browser: `visit("listings")` is a GET, `visit("listing_new", data={…})` a POST."""
    factories.sign_in(client, alice)

    def ask(name: str, data: dict | None = None, query: str = "", company: str | None = None, **where):
        url = reverse(name, kwargs={"company": company or alice.company.slug, **where}) + query
        return client.get(url) if data is None else client.post(url, data)

    return ask


def filled(draft=None, version: int | None = None, **changes) -> dict[str, str]:
    """What a browser posts of the form."""
    posted: dict[str, object] = {}
    for name, value in initial_of(draft or a_draft(), version).items():
        if name in ("tiers", "packs"):
            for number, row in enumerate(value):
                posted |= {f"{name}-{number}-{cell}": text for cell, text in row.items()}
        elif value is True:
            posted[name] = "on"
        elif value not in (None, False):
            posted[name] = value
    return {**posted, **changes}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_answers_in_both_languages(visit, client, alice, language) -> None:
    product = a_product(seller=alice)
    draft = a_product(seller=alice, published=False, tiers=())
    visit("import_new", {"file": csv_file([a_row("Z-1", hs6="0")])})
    drain("slow", seconds=20)
    alice.user.language = language
    alice.user.save(update_fields=["language"])
    job = ImportJob.objects.get().public_id

    for name, where in [
        ("listings", {}),
        ("listing_new", {}),
        ("listing", {"product": product.public_id}),
        ("listing", {"product": draft.public_id}),
        ("listing_edit", {"product": product.public_id}),
        ("listing_stock", {"product": product.public_id}),
        ("listing_pictures", {"product": product.public_id}),
        ("listing_sheets", {"product": product.public_id}),
        ("imports", {}),
        ("import_new", {}),
        ("import", {"job": job}),
    ]:
        answer = visit(name, **where)
        assert answer.status_code == 200, name
        assert answer.content.count(b"<h1") == 1, name
        assert f'lang="{"zh-Hans" if language.startswith("zh") else "en"}"'.encode() in answer.content[:300]


def test_a_new_listing_is_saved_as_a_draft(visit) -> None:
    answer = visit("listing_new", filled(sku="NEW-1"))

    product = Product.objects.get()
    assert answer.url == f"/c/{product.company.slug}/listings/{product.public_id}/"
    assert (product.sku, product.state) == ("NEW-1", ProductState.DRAFT)
    assert product.tiers.count() == 2
    assert product.packs.count() == 2
    assert product.attributes == {"material": "nitrile", "size": "M"}


def test_a_net_weight_may_be_stated_and_taken_back(visit) -> None:
    visit("listing_new", filled(net_kg="0.0062"))
    product = Product.objects.get()
    assert product.net_kg == Decimal("0.0062")
    assert b'value="0.0062"' in visit("listing_edit", product=product.public_id).content

    visit("listing_edit", filled(sku=product.sku, net_kg="", version="1"), product=product.public_id)
    product.refresh_from_db()
    assert product.net_kg is None

    answer = visit("listing_new", filled(sku="HEAVY", net_kg="6"))
    assert set(answer.context["form"].errors) == {"net_kg"}


def test_a_new_listing_may_be_published_at_once(visit) -> None:
    visit("listing_new", filled(then="publish"))

    assert ShelfRow.objects.count() == 1


def test_what_is_wrong_is_said_beside_its_field_and_nothing_written_is_lost(visit) -> None:
    answer = visit(
        "listing_new",
        filled(sku="KEPT-1", hs6="401511", moq="many", **{"tiers-1-sgd": "99", "packs-0-gross": ""}),
    )

    form = answer.context["form"]
    assert answer.status_code == 422
    assert set(form.errors) == {"moq", "packs"}
    assert b'value="KEPT-1"' in answer.content

    answer = visit("listing_new", filled(hs6="401511", **{"tiers-1-sgd": "99"}))

    assert set(answer.context["form"].errors) == {"hs6", "tiers"}
    assert not Product.objects.exists()


def test_an_attribute_that_is_missing_is_asked_for_beside_its_field(visit) -> None:
    answer = visit("listing_new", filled(then="publish", attr_size=""))

    assert set(answer.context["form"].errors) == {"attr_size"}
    assert not Product.objects.exists()


def test_another_category_brings_its_attributes_and_keeps_what_was_written(visit) -> None:
    answer = visit("listing_new", filled(category="solvents", sku="KEPT-2", show="category"))

    assert answer.status_code == 200
    assert b'value="KEPT-2"' in answer.content
    assert b"attr_packing_group" in answer.content
    assert not Product.objects.exists()


def test_a_listing_is_edited(visit, alice) -> None:
    product = a_product(seller=alice)

    visit(
        "listing_edit",
        filled(draft_of(product), product.version, name_en="Better name"),
        product=product.public_id,
    )

    product.refresh_from_db()
    assert product.name_en == "Better name"


def test_an_edit_on_top_of_another_edit_loses_nothing(visit, alice) -> None:
    product = a_product(seller=alice)
    mine = filled(draft_of(product), product.version, name_en="My name")
    edit_product(
        actor=alice, product=product, draft=a_draft(sku=product.sku, name_en="Their name"), now=timezone.now()
    )

    answer = visit("listing_edit", mine, product=product.public_id)

    assert b"My name" in answer.content
    product.refresh_from_db()
    assert product.name_en == "Their name"

    again = {**mine, "version": str(answer.context["form"].data["version"])}
    visit("listing_edit", again, product=product.public_id)

    product.refresh_from_db()
    assert product.name_en == "My name"


def test_a_copy_begins_with_everything_but_the_sku(visit, alice) -> None:
    product = a_product(seller=alice, name_en="To be copied")

    answer = visit("listing_new", query=f"?copy={product.public_id}")

    assert b"To be copied" in answer.content
    assert product.sku.encode() not in answer.content


def test_publish_pause_and_end(visit, alice) -> None:
    product = a_product(seller=alice, published=False)

    for act, state in (
        ("publish", ProductState.PUBLISHED),
        ("pause", ProductState.PAUSED),
        ("end", ProductState.ENDED),
    ):
        visit(f"listing_{act}", {}, product=product.public_id)
        product.refresh_from_db()
        assert product.state == state

    assert not ShelfRow.objects.exists()


def test_many_are_published_at_once_and_those_that_cannot_be_are_named(visit, client, alice) -> None:
    good = a_product(seller=alice, published=False)
    bad = a_product(seller=alice, published=False, tiers=())

    visit("listings_act", {"act": "publish", "listing": [good.public_id, bad.public_id, "prd_nonsense"]})

    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state) == (ProductState.PUBLISHED, ProductState.DRAFT)
    assert bad.sku.encode() in visit("listings").content


def test_the_table_is_searched_filtered_and_paged_by_key(visit, alice, django_assert_max_num_queries) -> None:
    for number in range(5):
        a_product(seller=alice, sku=f"S-{number}", name_zh=f"手套{number}", stock=0 if number == 3 else 10)

    assert [row.sku for row in visit("listings", query="?q=手套2").context["rows"]] == ["S-2"]
    assert [row.sku for row in visit("listings", query="?stock=none").context["rows"]] == ["S-3"]
    assert [row.sku for row in visit("listings", query="?sort=sku").context["rows"]] == [
        f"S-{n}" for n in range(5)
    ]
    for odd in ("?after=%00", "?after=xx", "?sort=nonsense&state=x", "?after=WyJcdTAwMDAiLCAxXQ", "?q=%00"):
        assert visit("listings", query=odd).status_code == 200
    with django_assert_max_num_queries(9):
        visit("listings")


def test_pages_beside_each_other_meet_without_gap(alice) -> None:
    from catalog.queries.listings import SORTS, Wanted, listings

    for number in range(7):
        a_product(seller=alice, sku=f"S-{number}", stock=number % 3, published=False)

    for sort in SORTS:
        whole = [p.pk for p in listings(actor=alice, wanted=Wanted(sort=sort), size=50).rows]
        first = listings(actor=alice, wanted=Wanted(sort=sort), size=3)
        second = listings(actor=alice, wanted=Wanted(sort=sort, after=first.next), size=3)
        third = listings(actor=alice, wanted=Wanted(sort=sort, after=second.next), size=3)
        assert [p.pk for p in [*first.rows, *second.rows, *third.rows]] == whole
        back = listings(actor=alice, wanted=Wanted(sort=sort, before=second.previous), size=3)
        assert [p.pk for p in back.rows] == whole[:3]
        assert (third.next, back.previous) == ("", "")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_is_read_back_as_unchanged(visit, alice, form) -> None:
    a_product(seller=alice, sku="=1+1", name_en="-Dash; and | bar", standards=("EN 1|2",))
    a_product(seller=alice, published=False)

    answer = visit("listings_export", form=form)
    file = io.BytesIO(b"".join(answer.streaming_content))
    if form == "csv":
        assert b"'=1+1" in file.getvalue()
    visit("import_new", {"file": file})
    drain("slow", seconds=20)

    job = ImportJob.objects.get()
    assert (job.rows_unchanged, job.rows_total) == (2, 2), list(job.problems.values())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_is_a_file_without_rows(visit, form) -> None:
    from catalog.services.reading import FileEmpty

    with pytest.raises(FileEmpty):
        read_sheet(io.BytesIO(b"".join(visit("import_template", form=form).streaming_content)))


def test_stock_is_counted_and_its_movements_shown(visit, alice) -> None:
    product = a_product(seller=alice, stock=100)

    visit("listing_stock", {"counted": "120", "note": "shelf 4"}, product=product.public_id)
    answer = visit("listing_stock", product=product.public_id)

    assert [row["quantity"] for row in answer.context["movements"]] == ["+20", "+100"]
    assert visit("listing_stock", {"counted": "a few"}, product=product.public_id).status_code == 422
    assert visit("listing_stock", {"counted": "-1"}, product=product.public_id).status_code == 422


def test_pictures_and_sheets_are_uploaded_and_removed(visit, client, alice) -> None:
    product = a_product(seller=alice)
    sent = visit("listing_pictures", {"file": a_picture()}, product=product.public_id)
    assert sent.status_code == 302, sent.context["form"].errors
    image = product.images.get()
    assert client.get(image.file.url)["Cache-Control"] == "public, max-age=31536000, immutable"

    refused = visit(
        "listing_pictures", {"file": SimpleUploadedFile("junk.png", b"junk")}, product=product.public_id
    )
    assert refused.status_code == 422

    sheet = SimpleUploadedFile("sds.pdf", PDF)
    visit(
        "listing_sheets",
        {"file": sheet, "kind": "sds", "title": "SDS", "language": "en"},
        product=product.public_id,
    )
    stored = product.sheets.get()
    assert Client().get(stored.file.url).status_code == 200

    visit("listing_pause", {}, product=product.public_id)
    assert Client().get(stored.file.url).status_code == 404
    assert client.get(stored.file.url).status_code == 200

    visit("listing_picture_act", {"act": "remove"}, product=product.public_id, picture=image.public_id)
    visit("listing_sheet_remove", {}, product=product.public_id, sheet=stored.public_id)
    assert not product.images.exists()
    assert not product.sheets.exists()


def test_an_import_is_sent_reported_and_its_problems_downloaded(visit) -> None:
    answer = visit("import_new", {"file": csv_file([a_row("A-1"), a_row("A-2", hs6="=cmd()")])})
    job = ImportJob.objects.get()
    assert answer.url.endswith(f"/imports/{job.public_id}/")
    assert b'hx-trigger="load delay:1s"' in visit("import", job=job.public_id).content

    drain("slow", seconds=20)

    report = visit("import", job=job.public_id)
    assert [problem["line"] for problem in report.context["problems"]] == [3]
    problems = b"".join(visit("import_problems", job=job.public_id).streaming_content).decode()
    assert "'=cmd()" in problems


def test_a_dry_run_is_followed_by_the_import_itself(visit) -> None:
    visit("import_new", {"file": csv_file([a_row("A-1")]), "dry_run": "on"})
    drain("slow", seconds=20)
    tried = ImportJob.objects.get()
    assert not Product.objects.exists()

    visit("import_run", {}, job=tried.public_id)
    drain("slow", seconds=20)

    assert Product.objects.count() == 1


def test_subheadings_are_found_by_words_and_digits(visit) -> None:
    assert b"731815" in visit("listing_hs", query="?hs6=threaded+screws").content
    assert b"731815" in visit("listing_hs", query="?hs6=7318.15").content
    assert visit("listing_hs", query="?hs6=x").content.strip() == b""


def test_a_stranger_finds_nothing_and_a_buyer_may_not_sell(visit, client, alice) -> None:
    product = a_product(seller=alice)
    charlie = factories.charlie()
    factories.sign_in(client, charlie)
    for name in ("listing", "listing_edit", "listing_stock", "listing_pictures", "listing_sheets"):
        assert visit(name, product=product.public_id).status_code == 404
        assert visit(name, product=product.public_id, company=charlie.company.slug).status_code == 404
    assert (
        visit("listing_end", {}, product=product.public_id, company=charlie.company.slug).status_code == 404
    )

    factories.sign_in(client, factories.a_colleague(alice, "buyer"))
    assert visit("listings").status_code == 403
    product.refresh_from_db()
    assert product.state == ProductState.PUBLISHED
