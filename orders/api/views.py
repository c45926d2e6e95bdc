"""`/api/v1/cart/` and `/api/v1/orders/`: the same verbs and refusals as the pages."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from identity.acting import actor_of
from kernel.api import idempotency_key, read
from orders import queries, services
from orders.api import shapes
from orders.models import Order
from orders.rules import acts_open_to
from orders.services import DespatchedLine, OrderRequest, ReceivedLine, WantedLine

KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=True,
    description="Up to 200 characters. The same key with the same body returns the first answer.",
)
PROBLEMS = dict.fromkeys((400, 401, 403, 404, 409, 422), shapes.ProblemShape)


def whole_order(request: Request, public_id: str) -> dict[str, Any]:
    """The order as its party reads it, with what this token may do to it now."""
    order: Any = queries.order_of(actor_of(request), public_id)
    order.line_rows = queries.lines_of(order)
    order.despatch_rows = queries.despatches_of(order)
    order.acts = sorted(acts_open_to(actor_of(request), order, timezone.now()))
    return dict(shapes.WholeOrderShape(order).data)


# --- the cart ------------------------------------------------------------------------------------------------------


class CartView(APIView):
    """The company's cart, split by seller."""

    @extend_schema(operation_id="cart", responses={200: shapes.CartShape, **PROBLEMS})
    def get(self, request: Request) -> Response:
        return Response(_cart(request))

    @extend_schema(
        operation_id="cart_choose_currency",
        request=shapes.CartCurrencyShape,
        responses={200: shapes.CartShape, **PROBLEMS},
    )
    def patch(self, request: Request) -> Response:
        asked = read(shapes.CartCurrencyShape, request.data)
        services.choose_currency(actor=actor_of(request), now=timezone.now(), **asked)
        return Response(_cart(request))


class CartLineView(APIView):
    """One product in the cart."""

    @extend_schema(
        operation_id="cart_set_quantity",
        request=shapes.CartQuantityShape,
        responses={200: shapes.CartShape, **PROBLEMS},
    )
    def put(self, request: Request, product: str) -> Response:
        asked = read(shapes.CartQuantityShape, request.data)
        services.set_quantity(actor=actor_of(request), product=product, now=timezone.now(), **asked)
        return Response(_cart(request))

    @extend_schema(operation_id="cart_remove", responses={204: None, **PROBLEMS})
    def delete(self, request: Request, product: str) -> Response:
        services.remove_from_cart(actor=actor_of(request), product=product)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _cart(request: Request) -> dict[str, Any]:
    return dict(shapes.CartShape(queries.cart_of(actor_of(request), as_of=timezone.localdate())).data)


# --- orders --------------------------------------------------------------------------------------------------------


