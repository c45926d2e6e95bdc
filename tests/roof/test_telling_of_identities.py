"""Whose identity is connected, linked or parted from an account hears of it, in their language; officers hear what waits."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from identity import services
from identity.actors import Anonymous
from identity.events import IdentityConnected
from identity.models import ExternalIdentity, Notice, NoticePreference, User
from identity.states import NoticeMail
from kernel.services import drain, record
from tests import factories as people
from tests.identity import recognised
from tests.identity.test_linking import NOON, agreed, both_shown
from tests.roof.test_telling import lines, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_to_tell_yet(db: None) -> None:
    people.bo(), recognised.officer("olive"), recognised.officer("peter")
    recognised.issuer("sg"), recognised.issuer("cn")
    hears()
    Notice.objects.all().delete()
    mail.outbox.clear()


def hears() -> None:
    while drain("fast") + drain("slow") + drain("outside"):
        pass


def letters_to(user: User) -> list[Any]:
    return [letter for letter in mail.outbox if letter.to == [user.email]]


def test_a_link_that_waits_is_told_to_its_person_and_to_other_officers_until_two_have_decided() -> None:
    bo, olive, peter = people.bo(), recognised.officer("olive"), recognised.officer("peter")
    now = timezone.now()
    link = agreed(both_shown(bo.user, sg="Somebody else"))
    hears()
    assert lines(bo) == ["link.waits"] and told(bo).startswith("两名专员正在审核")
    assert len(letters_to(bo.user)) == 1
    assert Notice.objects.get(user=bo.user).path.startswith(
        f"/zh-hans/accounts/identities/link/{link.public_id}"
    )
    assert lines(olive, waiting=True) == lines(peter, waiting=True) == ["link.to_decide"]
    services.decide_link(actor=olive, link=link, accepted=True, reason="Passport", now=now)
    hears()
    assert lines(peter, waiting=True) == ["link.to_decide"]
    services.decide_link(actor=peter, link=link, accepted=True, reason="Seen", now=now)
    hears()
    assert lines(peter, waiting=True) == lines(olive, waiting=True) == []
    assert lines(bo) == ["link.waits", "link.linked"]
    services.undo_link(actor=peter, link=link, reason="Not his passport", now=now)
    hears()
    assert lines(bo)[-1] == "link.undone" and len(letters_to(bo.user)) == 3


def test_an_officer_is_not_asked_about_their_own_link_and_a_refused_one_is_told() -> None:
    olive, peter = recognised.officer("olive"), recognised.officer("peter")
    link = agreed(both_shown(olive.user, sg="Somebody else"))
    hears()
    assert lines(olive) == ["link.waits"]
    assert lines(peter, waiting=True) == ["link.to_decide"]
    services.decide_link(actor=peter, link=link, accepted=False, reason="Two people", now=NOON)
    hears()
    assert lines(olive) == ["link.waits", "link.rejected"] and lines(peter, waiting=True) == []


def test_what_is_connected_and_parted_is_told_by_a_letter_that_nobody_can_switch_off() -> None:
    bo = people.bo()
    NoticePreference.objects.create(user=bo.user, group="account", mail=NoticeMail.NEVER)
    link = agreed(both_shown(bo.user))
    identity = ExternalIdentity.objects.get(user=bo.user, issuer__code="cn")
    record(
        IdentityConnected(identity_id=identity.pk),
        actor=Anonymous(user_id=bo.user.pk),
        now=timezone.now(),
        subject=identity,
    )
    hears()
    [letter] = letters_to(bo.user)
    assert "签发方 cn" in letter.subject and "/zh-hans/accounts/identities/" in letter.body
    assert lines(bo) == ["link.linked", "identity.connected"]
    services.end_identity(identity=identity, user=bo.user, now=timezone.now())
    hears()
    assert lines(bo)[2:] == ["link.revoked", "identity.ended"]
    assert "断开" in letters_to(bo.user)[1].subject and len(letters_to(bo.user)) == 2
    link.refresh_from_db()
    assert link.revoked_by_id == bo.user_id
