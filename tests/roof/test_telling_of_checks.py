"""A check holds until its day: its company's owners hear of it in time to send the evidence again."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from identity import services
from identity.models import Claim, Notice
from identity.states import ClaimKind, ClaimState, Role
from kernel.services import drain
from tests import factories as people
from tests.roof.test_telling import PDF, lines, told

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)


def sent(now: datetime) -> Claim:
    return services.submit_claim(
        actor=people.alice(),
        kind=ClaimKind.REGISTRATION,
        statement="BizFile 1",
        evidence=io.BytesIO(PDF),
        evidence_name="extract.pdf",
        now=now,
    )


def verified(claim: Claim, expires_on: date, now: datetime) -> None:
    services.decide_claim(
        actor=people.officer(), claim=claim, verified=True, source="ACRA", expires_on=expires_on, now=now
    )


def morning_of(day: date) -> datetime:
    return datetime.combine(day, time(8), timezone.get_default_timezone())


def hears(at: datetime) -> None:
    while drain("fast", clock=lambda: at) + drain("outside", clock=lambda: at):
        pass


def test_owners_hear_a_month_before_a_check_ends_and_are_reminded_until_they_send_it_again(
    mailoutbox,
) -> None:
    now, alice = timezone.now(), people.alice()
    clerk = people.a_colleague(alice, Role.SELLER)
    claim, last_day = sent(now), timezone.localdate(now) + timedelta(days=365)
    verified(claim, last_day, now)
    month_before = morning_of(last_day - MONTH)
    hears(month_before - timedelta(minutes=1))
    assert "claim.to_renew" not in lines(alice)
    mailoutbox.clear()

    hears(month_before)
    assert lines(alice, waiting=True) == ["claim.to_renew"]
    assert told(alice) == "A check of Tanjong Bolts Pte. Ltd. is about to expire: send its evidence again"
    line = Notice.objects.get(code="claim.to_renew")
    assert line.respond_by and timezone.localdate(line.respond_by) == last_day
    assert "claim.to_renew" not in lines(clerk)
    assert [letter.to for letter in mailoutbox] == [[alice.user.email]]

    hears(morning_of(last_day - timedelta(days=14)))
    assert [letter.to for letter in mailoutbox] == [[alice.user.email]] * 2, "once more at half time"

    sent(morning_of(last_day - timedelta(days=13)))
    hears(morning_of(last_day - timedelta(days=13)))
    assert lines(alice, waiting=True) == []


def test_of_a_check_that_was_renewed_or_taken_back_nobody_hears_and_of_a_short_one_half_way() -> None:
    now, alice = timezone.now(), people.alice()
    today = timezone.localdate(now)
    verified(sent(now), today + timedelta(days=40), now)
    renewed = sent(now)
    verified(renewed, today + timedelta(days=400), now)
    hears(now + timedelta(days=45))
    assert "claim.to_renew" not in lines(alice)

    verified(sent(now), today + timedelta(days=60), now + timedelta(days=50))
    hears(morning_of(today + timedelta(days=54)))
    assert "claim.to_renew" not in lines(alice)
    hears(morning_of(today + timedelta(days=56)))
    assert lines(alice, waiting=True) == ["claim.to_renew"]
    services.withdraw_claim(actor=alice, claim=renewed, now=now + timedelta(days=56))
    hears(morning_of(today + timedelta(days=57)))
    assert lines(alice, waiting=True) == []
    hears(morning_of(today + timedelta(days=380)))
    assert lines(alice).count("claim.to_renew") == 1


def test_a_check_from_before_ends_were_watched_is_taken_up_by_the_clock() -> None:
    now, alice = timezone.now(), people.alice()
    claim, today = sent(now), timezone.localdate(now)
    last_day = today + timedelta(days=20)
    Claim.objects.filter(pk=claim.pk).update(
        state=ClaimState.VERIFIED,
        verifier=people.officer().user,
        source="ACRA",
        checked_on=today - timedelta(days=345),
        expires_on=last_day,
    )
    hears(morning_of(last_day))
    assert "claim.to_renew" not in lines(alice), "nobody watched it"
    assert services.watch_claims(now=now) == 1
    assert services.watch_claims(now=now) == 0, "once for each check"
    hears(morning_of(last_day))
    assert "claim.to_renew" in lines(alice)
    # what was checked as the product does it is watched already, and what has ended needs nobody
    verified(sent(now), today + timedelta(days=365), now)
    assert services.watch_claims(now=now) == 0
    assert services.watch_claims(now=now + timedelta(days=400)) == 0
