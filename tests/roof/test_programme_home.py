"""The officers' home: claims by age, companies suspended, parked deliveries, figures of the marketplace."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone

from catalog.queries import forget_all
from identity import services as identity
from identity.models import Enforcement
from identity.queries.office import work_of_office
from identity.queries.recognition import policies_to_approve
from identity.services import people as people_services
from kernel.models import Delivery
from kernel.models.deliveries import Lane
from orders import services as orders
from tests import factories as people
from tests.identity import recognised
from tests.orders import factories as deals
from tests.roof.world import PDF

pytestmark = pytest.mark.django_db


def a_claim(of: Any, *, days: int = 0) -> Any:
    return identity.submit_claim(
        actor=of,
        kind="registration",
        statement="Extract of today",
        evidence=io.BytesIO(PDF),
        evidence_name="extract.pdf",
        now=timezone.now() - timedelta(days=days),
    )


def home(client: Client) -> Any:
    people.sign_in(client, people.officer())
    response = client.get(reverse("programme"))
    assert response.status_code == 200
    return response


def test_claims_wait_by_age(client: Client) -> None:
    a_claim(people.alice(), days=9)
    a_claim(people.bo(), days=3)
    a_claim(people.charlie())
    claims = home(client).context["claims"]
    assert (claims.late, claims.older, claims.fresh) == (1, 1, 1)
    assert [claim.company for claim in claims.oldest][0] == people.alice().company


def test_everything_that_waits_for_an_officer_heads_the_page(client: Client) -> None:
    officer, now = people.officer(), timezone.now()
    colleague = people.a_user("colleague@programme.example")
    for by in (officer.user, colleague):
        for purpose in ("order", "sign_settlement") if by == colleague else ("quote",):
            Enforcement.objects.create(
                purpose=purpose, asked=True, from_at=now, reason="Pilot", officer=by, at=now
            )
    html = home(client).content.decode()
    assert "2 drafts of what acts ask for to confirm" in html, "one’s own is confirmed by another"
    assert reverse("admin:identity_purposerequirement_changelist") in html
    work = work_of_office(officer.user, now)
    assert {kind for kind, found in work.items() if found.count} == {"requirements"}


def test_policies_wait_for_officers_whose_word_brings_them_further(client: Client) -> None:
    """As the desk lists them: not one's own again, not what is in force, not what was ended."""
    now, issuer = timezone.now(), recognised.issuer()
    recognised.policy(issuer, "order")
    drafts = [recognised.draft(issuer, purpose) for purpose in ("quote", "sign_settlement", "issue_document")]
    olive, omar = recognised.officer("olive"), recognised.officer("omar")
    identity.approve_policy(actor=olive, policy=drafts[0], now=now)
    identity.end_policy(actor=omar, policy=drafts[1], reason="Not yet", now=now)
    for officer, waiting in ((olive, 1), (omar, 2)):
        assert policies_to_approve(officer.user, now).count() == waiting
        assert work_of_office(officer.user, now)["policies"].count == waiting


def test_suspended_companies_and_parked_deliveries_are_named(client: Client) -> None:
    identity.suspend_company(
        actor=people.officer(),
        company=people.charlie().company,
        reason="No such licence",
        now=timezone.now(),
    )
    now = timezone.now()
    Delivery.objects.create(event_id=1, handler="x", lane=Lane.SLOW, due_at=now, attempts=8, parked_at=now)
    html = home(client).content.decode()
    assert "No such licence" in html and "1 parked" in html


def test_the_marketplace_in_figures(client: Client) -> None:
    deals.a_confirmed_order(now=timezone.now())
    orders.count_figures(now=timezone.now())
    response = home(client)
    assert response.context["weeks"].bars[-1].total == 1
    assert [plot.title for plot in response.context["months"]] == ["SGD"]


def test_an_officer_without_the_right_to_decide_sees_no_claims(client: Client) -> None:
    a_claim(people.alice())
    user = people.a_user("clerk@programme.example")
    people_services.appoint_officer(user=user)
    user.user_permissions.remove(*user.user_permissions.filter(codename="decide_claim"))
    client.force_login(user)
    response = client.get(reverse("programme"))
    assert response.context["claims"] is None and response.context["suspended"] == []
    assert "Tanjong" not in response.content.decode()


def test_an_operator_is_no_officer(client: Client) -> None:
    user = people.a_user("machines@programme.example")
    people_services.appoint_operator(user=user)
    client.force_login(user)
    assert client.get(reverse("programme")).status_code == 404
    assert client.get(reverse("desk")).headers["Location"] == reverse("admin:index")


def test_nobody_else_finds_it(client: Client) -> None:
    assert client.get(reverse("programme")).status_code == 302
    people.sign_in(client, people.alice())
    assert client.get(reverse("programme")).status_code == 404


def test_officers_are_led_there_from_the_desk(client: Client) -> None:
    people.sign_in(client, people.officer())
    assert client.get(reverse("desk")).headers["Location"] == reverse("programme")


@override_settings(REFERENCE_MEMO_SECONDS=60)
def test_it_costs_the_same_whatever_there_is(client: Client) -> None:
    forget_all()
    home(client)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("programme"))
    for member in (people.alice(), people.bo(), people.charlie()):
        a_claim(member)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("programme"))
    forget_all()
    assert len(few) == len(many) <= 9


def test_a_chinese_officer_reads_chinese(client: Client) -> None:
    officer = people.officer()
    officer.user.language = "zh-hans"
    officer.user.save(update_fields=["language"])
    html = home(client).content.decode()
    assert "项目办公室" in html and "没有待核验的事项" in html
