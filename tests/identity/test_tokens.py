"""API tokens: never more than their maker, shown once, ended with membership."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from identity import services
from identity.actors import Member, Token, rebuild
from identity.api import TokenAuthentication
from identity.models import ApiToken, Membership
from identity.states import Role
from kernel.errors import Refused
from tests import factories

pytestmark = pytest.mark.django_db


def issue(actor: Member, *roles: str, days: int = 30, now: datetime | None = None) -> tuple[ApiToken, str]:
    now = now or timezone.now()
    return services.issue_token(
        actor=actor, name="ERP", roles=roles, expires_at=now + timedelta(days=days), now=now
    )


def signed_in_with(secret: str) -> Token | None:
    request = RequestFactory().get("/api/v1/", headers={"Authorization": f"Bearer {secret}"})
    answer = TokenAuthentication().authenticate(request)
    return answer[1] if answer else None


def test_a_token_acts_for_the_company_in_its_roles() -> None:
    alice = factories.alice()
    _token, secret = issue(alice, Role.SELLER)
    actor = signed_in_with(secret)
    assert actor.company_id == alice.company_id
    assert actor.may(Role.SELLER)
    assert not actor.may(Role.BUYER)
    assert not actor.may(Role.OWNER)


def test_the_secret_is_nowhere_stored() -> None:
    token, secret = issue(factories.alice(), Role.SELLER)
    assert secret not in str(ApiToken.objects.filter(pk=token.pk).values().get())
    assert secret.endswith(token.hint)


def test_the_day_of_last_use_is_written_once(django_assert_num_queries) -> None:
    token, secret = issue(factories.alice(), Role.SELLER)
    with django_assert_num_queries(2):
        signed_in_with(secret)
    with django_assert_num_queries(1):
        signed_in_with(secret)
    token.refresh_from_db()
    assert token.last_used_on == timezone.localdate()


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic abc", "hub_abc", ""])
def test_other_headers_are_no_sign_in(header: str) -> None:
    request = RequestFactory().get("/api/v1/", headers={"Authorization": header})
    assert TokenAuthentication().authenticate(request) is None


@pytest.mark.parametrize("secret", ["hub_wrong", "x" * 5000, "ключ", "' OR 1=1 --"])
def test_an_unknown_secret_is_refused(secret: str) -> None:
    issue(factories.alice(), Role.SELLER)
    with pytest.raises(AuthenticationFailed):
        signed_in_with(secret)


def test_nobody_issues_a_token_wider_than_themselves() -> None:
    seller = factories.a_colleague(factories.alice(), Role.SELLER)
    for roles in ([Role.OWNER], [Role.SELLER, Role.FINANCE], ["emperor"]):
        with pytest.raises(Refused) as refused:
            issue(seller, *roles)
        assert refused.value.code == "token.roles_too_wide"
    with pytest.raises(Refused):
        issue(seller)
    assert not ApiToken.objects.exists()


def test_a_token_shrinks_with_its_maker_and_ends_with_the_membership() -> None:
    alice = factories.alice()
    seller = factories.a_colleague(alice, Role.SELLER, Role.BUYER)
    _token, secret = issue(seller, Role.SELLER, Role.BUYER)
    membership = Membership.objects.get(pk=seller.membership_id)
    services.change_roles(actor=alice, membership=membership, roles=[Role.BUYER], now=timezone.now())
    assert signed_in_with(secret).roles == frozenset({Role.BUYER})
    services.end_membership(actor=alice, membership=membership, now=timezone.now())
    with pytest.raises(AuthenticationFailed):
        signed_in_with(secret)


@pytest.mark.parametrize("days", [-1, 0, 367, 36_500])
def test_a_token_expires_within_a_year(days: int) -> None:
    with pytest.raises(Refused) as refused:
        issue(factories.alice(), Role.SELLER, days=days)
    assert refused.value.field == "expires_on"


def test_an_expired_or_revoked_token_is_refused() -> None:
    alice = factories.alice()
    _old, expired = issue(alice, Role.SELLER, days=1, now=timezone.now() - timedelta(days=2))
    token, revoked = issue(alice, Role.SELLER)
    services.revoke_token(actor=alice, token=token, now=timezone.now())
    services.revoke_token(actor=alice, token=token, now=timezone.now())
    for secret in (expired, revoked):
        with pytest.raises(AuthenticationFailed):
            signed_in_with(secret)
    assert rebuild(f"token:{token.pk}", timezone.now()) is None


def test_who_may_revoke() -> None:
    alice = factories.alice()
    seller, buyer = factories.a_colleague(alice, Role.SELLER), factories.a_colleague(alice, Role.BUYER)
    token, _secret = issue(seller, Role.SELLER)
    for stranger, code in [(buyer, "forbidden"), (factories.charlie(), "not_found")]:
        with pytest.raises(Refused) as refused:
            services.revoke_token(actor=stranger, token=token, now=timezone.now())
        assert refused.value.code == code
    services.revoke_token(actor=alice, token=token, now=timezone.now())


def test_a_program_changes_neither_people_nor_accounts() -> None:
    alice = factories.alice()
    _token, secret = issue(alice, Role.OWNER)
    program = signed_in_with(secret)
    with pytest.raises(Refused) as refused:
        services.invite_member(actor=program, email="x@y.example", roles=["owner"], now=timezone.now())
    assert refused.value.code == "forbidden"
    with pytest.raises(Refused):
        services.issue_token(
            actor=program, name="x", roles=["owner"], expires_at=timezone.now(), now=timezone.now()
        )


def test_the_page_shows_the_secret_once(client: Client) -> None:
    alice = factories.alice()
    factories.sign_in(client, alice)
    in_a_month = timezone.localdate() + timedelta(days=30)
    address = reverse("token_new", args=[alice.company.slug])
    sent = {"name": "ERP", "roles": ["seller"], "expires_on": in_a_month.isoformat()}
    asked = client.post(address, sent)
    assert "reauthenticate" in asked["Location"] and not ApiToken.objects.exists()
    response = client.post(asked["Location"], {"password": factories.PASSWORD})  # what was typed waits
    token = ApiToken.objects.get()
    assert response.status_code == 200
    assert response.context["secret"] in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    listed = client.get(reverse("tokens", args=[alice.company.slug])).content.decode()
    assert token.name in listed
    assert response.context["secret"] not in listed


def test_a_colleague_sees_only_their_own_tokens(client: Client) -> None:
    alice = factories.alice()
    issue(alice, Role.SELLER)
    seller = factories.a_colleague(alice, Role.SELLER)
    token, _secret = issue(seller, Role.SELLER)
    response = factories.sign_in(client, seller).get(reverse("tokens", args=[alice.company.slug]))
    assert [shown.pk for shown in response.context["tokens"]] == [token.pk]
