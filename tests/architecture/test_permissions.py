"""Every address × everybody: a workspace is unseen by strangers, the API by who carries no token; nothing falls over."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests import factories

pytestmark = pytest.mark.django_db

#: stand-ins for what addresses carry; no such thing exists
STAND_INS = {"company": "tanjong-bolts", "bank": "nothing", "name": "claims/nothing.pdf"}
#: without language or sign-in: what everybody may ask for
OPEN = {"healthz", "jwks", "set_language", "invitation", "media", "dev_mail", "dev_letter", "inbox_bell"}
OPEN_API = {"api_search", "api_nothing_here"}
METHODS = ("get", "post", "put", "delete")


def addresses(prefix: str = "", patterns: list | None = None) -> Iterator[tuple[str, str]]:
    """Route and name of every address of the product."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(route, pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.name or ""


def under(prefix: str) -> list[tuple[str, str]]:
    return [(route, name) for route, name in addresses() if route.startswith(prefix)]


def filled(route: str) -> str:
    """The route as somebody would type it."""
    plain = re.sub(r"\(\?P<\w+>(\w+)\|[^)]*\)", r"\1", route)  # (csv|xlsx): the first of them
    plain = re.sub(r"\(\?P<\w+>[^)]*\)", "nothing", plain)
    plain = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: STAND_INS.get(found[1], "nothing"), plain)
    return "/" + plain.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\.", ".")


def answers(client: Client, path: str) -> dict[str, int]:
    return {method: getattr(client, method)(path).status_code for method in METHODS}


def test_strangers_see_nothing_of_a_workspace(client: Client) -> None:
    factories.alice()
    factories.sign_in(client, factories.charlie())
    for route, name in under("c/<slug:company>/"):
        found = answers(client, filled(route))
        assert set(found.values()) <= {404, 405}, (name, found)
        assert 404 in found.values(), name


def test_nobody_sees_a_workspace_before_sign_in(client: Client) -> None:
    factories.alice()
    for route, name in under("c/<slug:company>/"):
        found = answers(client, filled(route))
        assert set(found.values()) <= {302, 405}, (name, found)
        assert 302 in found.values(), name


def test_members_find_no_thing_that_is_not_there(client: Client) -> None:
    """Not a crash, whatever stands where an id should stand."""
    factories.sign_in(client, factories.alice())
    for route, name in under("c/<slug:company>/"):
        if "<" in route.removeprefix("c/<slug:company>/"):
            found = answers(client, filled(route))
            assert all(status < 500 for status in found.values()), (name, found)


def test_the_api_answers_nobody_without_a_token(client: Client) -> None:
    for route, name in under("api/v1/"):
        if name in OPEN_API or "schema" in route or "docs" in route:
            continue
        found = answers(client, filled(route))
        assert set(found.values()) <= {401, 404, 405}, (name, found)
        assert 401 in found.values(), name


def test_the_operators_desk_is_for_officers(client: Client) -> None:
    factories.sign_in(client, factories.alice())
    for route, name in under("operator/"):
        if name in {"logout", "login", "jsi18n"}:
            continue
        found = answers(client, filled(route))
        assert set(found.values()) <= {302, 403, 404, 405}, (name, found)


def test_what_needs_a_person_asks_for_one(client: Client) -> None:
    for route, name in addresses():
        workspace_or_api = route.startswith(("c/", "api/", "operator/", "en/", "zh-hans/"))
        if workspace_or_api or name in OPEN:
            continue
        assert client.get(filled(route)).status_code in (302, 404, 405), name


def test_public_pages_stand_up_to_made_up_addresses(client: Client) -> None:
    for route, name in under("en/"):
        found = answers(client, filled(route))
        assert all(status < 500 for status in found.values()), (name, found)
