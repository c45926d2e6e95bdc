"""What every answer tells the browser: which scripts may run, who may frame it, who may keep it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from tests.roof.world import World

#: one address for each kind of page
PAGES = [
    *("home", "search", "product", "storefront", "basket", "dev_mail", "api_docs", "invitation"),
    *("workspace", "company", "claim_submit", "bank", "addresses", "members", "token_new"),
    *("listings", "listing", "listing_edit", "listing_pictures", "import", "import_new"),
    *("cart", "orders", "order", "order_print", "order_payment", "order_despatch", "papers", "paper"),
]
ACCOUNT_PAGES = [
    f"/{language}/accounts/{page}/" for language in ("en", "zh-hans") for page in ("login", "signup")
]
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
STYLE = re.compile(r"<style\b([^>]*)>|\sstyle=\"", re.DOTALL)
HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+=", re.IGNORECASE)


def policy_of(response) -> dict[str, list[str]]:
    said = response.headers["Content-Security-Policy"].split(";")
    return {words[0]: words[1:] for words in (part.split() for part in said) if words}


def check_headers(response, where: str) -> None:
    policy = policy_of(response)
    assert policy["default-src"] == ["'none'"], where
    assert policy["frame-ancestors"] == ["'none'"], where
    assert policy["base-uri"] == ["'none'"], where
    assert policy["form-action"] == ["'self'"], where
    for directive in ("script-src", "style-src"):
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:"} & set(policy[directive]), (
            where
        )
    assert response.headers["X-Content-Type-Options"] == "nosniff", where
    assert response.headers["X-Frame-Options"] == "DENY", where
    assert response.headers["Referrer-Policy"] == "same-origin", where
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin", where


def check_page(response, where: str) -> None:
    """Nothing stands in the page that its own policy would refuse."""
    html = response.content.decode()
    nonces = [word for word in policy_of(response)["script-src"] if word.startswith("'nonce-")]
    for attributes, inline in SCRIPT.findall(html):
        if inline.strip() and "application/json" not in attributes:
            assert any(f'nonce="{nonce[7:-1]}"' in attributes for nonce in nonces), where
        source = re.search(r'src="([^"]*)"', attributes)
        assert source is None or source[1].startswith("/"), where
    assert not STYLE.search(html), where
    assert not HANDLER.search(html), where
    assert html.count("<h1") == 1, where


@pytest.mark.parametrize("who", ["anonymous", "alice"])
def test_every_kind_of_page(world: World, who: str) -> None:
    client = world.client(who)
    for name in PAGES:
        response = client.get(world.address(name), follow=True)
        assert response.status_code == 200, name
        check_headers(response, name)
        check_page(response, name)


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*ACCOUNT_PAGES, "/en/nothing-here/", "/zh-hans/products/prd_nothing/"])
def test_pages_of_accounts_and_errors(client: Client, address: str) -> None:
    response = client.get(address)
    check_headers(response, address)
    check_page(response, address)


def test_private_pages_stay_out_of_caches(world: World) -> None:
    client = world.client("alice")
    for name in (
        "workspace",
        "orders",
        "order",
        "paper",
        "paper_file",
        "listings_export",
        "orders_export",
        "tokens",
    ):
        assert "no-store" in client.get(world.address(name)).headers["Cache-Control"], name


def test_answers_to_programs_are_kept_by_nobody(world: World) -> None:
    for name in ("api_orders", "api_order", "api_events", "api_papers"):
        response = world.program("alice").get(world.address(name))
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Vary"], name


def test_a_public_page_names_its_other_language(world: World) -> None:
    client = world.client("anonymous")
    for name in ("home", "search", "product", "storefront"):
        with translation.override("en"):
            english = world.address(name)
        html = client.get(english).content.decode()
        chinese = english.replace("/en/", "/zh-hans/", 1)
        assert re.search(rf'<link rel="alternate" hreflang="en" href="[^"]*{re.escape(english)}"', html), name
        assert re.search(
            rf'<link rel="alternate" hreflang="zh-Hans" href="[^"]*{re.escape(chinese)}"', html
        ), name
        other = client.get(chinese)
        assert other.status_code == 200
        assert '<html lang="zh-Hans"' in other.content.decode()


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "a b", ""]
)
def test_another_host_is_refused(client: Client, db: None, host: str) -> None:
    assert client.get("/en/accounts/login/", headers={"Host": host or "-"}).status_code == 400


def test_a_forwarded_host_is_not_believed(client: Client, db: None) -> None:
    headers = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example",
    }
    response = client.get("/en/", headers=headers)
    assert response.status_code == 200
    assert "evil.example" not in response.content.decode()


def test_no_way_leads_to_another_site(world: World) -> None:
    """`next` is followed within the site only."""
    for way in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        client = world.client("anonymous")
        for address in ("/en/currency/", "/i18n/setlang/"):
            response = client.post(address, {"currency": "CNY", "language": "en", "next": way})
            assert response.status_code in (200, 302), address
            assert "evil" not in response.headers.get("Location", ""), address
            assert "javascript" not in response.headers.get("Location", ""), address