class OrdersView(APIView):
    """Orders of the acting company, and placing one."""

    @extend_schema(
        operation_id="orders_list",
        parameters=[shapes.ListShape],
        responses={200: shapes.OrderPageShape, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        asked = read(shapes.ListShape, request.query_params)
        filters = queries.Filters(
            side=asked["side"], state=asked["state"], words=asked["q"], sort=asked["sort"]
        )
        page = queries.page_of(actor_of(request), filters, after=asked["after"], size=asked["size"])
        return Response({"results": shapes.OrderShape(page.orders, many=True).data, "next": page.after})

    @extend_schema(
        operation_id="orders_place",
        request=shapes.OrderRequestShape,
        parameters=[KEY],
        responses={201: shapes.PlacedShape, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        asked = read(shapes.OrderRequestShape, request.data)
        lines = tuple(WantedLine(**line) for line in asked.pop("lines"))
        placed = services.place_once(
            actor=actor_of(request),
            request=OrderRequest(lines=lines, **asked),
            key=idempotency_key(request),
            now=timezone.now(),
        )
        return Response(placed, status=status.HTTP_201_CREATED)


class OrderView(APIView):
    """One order, for its two parties."""

    @extend_schema(operation_id="orders_retrieve", responses={200: shapes.WholeOrderShape, **PROBLEMS})
    def get(self, request: Request, order: str) -> Response:
        return Response(whole_order(request, order))


class ActView(APIView):
    """An act that changes an order; the answer is the order as it then stands."""

    def answer(self, request: Request, order: Order) -> Response:
        return Response(whole_order(request, order.public_id))


class AcceptView(ActView):
    @extend_schema(
        operation_id="orders_accept", request=None, responses={200: shapes.WholeOrderShape, **PROBLEMS}
    )
    def post(self, request: Request, order: str) -> Response:
        done = services.accept_order(actor=actor_of(request), order=order, now=timezone.now())
        return self.answer(request, done)


class RefuseView(ActView):
    @extend_schema(
        operation_id="orders_refuse",
        request=shapes.ReasonShape,
        responses={200: shapes.WholeOrderShape, **PROBLEMS},
    )
    def post(self, request: Request, order: str) -> Response:
        asked = read(shapes.ReasonShape, request.data)
        done = services.refuse_order(actor=actor_of(request), order=order, now=timezone.now(), **asked)
        return self.answer(request, done)


class CancelView(ActView):
    @extend_schema(
        operation_id="orders_cancel",
        request=shapes.ReasonShape,
        responses={200: shapes.WholeOrderShape, **PROBLEMS},
    )
    def post(self, request: Request, order: str) -> Response:
        asked = read(shapes.ReasonShape, request.data)
        done = services.cancel_order(actor=actor_of(request), order=order, now=timezone.now(), **asked)
        return self.answer(request, done)


class FreightView(ActView):
    @extend_schema(
        operation_id="orders_offer_freight",
        request=shapes.FreightShape,
        responses={200: shapes.WholeOrderShape, **PROBLEMS},
    )
    def post(self, request: Request, order: str) -> Response:
        asked = read(shapes.FreightShape, request.data)
        done = services.offer_freight(
            actor=actor_of(request), order=order, freight=asked["amount"], now=timezone.now()
        )
        return self.answer(request, done)


class AgreeView(ActView):
    @extend_schema(
        operation_id="orders_agree_freight",
        request=shapes.AgreementShape,
        responses={200: shapes.WholeOrderShape, **PROBLEMS},
    )
    def post(self, request: Request, order: str) -> Response:
        asked = read(shapes.AgreementShape, request.data)
        done = services.agree_freight(actor=actor_of(request), order=order, now=timezone.now(), **asked)
        return self.answer(request, done)


class PaymentsView(APIView):
    """Payments that the seller saw arrive. No money moves here."""

    @extend_schema(
        operation_id="orders_record_payment",
        request=shapes.PaymentShape,
        parameters=[KEY],
        responses={201: shapes.MadeShape, **PROBLEMS},
    )
    def post(self, request: Request, order: str) -> Response:
        asked = read(shapes.PaymentShape, request.data)
        made = services.record_payment_once(
            actor=actor_of(request), order=order, key=idempotency_key(request), now=timezone.now(), **asked
        )
        return Response(made, status=status.HTTP_201_CREATED)


class DespatchesView(APIView):
    """Shipments of the order, in parts or whole."""

    @extend_schema(
        operation_id="orders_despatch",
        request=shapes.DespatchShape,
        parameters=[KEY],
        responses={201: shapes.MadeShape, **PROBLEMS},
    )
    def post(self, request: Request, order: str) -> Response:
        asked = read(shapes.DespatchShape, request.data)
        asked["lines"] = [DespatchedLine(**line) for line in asked["lines"]]
        made = services.despatch_once(
            actor=actor_of(request), order=order, key=idempotency_key(request), now=timezone.now(), **asked
        )
        return Response(made, status=status.HTTP_201_CREATED)


class ReceiptsView(APIView):
    """What the buyer counted of a shipment."""

    @extend_schema(
        operation_id="orders_receive",
        request=shapes.ReceiptShape,
        parameters=[KEY],
        responses={201: shapes.MadeShape, **PROBLEMS},
    )
    def post(self, request: Request, order: str) -> Response:
        asked = read(shapes.ReceiptShape, request.data)
        asked["lines"] = [ReceivedLine(**line) for line in asked["lines"]]
        made = services.receive_once(
            actor=actor_of(request), order=order, key=idempotency_key(request), now=timezone.now(), **asked
        )
        return Response(made, status=status.HTTP_201_CREATED)


class AgainView(APIView):
    """The lines of an old order, into the cart."""

    @extend_schema(operation_id="orders_again", request=None, responses={200: shapes.AgainShape, **PROBLEMS})
    def post(self, request: Request, order: str) -> Response:
        again = services.order_again(actor=actor_of(request), order=order, now=timezone.now())
        return Response(
            {
                "added": [line.sku for line in again.added],
                "missing": [line.sku for line in again.missing],
            }
        )
