"""`/api/v1/financing/offers/`: offers of money made to the acting company, or, for a bank, by it."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from financing import queries, services
from financing.api import shapes
from financing.queries import Filters
from identity.acting import actor_of
from identity.actors import require
from identity.states import Role
from kernel.api import idempotency_key, read

KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=True,
    description="Up to 200 characters. The same key with the same body returns the first answer.",
)


class OffersView(APIView):
    @extend_schema(
        operation_id="financing_offers_list",
        parameters=[shapes.ListShape],
        responses={200: shapes.OfferPageShape},
    )
    def get(self, request: Request) -> Response:
        actor = require(actor_of(request), Role.FINANCE)
        asked = read(shapes.ListShape, request.query_params)
        filters = Filters(state=asked["state"], words=asked["q"])
        listed = queries.offers_by if asked["side"] == "bank" else queries.offers_to
        page = queries.page_of(listed(actor, filters), after=asked["after"], size=asked["size"])
        return Response({"results": shapes.OfferShape(page.offers, many=True).data, "next": page.after})


class OfferView(APIView):
    @extend_schema(operation_id="financing_offers_retrieve", responses={200: shapes.OfferShape})
    def get(self, request: Request, offer: str) -> Response:
        found = queries.offer_of(actor_of(request), offer)
        require(actor_of(request), Role.FINANCE)
        return Response(shapes.OfferShape(found).data)


class AcceptView(APIView):
    """The seller accepts; the bank is told within seconds."""

    @extend_schema(
        operation_id="financing_offers_accept",
        request=shapes.AcceptShape,
        parameters=[KEY],
        responses={200: shapes.AcceptedShape},
    )
    def post(self, request: Request, offer: str) -> Response:
        asked = read(shapes.AcceptShape, request.data)
        told = services.accept_once(
            actor=actor_of(request),
            offer=offer,
            net_seen=asked["net_seen"],
            key=idempotency_key(request),
            now=timezone.now(),
        )
        return Response(told)


class DeclineView(APIView):
    @extend_schema(operation_id="financing_offers_decline", request=None, responses={200: shapes.OfferShape})
    def post(self, request: Request, offer: str) -> Response:
        actor = actor_of(request)
        services.decline_offer(actor=actor, offer=offer, now=timezone.now())
        return Response(shapes.OfferShape(queries.offer_of(actor, offer)).data)
