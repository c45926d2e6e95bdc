"""The case office as its people use it in a browser."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disputes import services
from disputes.models import Case
from disputes.states import Zone
from tests import factories as people
from tests.disputes import factories as cases


def client_of(actor) -> Client:
    return people.sign_in(Client(), actor)


def at(name: str, *args: str) -> str:
    return reverse(f"mediation:{name}", args=args)


def listed(actor, which: str = "case", **query: str):
    return client_of(actor).get(at(f"disputes_{which}_changelist"), query)


def act(actor, case: Case, name: str, **data):
    return client_of(actor).post(at("case_act", case.public_id, name), data)


def a_session(case: Case):
    return services.set_session(
        actor=cases.mediator(),
        case=case.public_id,
        zone=Zone.JOINT,
        mode="online",
        starts_at=timezone.now() + timedelta(days=3),
        minutes=90,
        place="Room 3",
        now=timezone.now(),
    )
