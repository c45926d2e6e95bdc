"""The public pages, as visitors, sellers and hostile addresses meet them."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog import services
from catalog.models import Product, Tier
from catalog.rules.drafts import PackDraft
from identity.services import decide_claim, submit_claim
from identity.states import ClaimKind
from tests import factories
from tests.catalog.factories import NOW, a_product, tiers

pytestmark = pytest.mark.django_db


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return re.sub(r"\s+", " ", response.content.decode())


def page_of(product: Product, language: str = "en") -> str:
    return f"/{language}/products/{product.public_id}/"


# --- search ----------------------------------------------------------------------------------------------------------


def test_a_result_says_what_a_buyer_needs(client: Client) -> None:
    a_product(seller=factories.alice(), name_en="Nitrile gloves", name_zh="丁腈手套", stock=1500)
    found = text(client.get("/en/search/?q=gloves"))
    for words in (
        "Nitrile gloves",
        "丁腈手套",
        "S$11.80–S$12.50",
        "MOQ 10 pair",
        "In stock: 1,500",
        "Origin: Singapore",
    ):
        assert words in found
    assert "Lead time: 3 days" in found
    assert "Products: 1" in found


def test_names_are_escaped(client: Client) -> None:
    product = a_product(seller=factories.alice(), name_en='<b>"bold"</b> gloves & more')
    for address in ("/en/", "/en/search/?q=gloves", page_of(product)):
        page = client.get(address).content.decode()
        assert "<b>" + '"bold"' not in page
        assert "&lt;b&gt;" in page


def test_a_price_that_was_not_set_is_marked_with_rate_source_and_day(client: Client) -> None:
    product = a_product(seller=factories.alice())
    for address in ("/en/search/?currency=CNY", page_of(product)):
        client.cookies["currency"] = "CNY"
        page = text(client.get(address))
        assert "≈" in page
        assert re.search(r"1 SGD = \d\.\d+ CNY \(.+, \d+ \w+ \d{4}\)", page), page


def test_a_seller_s_check_is_said_in_words_and_decays(client: Client) -> None:
    alice = factories.alice()
    product = a_product(seller=alice)
    assert "Not checked yet" in text(client.get("/en/search/"))
    today = timezone.localdate()
    alice.company.registration_checked_on = date(2026, 11, 3)
    alice.company.registration_check_expires_on = today
    alice.company.save()
    assert "ACRA checked 3 Nov 2026" in text(client.get("/en/search/"))
    assert "ACRA checked 3 Nov 2026" in text(client.get(page_of(product)))
    alice.company.registration_check_expires_on = today - timedelta(days=1)
    alice.company.save()
    assert "Not checked yet" in text(client.get("/en/search/"))


def test_filters_are_chips_that_take_themselves_off(client: Client) -> None:
    a_product(seller=factories.alice())
    page = client.get("/en/search/?q=gloves&category=safety&in_stock=1&origin=SG&max=20").content.decode()
    for address in (
        "?q=gloves&amp;max=20&amp;currency=SGD&amp;origin=SG&amp;in_stock=1",
        "?q=gloves&amp;category=safety&amp;max=20&amp;currency=SGD&amp;origin=SG",
        "?q=gloves&amp;category=safety&amp;origin=SG&amp;in_stock=1",
    ):
        assert f'class="chip" href="{address}"' in page


def test_nothing_found_offers_the_families(client: Client) -> None:
    page = text(client.get("/zh-hans/search/?q=flugzeug"))
    assert "category=safety" in page
    assert 'class="product"' not in page


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "%00" * 5,
        "q=" + "a" * 5000,
        "q=%27%3B+drop+table--",
        "q=%26+%7C+%21+%28",
        "min=abc&max=-1&moq=1e400",
        "min=1e5000&max=nan&moq=inf",
        "after=zzzz",
        "after=" + "A" * 9000,
        "before=MjAyNnww",
        "after=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5fjAxOTkwMDAwMDAwMDcwMDA4MDAwMDAwMDAwMDAwMDAw&sort=price",
        "sort=price&after=MWU5OTk5fjAxOTkwMDAwMDAwMDcwMDA4MDAwMDAwMDAwMDAwMDAw",
        "sort=;drop&currency=XXX&view=tiles",
        "category=%00&seller=%00&origin=%00",
        "category=../../etc&seller[]=x&in_stock=maybe",
        "q=%ED%A0%80&seller=%FF",
        "&".join(f"seller=s{n}" for n in range(900)),
        "q=螺&q=丝",
    ],
)
def test_absurd_addresses_are_answered_calmly(client: Client, query: str) -> None:
    a_product(seller=factories.alice())
    for language in ("en", "zh-hans"):
        assert client.get(f"/{language}/search/?{query}").status_code == 200
    assert client.get(f"/en/sellers/{factories.alice().company.slug}/?{query}").status_code == 200
    assert client.get(f"/api/v1/search/?{query}").status_code in (200, 400)


def test_what_was_left_out_is_said(client: Client) -> None:
    a_product(seller=factories.alice())
    assert "“abc” is no amount" in text(client.get("/en/search/?min=abc"))


# --- product ---------------------------------------------------------------------------------------------------------


def test_a_product_page_tells_prices_packs_codes_and_both_languages(client: Client) -> None:
    product = a_product(seller=factories.alice(), name_en="Nitrile gloves", name_zh="丁腈手套", mpn="NG-7")
    page = text(client.get(page_of(product)))
    for words in ("丁腈手套", "S$12.50", "S$11.80", "4015.19", "46181504", "NG-7", "Straits", "无粉手套"):
        assert words in page
    assert 'data-from="10"' in page
    assert "500 × 260 × 420 mm" in page
    chinese = text(client.get(page_of(product, "zh-hans")))
    assert chinese.index("丁腈手套") < chinese.index("Nitrile gloves")


def test_the_quantity_in_the_address_is_priced(client: Client) -> None:
    product = a_product(seller=factories.alice())
    assert "S$125.00" in text(client.get(page_of(product)))
    assert "S$708.00" in text(
        client.get(page_of(product) + "?quantity=55")
    )  # raised to 60, the next multiple
    for absurd in ("-1", "abc", "1e99", "NaN", "99999999999999999999", ""):
        assert client.get(page_of(product) + f"?quantity={absurd}").status_code == 200


def test_what_is_not_on_sale_is_found_by_its_seller_only(client: Client) -> None:
    alice, charlie = factories.alice(), factories.charlie()
    product = a_product(seller=alice, published=False)
    assert client.get(page_of(product)).status_code == 404
    factories.sign_in(client, charlie)
    assert client.get(page_of(product)).status_code == 404
    factories.sign_in(client, alice)
    assert "Preview" in text(client.get(page_of(product)))


@pytest.mark.parametrize(
    "address", ["prd_0", "com_01m83d5fccebgbyd4jxpe3f0pq", "x", "prd_" + "z" * 26, "prd_" + "0" * 26]
)
def test_an_id_of_nothing_is_not_found(client: Client, address: str) -> None:
    assert client.get(f"/en/products/{address}/").status_code == 404


def test_a_listing_without_prices_in_any_currency_is_still_shown(client: Client) -> None:
    product = a_product(seller=factories.alice())
    Tier.objects.filter(product=product).delete()
    assert "no price yet" in text(client.get(page_of(product)))


# --- storefront ------------------------------------------------------------------------------------------------------


def test_a_storefront_shows_its_evidence_claim_by_claim(client: Client) -> None:
    alice = factories.alice()
    a_product(seller=alice, name_en="Nitrile gloves")
    a_product(seller=factories.charlie(), name_en="Leather gloves")
    claim = submit_claim(
        actor=alice,
        kind=ClaimKind.REGISTRATION,
        statement="201912345",
        evidence=io.BytesIO(b"%PDF-1.4\n%%EOF"),
        now=NOW,
    )
    today = timezone.localdate()
    decide_claim(
        actor=factories.officer(),
        claim=claim,
        verified=True,
        source="ACRA BizFile extract",
        scope="The company, not its branch in Johor",
        expires_on=today + timedelta(days=300),
        now=timezone.now(),
    )
    page = text(client.get(f"/en/sellers/{alice.company.slug}/"))
    assert "against ACRA BizFile extract" in page and "not its branch in Johor" in page
    assert "Not checked yet" in page  # its other claims
    assert "Nitrile gloves" in page
    assert "Leather gloves" not in page


def test_there_is_no_storefront_of_nobody(client: Client) -> None:
    assert client.get("/en/sellers/nobody/").status_code == 404


# --- home, currency, API ---------------------------------------------------------------------------------------------


def test_home_is_the_search_with_real_figures(client: Client) -> None:
    a_product(seller=factories.alice(), name_en="Nitrile gloves")
    page = text(client.get("/en/"))
    assert 'action="/en/search/"' in page
    assert "Nitrile gloves" in page
    assert "<b>1</b><span>products on sale</span>" in page
    assert "category=hand-protection" in page


def test_home_of_an_empty_market_says_so(client: Client) -> None:
    assert "Nothing is on sale yet" in text(client.get("/en/"))


def test_the_currency_is_kept_and_limits_in_another_are_dropped(client: Client) -> None:
    a_product(seller=factories.alice(), tiers=tiers(SGD={10: "12.50"}, CNY={10: "66.00"}))
    answer = client.post(
        "/en/currency/", {"currency": "CNY", "next": "/en/search/?q=gloves&min=3&currency=SGD"}
    )
    assert (answer.status_code, answer.url) == (302, "/en/search/?q=gloves")
    page = text(client.get(answer.url))
    assert "¥66.00" in page
    assert "≈ ¥66" not in page


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_the_currency_form_leads_nowhere_else(client: Client, target: str) -> None:
    assert client.post("/en/currency/", {"currency": "CNY", "next": target}).url == "/en/"
    assert client.get("/en/currency/").status_code == 405


def test_programs_search_as_people_do(client: Client) -> None:
    product = a_product(seller=factories.alice(), name_en="Nitrile gloves")
    a_product(seller=factories.alice(), name_en="Leather gloves")
    told = client.get("/api/v1/search/?q=gloves&size=1&sort=newest").json()
    assert (told["total"], told["more"], len(told["results"])) == (2, False, 1)
    following = client.get(
        "/api/v1/search/", {"q": "gloves", "size": 1, "sort": "newest", "after": told["next"]}
    ).json()
    assert following["results"][0]["id"] == product.public_id
    assert following["results"][0]["price_from"] == "11.800000"
    assert following["next"] == ""
    assert client.get("/api/v1/search/?size=1000").status_code == 400


def test_a_paused_listing_is_gone_from_every_page(client: Client) -> None:
    alice = factories.alice()
    product = a_product(seller=alice, name_en="Nitrile gloves")
    services.pause(actor=alice, product=product, now=NOW)
    for address in ("/en/", "/en/search/?q=nitrile", f"/en/sellers/{alice.company.slug}/"):
        assert "Nitrile gloves" not in text(client.get(address))
    assert client.get(page_of(product)).status_code == 404


def test_stock_is_said_as_it_is(client: Client) -> None:
    alice = factories.alice()
    product = a_product(seller=alice, stock=30)
    services.count_stock(actor=alice, product=product, counted=Decimal(0), now=NOW)
    assert "Out of stock" in text(client.get("/en/search/"))
    assert "Out of stock" in text(client.get(page_of(product)))


def test_a_little_of_a_pallet_is_not_nothing(client: Client) -> None:
    packs = [
        PackDraft(
            code=code,
            contains=Decimal(contains),
            length_mm=100,
            width_mm=100,
            height_mm=100,
            gross_kg=Decimal("0.01"),
        )
        for code, contains in (("XBX", 100), ("XPX", 30_000))
    ]
    product = a_product(seller=factories.alice(), packs=tuple(packs))
    page = client.get(reverse("product", args=[product.public_id]), {"quantity": "10"}).content.decode()
    counts = re.findall(r"<dd data-[^>]*>([^<]*)</dd>", page)
    assert counts == ["0.10", "&lt; 0.01", "&lt; 0.01", "&lt; 0.001"]
    whole = client.get(reverse("product", args=[product.public_id]), {"quantity": "60000"}).content.decode()
    assert re.findall(r"<dd data-packs[^>]*>([^<]*)</dd>", whole) == ["600", "2"]
