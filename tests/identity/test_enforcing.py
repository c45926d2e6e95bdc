"""From when on acts ask: laid down and shown first, asked for from a moment that officers decide, and taken back at once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity import services
from identity.actors import staff_actor
from identity.models import Enforcement, PurposeRequirement
from identity.queries import matrix
from identity.queries.enforcement import DRAFT_LIFE, Asking, asking_at, drafts_at, is_asked
from identity.services import AssuranceNeeded
from identity.services.assurance import guard
from identity.services.enforcing import (
    GUARDED,
    AskedAlready,
    AskedBackwards,
    NotAsked,
    NothingDrafted,
    NothingToAsk,
    OwnDraft,
)
from identity.services.governing import ReasonNeeded
from identity.states import Purpose
from kernel.errors import Forbidden
from kernel.models import Event
from tests import factories
from tests.identity import recognised

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = timedelta(days=1)


def drafted(verb: Any, purpose: str, changes: dict[str, Any]) -> Enforcement:
    given = {"actor": recognised.officer("olive"), "reason": "Announced", "now": NOW} | changes
    return verb(purpose=purpose, **given)


def confirm(purpose: str = Purpose.ORDER, *, by: str = "peter", now: datetime = NOW) -> Enforcement:
    return services.confirm_requirement(actor=recognised.officer(by), purpose=purpose, now=now)


def enforce(purpose: str = Purpose.ORDER, **changes: Any) -> Enforcement:
    """Drafted by one officer, confirmed by another."""
    drafted(services.enforce_requirement, purpose, changes)
    return confirm(purpose, now=changes.get("now", NOW))


def ease(purpose: str = Purpose.ORDER, **changes: Any) -> Enforcement:
    drafted(services.ease_requirement, purpose, changes)
    return confirm(purpose, now=changes.get("now", NOW))


def test_nothing_is_asked_until_the_moment_that_was_decided_and_everything_afterwards() -> None:
    alice = factories.alice()
    assured = guard(actor=alice, purpose=Purpose.ORDER, now=NOW)
    assert assured.evidence is None and not assured.two_persons
    enforce(from_at=NOW + DAY)
    guard(actor=alice, purpose=Purpose.ORDER, now=NOW)
    with pytest.raises(AssuranceNeeded):
        guard(actor=alice, purpose=Purpose.ORDER, now=NOW + DAY)
    guard(actor=alice, purpose=Purpose.ACCEPT_FINANCE, now=NOW + DAY)
    assert Event.objects.get(name="RequirementEnforced").payload["purpose"] == "order"
    ease(now=NOW + 2 * DAY)
    guard(actor=alice, purpose=Purpose.ORDER, now=NOW + 2 * DAY)
    assert [is_asked(Purpose.ORDER, NOW + days * DAY) for days in (0, 1, 2)] == [False, True, False]


def test_one_officer_drafts_and_another_decides_both_ways() -> None:
    alice, planned = factories.alice(), NOW + timedelta(hours=2)
    with pytest.raises(NothingDrafted):
        confirm()
    drafted(services.enforce_requirement, Purpose.ORDER, {"from_at": planned})
    draft = drafts_at(NOW)[Purpose.ORDER]
    with pytest.raises(OwnDraft):
        confirm(by="olive")
    with pytest.raises(Forbidden):
        services.confirm_requirement(actor=alice, purpose=Purpose.ORDER, now=NOW)
    guard(actor=alice, purpose=Purpose.ORDER, now=NOW + DAY)
    assert asking_at(NOW) == {} and not Event.objects.filter(name="RequirementEnforced").exists()
    # confirmed after its moment, it holds from then on, and backwards for nobody
    row = confirm(now=NOW + DAY)
    assert (row.confirms, row.from_at, row.reason) == (draft, NOW + DAY, "Announced")
    assert [is_asked(Purpose.ORDER, at) for at in (planned, NOW + DAY)] == [False, True]
    with pytest.raises(NothingDrafted):
        confirm(now=NOW + DAY)
    drafted(services.ease_requirement, Purpose.ORDER, {"now": NOW + DAY})
    with pytest.raises(AssuranceNeeded):
        guard(actor=alice, purpose=Purpose.ORDER, now=NOW + DAY)
    with pytest.raises(NothingDrafted):
        confirm(now=NOW + DAY + DRAFT_LIFE)
    assert is_asked(Purpose.ORDER, NOW + 30 * DAY), "a draft that nobody confirmed runs out"


def test_what_is_planned_can_be_taken_back_and_decided_anew() -> None:
    enforce(from_at=NOW + DAY)
    assert asking_at(NOW)[Purpose.ORDER] == Asking(None, NOW + DAY)
    assert asking_at(NOW + DAY)[Purpose.ORDER] == Asking(NOW + DAY)
    ease()
    assert not is_asked(Purpose.ORDER, NOW + 2 * DAY) and asking_at(NOW)[Purpose.ORDER] == Asking()
    enforce()
    assert is_asked(Purpose.ORDER, NOW) and asking_at(NOW + DAY)[Purpose.ORDER] == Asking(NOW)


def test_who_decides_what_and_why() -> None:
    for actor in (factories.alice(), factories.bo()):
        with pytest.raises(Forbidden):
            enforce(actor=actor)
        with pytest.raises(Forbidden):
            ease(actor=actor)
    with pytest.raises(ReasonNeeded):
        enforce(reason=" ")
    with pytest.raises(AskedBackwards):
        enforce(from_at=NOW - DAY)
    for purpose in (Purpose.BROWSE, "fly"):
        with pytest.raises(NothingToAsk):
            enforce(purpose)
    with pytest.raises(NotAsked):
        ease()
    assert not Enforcement.objects.exists()
    enforce()
    for later in (NOW, NOW + DAY):
        with pytest.raises(AskedAlready):
            enforce(from_at=later)
    with pytest.raises(DatabaseError), transaction.atomic():
        Enforcement.objects.update(asked=False)


def test_officers_decide_it_at_their_desk_and_everybody_reads_it() -> None:
    desk, reader = factories.sign_in(Client(), recognised.officer("olive")), Client()
    colleague = factories.sign_in(Client(), recognised.officer("peter"))
    row = PurposeRequirement.objects.get(purpose=Purpose.SIGN_SETTLEMENT)
    page, public = "/operator/identity/purposerequirement/", "/en/trust/recognition/"
    assert "Asked for" in reader.get(public).content.decode()
    assert _asked_for(reader.get(public).content.decode()) == []
    sent = {"action": "enforce", "_selected_action": row.pk}
    assert "Ask for it at these acts?" in desk.post(page, sent).content.decode()
    assert not Enforcement.objects.exists()
    desk.post(page, sent | {"confirmed": "yes", "reason": "Announced", "from_at": ""})
    assert _asked_for(reader.get(public).content.decode()) == []
    assert "drafted by Olive, another officer confirms it" in desk.get(page).content.decode()
    decide = {"action": "confirm", "_selected_action": row.pk, "confirmed": "yes"}
    assert "another officer decides it" in desk.post(page, decide, follow=True).content.decode()
    colleague.post(page, decide)
    assert len(_asked_for(reader.get(public).content.decode())) == 1
    found = matrix(timezone.localdate(), now=timezone.now()).requirements
    assert [one.purpose for one in found if one.asking.since] == [Purpose.SIGN_SETTLEMENT]
    yesterday = reader.get(public, {"as_of": (timezone.localdate() - DAY).isoformat()}).content.decode()
    assert _asked_for(yesterday) == [], "of past days it tells what was then"
    assert "自 " in reader.get("/zh-hans/trust/recognition/").content.decode()
    desk.post(page, sent | {"action": "ease", "confirmed": "yes", "reason": "Too early"})
    answer = colleague.post(page, decide, follow=True)
    assert "recorded" in answer.content.decode() and not is_asked(Purpose.SIGN_SETTLEMENT, timezone.now())


def _asked_for(page: str) -> list[str]:
    """Since when what is asked, of the table of what each act asks for."""
    return re.findall(r"since \d+ \w+ \d{4}", page[page.index("What each act asks for") :])


def test_what_nobody_is_asked_for_is_said_at_the_desk_and_by_the_commands() -> None:
    """Until officers have decided it the role is enough: that is said, and to those who can change it."""
    governs = factories.sign_in(Client(), recognised.officer("olive"))
    user = factories.a_user("clerk@programme.example")
    user.is_staff = True
    user.save()
    clerk = factories.sign_in(Client(), staff_actor(user))

    def said() -> tuple[str, str, list[str]]:
        out = StringIO()
        call_command("check_invariants", stdout=out)
        desk = governs.get(reverse("admin:index")).content.decode()
        return (
            desk,
            out.getvalue(),
            [
                each.id
                for each in run_checks(
                    tags=[Tags.database], include_deployment_checks=True, databases=["default"]
                )
            ],
        )

    desk, told, warned = said()
    assert "desk-unasked" in desk and "Sign a settlement" in desk
    assert "nobody is asked who they are for: quote, order" in told and "sme_hub.W001" in warned
    assert "desk-unasked" not in clerk.get(reverse("admin:index")).content.decode()
    recognised.enforced(*set(GUARDED) - {Purpose.QUOTE}, now=NOW)
    desk, told, warned = said()
    assert "Offer a price that binds" in desk and "Sign a settlement" not in desk
    assert "nobody is asked who they are for: quote\n" in told and "sme_hub.W001" in warned
    recognised.enforced(Purpose.QUOTE, now=NOW)
    desk, told, warned = said()
    assert "desk-unasked" not in desk and "OPEN" not in told and "sme_hub.W001" not in warned
