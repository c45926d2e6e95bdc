"""Reading events: by audience, and by cursor without missing a late commit."""

from __future__ import annotations

import uuid
from contextlib import closing

import psycopg2
import pytest
from django.apps.registry import Apps
from django.conf import settings
from django.db import transaction

from kernel.models import Event, PublicRow
from kernel.queries import events_visible_to, story_of
from kernel.services import record
from tests.kernel.bells import BellRang, Ringer, ring


class Deal(PublicRow):
    """Never stored: only its public id is looked at."""

    class Meta:
        app_label = "kernel"
        apps = Apps()  # a registry of its own: no migration is owed for it


@pytest.mark.django_db
def test_a_deals_story_is_told_in_order_and_to_its_audience_only(clock):
    deal = Deal(uid=uuid.uuid4())
    with transaction.atomic():
        record(BellRang(tone="a"), actor=Ringer(), now=clock(), about=deal, audience=[7, 9])
        record(BellRang(tone="b"), actor=Ringer(), now=clock(), about=deal, audience=[7])
        record(BellRang(tone="c"), actor=Ringer(), now=clock(), audience=[7])
    assert _tones(story_of(deal.uid, actor=Ringer(company_id=7))) == ["a", "b"]
    assert _tones(story_of(deal.uid, actor=Ringer(company_id=9))) == ["a"]
    assert _tones(events_visible_to(Ringer(company_id=8))) == []
    assert _tones(events_visible_to(Ringer(company_id=None))) == []


def test_a_late_commit_is_never_skipped(committed_db, clock):
    """An id is given before its commit: a reader who went past it would never come back."""
    with closing(psycopg2.connect(settings.DATABASE_DIRECT_URL)) as slow_writer:
        slow_writer.cursor().execute(
            "INSERT INTO kernel_event (name, schema, actor, audience, payload, at) "
            "VALUES ('BellRang', 1, 'member:7', '{}', '{\"tone\": \"slow\"}', now())"
        )
        ring(clock(), tone="quick")
        assert _tones(Event.objects.order_by("id")) == ["quick"]
        assert _tones(Event.objects.settled().order_by("id")) == []
        slow_writer.commit()
    assert _tones(Event.objects.settled().order_by("id")) == ["slow", "quick"]


def _tones(events) -> list[str]:
    return [event.payload["tone"] for event in events]
