"""`/api/v1/events/`: what happened to the acting company's deals, listings and people, read by cursor."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from disputes.events import CaseEvent
from financing.events import FinanceEvent
from identity.acting import actor_of
from identity.actors import Token
from identity.states import Role
from kernel.api import Asked, PlaceField
from kernel.ids import public_id
from kernel.models import Event
from kernel.models.events import EventQuerySet
from kernel.queries import events_visible_to
from kernel.sealing import NotSealed, seal, unseal
from orders.models import Order

#: what happens in a case is read by the people who deal with it, by no program
FOR_PEOPLE = [event.__name__ for event in CaseEvent.__subclasses__()]
#: what banks offer and pay is read by programs that deal with it
FOR_FINANCE = [event.__name__ for event in FinanceEvent.__subclasses__()]

#: how names in events end that are of no use to others
KEPT_HERE = ("_id", "_ids", "assurance")


class CursorField(PlaceField):
    """Transaction and event, sealed: events are read in the order in which their transactions began.

    The number of an event alone would not do: of two transactions that run at once, the later one may hold the lower
    event number, and would be skipped by a reader who has seen the other.
    """

    def to_internal_value(self, data: Any) -> tuple[int, int]:
        try:
            transaction, event = unseal("event", super().to_internal_value(data), count=2)
        except NotSealed:
            self.fail("malformed")
        return transaction, event


class FeedShape(Asked):
    after = CursorField(allow_blank=False, default=(0, 0))
    size = serializers.IntegerField(min_value=1, max_value=100, default=50)


class EventShape(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    schema = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = serializers.ChoiceField(choices=("us", "them", "system"))
    order = serializers.CharField(allow_null=True, help_text="Public id of the order that it is about")
    data = serializers.DictField()


class FeedPageShape(serializers.Serializer[Any]):
    results = EventShape(many=True)
    next = serializers.CharField(help_text="Give it as `after`; the same again when nothing has happened")


class EventsView(APIView):
    """Events that the acting company may read, oldest first. An event is never skipped and never comes twice."""

    @extend_schema(operation_id="events", parameters=[FeedShape], responses={200: FeedPageShape})
    def get(self, request: Request) -> Response:
        shape = FeedShape(data=request.query_params)
        shape.is_valid(raise_exception=True)
        actor = actor_of(request)
        after, size = shape.validated_data["after"], shape.validated_data["size"]
        events = list(_behind(_read_by(actor).settled(), after)[:size])
        cursor = (events[-1].xid, events[-1].pk) if events else after
        told = [_told(event, actor) for event in events]
        return Response({"results": told, "next": _cursor(cursor)})


def _read_by(actor: Token) -> EventQuerySet:
    """What the acting company may read, less what is not the business of this token's roles."""
    hidden = FOR_PEOPLE if actor.may(Role.FINANCE) else [*FOR_PEOPLE, *FOR_FINANCE]
    return events_visible_to(actor).exclude(name__in=hidden)


def _behind(events: EventQuerySet, after: tuple[int, int]) -> EventQuerySet:
    transaction, event = after
    return events.filter(Q(xid__gt=transaction) | Q(xid=transaction, id__gt=event)).order_by("xid", "id")


def _cursor(place: tuple[int, int]) -> str:
    return seal("event", *place)


def _told(event: Event, actor: Token) -> dict[str, Any]:
    """Without the keys of rows, and without what an act rests on: neither leaves the house."""
    by = "system" if event.company_id is None else "us" if event.company_id == actor.company_id else "them"
    return {
        "id": _cursor((event.xid, event.pk)),
        "name": event.name,
        "schema": event.schema,
        "at": event.at,
        "by": by,
        "order": public_id(Order.PREFIX, event.about) if event.about else None,
        "data": {name: value for name, value in event.payload.items() if not name.endswith(KEPT_HERE)},
    }
