"""Who acts in a request."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from identity import services
from identity.acting import current_actor, for_company
from identity.actors import Anonymous
from identity.services.companies import UnknownTimeZone
from identity.states import Role
from kernel.errors import Forbidden, NotFound
from tests import factories

pytestmark = pytest.mark.django_db


@for_company
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.actor.company.slug)


@for_company(Role.SELLER)
def sellers_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("for sellers")


def asked_by(user: object, path: str = "/c/somewhere/", method: str = "GET", **headers: str) -> HttpRequest:
    request = RequestFactory().generic(method, path, headers=headers)
    request.user = user
    request.session = SessionStore()
    return request


def test_a_member_acts_for_the_company_in_the_address() -> None:
    alice = factories.alice()
    request = asked_by(alice.user)
    response = page(request, company=alice.company.slug)
    assert response.content.decode() == alice.company.slug
    assert request.session["company"] == alice.company.slug
    assert response["Cache-Control"] == "private, no-store"


def test_times_are_the_companys_while_its_page_is_made() -> None:
    @for_company
    def clock(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{timezone.localtime(datetime(2026, 7, 1, 12, tzinfo=UTC)):%H:%M}")

    alice = factories.a_member(
        email="ann@hudson.example",
        country="US",
        registration_number="NY-1",
        legal_name="Hudson Tools Inc.",
        time_zone="America/New_York",
    )
    before = timezone.get_current_timezone_name()
    assert clock(asked_by(alice.user), company=alice.company.slug).content == b"08:00"
    assert timezone.get_current_timezone_name() == before


def test_no_company_lives_in_a_zone_that_does_not_exist() -> None:
    with pytest.raises(UnknownTimeZone):
        factories.a_member(
            email="ann@hudson.example",
            country="US",
            registration_number="NY-1",
            legal_name="Hudson Tools Inc.",
            time_zone="America/Atlantis",
        )


def test_who_has_not_signed_in_is_asked_to_and_comes_back() -> None:
    response = page(asked_by(AnonymousUser()), company="somewhere")
    assert response.status_code == 302
    assert "/accounts/login/" in response.url
    assert "next=/c/somewhere/" in response.url


def test_after_a_post_one_comes_back_to_the_page_it_was_sent_from_on_this_site_only() -> None:
    here = asked_by(AnonymousUser(), method="POST", Referer="http://testserver/c/somewhere/orders/")
    assert "next=http%3A//testserver/c/somewhere/orders/" in page(here, company="somewhere").url
    elsewhere = asked_by(AnonymousUser(), method="POST", Referer="https://evil.example/")
    assert "evil" not in page(elsewhere, company="somewhere").url


def test_a_stranger_finds_nothing() -> None:
    alice, charlie = factories.alice(), factories.charlie()
    with pytest.raises(NotFound):
        page(asked_by(charlie.user), company=alice.company.slug)
    with pytest.raises(NotFound):
        page(asked_by(charlie.user), company="no-such-company")


def test_a_member_without_the_role_is_told_so() -> None:
    logistician = factories.a_colleague(factories.alice(), Role.LOGISTICS)
    with pytest.raises(Forbidden):
        sellers_page(asked_by(logistician.user), company=logistician.company.slug)


def test_an_owner_has_every_role() -> None:
    alice = factories.alice()
    assert sellers_page(asked_by(alice.user), company=alice.company.slug).status_code == 200


def test_who_has_left_finds_nothing() -> None:
    alice = factories.alice()
    colleague = factories.a_colleague(alice, Role.SELLER)
    membership = colleague.user.memberships.get()
    services.end_membership(actor=alice, membership=membership, now=timezone.now())
    with pytest.raises(NotFound):
        page(asked_by(colleague.user), company=alice.company.slug)


def test_on_public_pages_the_only_company_acts(django_assert_num_queries) -> None:
    bo = factories.bo()
    request = asked_by(bo.user)
    with django_assert_num_queries(1):
        assert current_actor(request) == bo
        assert current_actor(request) == bo


def test_on_public_pages_the_company_last_worked_in_acts() -> None:
    bo = factories.bo()
    other = factories.a_colleague(factories.alice(), Role.BUYER, email=bo.user.email)
    request = asked_by(bo.user)
    assert current_actor(request) == Anonymous(user_id=bo.user.pk)
    page(again := asked_by(bo.user), company=other.company.slug)
    del again.actor
    assert current_actor(again) == other


def test_nobody_acts_before_sign_in(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert current_actor(asked_by(AnonymousUser())) == Anonymous()
