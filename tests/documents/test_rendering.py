"""Rendering: three languages, embedded fonts, repeatable after a kill."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from pypdf import PdfReader

from documents.handlers import ISSUER
from documents.models import PaperVersion, Rendition
from documents.services import keep_renditions, remove_orphans, render_versions
from documents.services.rendering import render
from documents.states import PaperKind, PaperLanguage
from kernel.models import Delivery, Event
from kernel.services import drain
from tests import factories as people
from tests.catalog.factories import a_product
from tests.documents.factories import an_invoice, deliver, paper_of
from tests.orders.factories import NOW, a_confirmed_order, a_despatch

pytestmark = pytest.mark.django_db


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def rendered(order, kind: str, language: str) -> str:
    return text_of(render(paper_of(order, kind).versions.get().data, language))


def test_every_paper_is_rendered_in_three_languages():
    order = a_confirmed_order()
    a_despatch(order)
    deliver()
    for kind in PaperKind.values:
        version = paper_of(order, kind).versions.get()
        assert set(version.renditions.values_list("language", flat=True)) == set(PaperLanguage.values)


def test_a_rendition_is_the_file_it_says_it_is():
    for rendition in an_invoice().versions.get().renditions.all():
        pdf = rendition.file.read()
        assert pdf.startswith(b"%PDF-")
        assert (len(pdf), hashlib.sha256(pdf).hexdigest()) == (rendition.size, rendition.digest)


def test_file_names_tell_nothing():
    invoice = an_invoice()
    names = [rendition.file.name for rendition in Rendition.objects.all()]
    assert len(set(names)) == len(names)
    assert not any(invoice.printed_number in name or str(invoice.pk) == name for name in names)
    assert all(len(name.removeprefix("papers/").removesuffix(".pdf")) == 32 for name in names)


def test_when_all_languages_are_there_it_is_said_once():
    invoice = an_invoice()
    said = Event.objects.filter(name="PaperRendered", payload__version_id=invoice.versions.get().pk)
    assert said.count() == 1
    assert said.get().about == invoice.order.uid


def test_english_and_chinese_and_both():
    order = a_confirmed_order()
    drain("fast")
    english, chinese, both = (
        rendered(order, PaperKind.COMMERCIAL_INVOICE, language) for language in PaperLanguage.values
    )
    assert "Commercial invoice" in english and "商业发票" not in english
    assert "商业发票" in chinese and "Commercial invoice" not in chinese
    assert "Commercial invoice" in both and "商业发票" in both
    for text in (english, chinese, both):
        assert order.reference in text
        assert "INV-" in text


@pytest.mark.parametrize("kind", PaperKind.values)
def test_rare_characters_are_printed(kind):
    """䶮 is in no everyday font; a name without its characters is another name."""
    product = a_product(seller=people.alice(), name_zh="堃犇䶮牌手套")
    order = a_confirmed_order(product)
    a_despatch(order)
    drain("fast")
    assert "堃犇䶮" in rendered(order, kind, "zh-hans")


@pytest.mark.parametrize("kind", PaperKind.values)
@pytest.mark.parametrize("language", PaperLanguage.values)
def test_a_character_that_no_font_has_keeps_no_paper_back(kind, language):
    """PDF/A refuses such a file; the paper is made all the same, and shows where something is missing."""
    strange = "😀❤️ก مكتب 𠮷\x07\u200d\u202e 龘"
    product = a_product(seller=people.alice(), name_en=f"Glove {strange}", name_zh=f"手套{strange}")
    order = a_confirmed_order(product, po_number=f"PO {strange}", note=strange)
    for party in (order.seller_party, order.buyer_party):
        party |= {"legal_name": strange, "name_en": strange, "name_zh": strange}
    order.save()
    a_despatch(order)
    drain("fast")
    assert "PO □" in rendered(order, kind, language)


def test_fonts_are_embedded():
    drain_of = a_confirmed_order()
    drain("fast")
    pdf = render(paper_of(drain_of, PaperKind.COMMERCIAL_INVOICE).versions.get().data, "bilingual")
    fonts = [
        font.get_object()
        for page in PdfReader(io.BytesIO(pdf)).pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_the_same_data_gives_the_same_bytes():
    order = a_confirmed_order()
    drain("fast")
    data = paper_of(order, PaperKind.COMMERCIAL_INVOICE).versions.get().data
    assert render(data, "bilingual") == render(data, "bilingual")


def test_a_long_table_repeats_its_head_and_counts_its_pages():
    seller = people.alice()
    order = a_confirmed_order(*(a_product(seller=seller) for _ in range(60)))
    drain("fast")
    pdf = PdfReader(
        io.BytesIO(render(paper_of(order, PaperKind.COMMERCIAL_INVOICE).versions.get().data, "en"))
    )
    assert len(pdf.pages) > 2
    for number, page in enumerate(pdf.pages, start=1):
        text = page.extract_text()
        assert f"Page {number} of {len(pdf.pages)}" in text
        if number < len(pdf.pages):
            assert "Description of goods" in text


def test_markup_in_peoples_words_stays_words():
    hostile = '#read("/etc/passwd") *bold* $x$ <label> @ref \\ // "quoted"'
    order = a_confirmed_order(a_product(seller=people.alice(), name_en=hostile))
    drain("fast")
    assert '#read("/etc/passwd") *bold* $x$' in rendered(order, PaperKind.COMMERCIAL_INVOICE, "en").replace(
        "\n", " "
    )


def test_files_that_nobody_recorded_are_removed_after_a_day():
    invoice = an_invoice()
    [orphan] = [made.name for made in _orphans(invoice)]
    kept = [rendition.file.name for rendition in Rendition.objects.all()]
    now = timezone.now()
    assert remove_orphans(now=now) == 0
    later = now + timedelta(days=1, minutes=1)
    assert remove_orphans(now=later) >= 1
    assert not default_storage.exists(orphan)
    assert all(default_storage.exists(name) for name in kept)


def _orphans(paper):
    """As a worker leaves them that dies before it could record its files."""
    version = paper.versions.get()
    version.renditions.filter(language="en").delete()
    return render_versions([version.pk])


class TestAfterAKill:
    def test_before_anything_was_recorded_it_is_done_again(self):
        a_confirmed_order()
        drain("fast")
        versions = list(PaperVersion.objects.values_list("pk", flat=True))
        render_versions(versions)
        deliver()
        assert Rendition.objects.count() == 3 * len(versions)

    def test_after_it_was_recorded_nothing_is_done_again(self):
        a_confirmed_order()
        deliver()
        before = set(Rendition.objects.values_list("pk", "digest"))
        said = Event.objects.filter(name="PaperRendered").count()
        Delivery.objects.filter(lane="slow").update(done_at=None, leased_until=None)
        deliver()
        assert set(Rendition.objects.values_list("pk", "digest")) == before
        assert Event.objects.filter(name="PaperRendered").count() == said

    def test_only_what_lacks_is_rendered(self):
        a_confirmed_order()
        drain("fast")
        versions = list(PaperVersion.objects.values_list("pk", flat=True))
        [first, *rest] = render_versions(versions)
        keep_renditions([first], actor=ISSUER, now=NOW)
        assert len(render_versions(versions)) == len(rest)
        assert default_storage.exists(first.name)
