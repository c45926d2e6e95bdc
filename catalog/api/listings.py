"""Listings, their stock, pictures and data sheets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from catalog import services
from catalog.api import shapes
from catalog.models import Product
from catalog.queries.listings import PAGE, Wanted, listing, listings, movements
from identity.acting import actor_of
from identity.actors import require
from identity.states import Role
from kernel.api import JsonBody, idempotency_key
from kernel.services import once

KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=True,
    description="Up to 200 characters. The same key with the same body returns the first answer.",
)
PROBLEMS = dict.fromkeys((400, 401, 403, 404, 409, 422), shapes.ListingProblemShape)
WHOLE: dict[int, Any] = {200: shapes.WholeListingShape, **PROBLEMS}


def read(shape: type[Serializer[Any]], data: Any) -> Any:
    """The request in the shape asked for; a 400 that names each field otherwise."""
    serializer = shape(data=data)
    serializer.is_valid(raise_exception=True)
    return serializer


def mine(request: Request, product: str) -> Product:
    """The acting company's listing; the token must be allowed to sell."""
    return listing(actor=require(actor_of(request), Role.SELLER), public_id=product)


class ListingsView(APIView):
    """The acting company's listings, and new ones."""

    @extend_schema(
        operation_id="products_list",
        parameters=[shapes.ListingListShape],
        responses={200: shapes.ListingPageShape, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        actor = require(actor_of(request), Role.SELLER)
        asked = dict(read(shapes.ListingListShape, request.query_params).validated_data)
        size = asked.pop("size")
        page = listings(actor=actor, wanted=Wanted(**asked), size=size)
        answer = {"results": page.rows, "next": page.next, "previous": page.previous}
        return Response(shapes.ListingPageShape(answer).data)

    @extend_schema(
        operation_id="products_create",
        request=shapes.NewListingShape,
        parameters=[KEY],
        responses={201: shapes.WholeListingShape, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        asked = read(shapes.NewListingShape, request.data)
        published = asked.validated_data["published"]
        draft, actor, now = asked.draft(), actor_of(request), timezone.now()
        answer = once(
            actor=actor,
            verb="create_product",
            key=idempotency_key(request),
            body=request.data,
            now=now,
            act=lambda: {
                "id": services.create_product(
                    actor=actor, draft=draft, now=now, published=published
                ).public_id
            },
        )
        return Response(
            shapes.WholeListingShape.of(mine(request, answer["id"])), status=status.HTTP_201_CREATED
        )


class ListingView(APIView):
    """One listing of the acting company."""

    @extend_schema(operation_id="products_retrieve", responses=WHOLE)
    def get(self, request: Request, product: str) -> Response:
        return Response(shapes.WholeListingShape.of(mine(request, product)))

    @extend_schema(operation_id="products_edit", request=shapes.EditedListingShape, responses=WHOLE)
    def put(self, request: Request, product: str) -> Response:
        asked = read(shapes.EditedListingShape, request.data)
        version = asked.validated_data.get("version")
        services.edit_product(
            actor=actor_of(request),
            product=mine(request, product),
            draft=asked.draft(),
            version=version,
            now=timezone.now(),
        )
        return Response(shapes.WholeListingShape.of(mine(request, product)))


class MoveView(APIView):
    """An act that changes a listing's state; the answer is the listing as it then stands."""

    verb: Callable[..., Product]

    def move(self, request: Request, product: str) -> Response:
        type(self).verb(actor=actor_of(request), product=mine(request, product), now=timezone.now())
        return Response(shapes.WholeListingShape.of(mine(request, product)))


class PublishView(MoveView):
    verb = staticmethod(services.publish)

    @extend_schema(operation_id="products_publish", request=None, responses=WHOLE)
    def post(self, request: Request, product: str) -> Response:
        return self.move(request, product)


class PauseView(MoveView):
    verb = staticmethod(services.pause)

    @extend_schema(operation_id="products_pause", request=None, responses=WHOLE)
    def post(self, request: Request, product: str) -> Response:
        return self.move(request, product)


class EndView(MoveView):
    verb = staticmethod(services.end)

    @extend_schema(operation_id="products_end", request=None, responses=WHOLE)
    def post(self, request: Request, product: str) -> Response:
        return self.move(request, product)


class StockView(APIView):
    """What may be ordered, why it changed, and a new count."""

    @extend_schema(operation_id="products_stock", responses={200: shapes.StockShape, **PROBLEMS})
    def get(self, request: Request, product: str) -> Response:
        return Response(_stock(request, product))

    @extend_schema(
        operation_id="products_count_stock",
        request=shapes.CountShape,
        responses={200: shapes.StockShape, **PROBLEMS},
    )
    def post(self, request: Request, product: str) -> Response:
        asked = read(shapes.CountShape, request.data).validated_data
        services.count_stock(
            actor=actor_of(request), product=mine(request, product), now=timezone.now(), **asked
        )
        return Response(_stock(request, product))


class PicturesView(APIView):
    """Pictures of a listing: a new one is encoded again; the first is the one that lists show."""

    parser_classes = [MultiPartParser, JsonBody]

    @extend_schema(
        operation_id="products_add_picture",
        request={"multipart/form-data": shapes.PictureUploadShape},
        responses={201: shapes.PictureShape, **PROBLEMS},
    )
    def post(self, request: Request, product: str) -> Response:
        asked = read(shapes.PictureUploadShape, request.data).validated_data
        image = services.add_image(
            actor=actor_of(request), product=mine(request, product), now=timezone.now(), **asked
        )
        return Response(shapes.PictureShape(image).data, status=status.HTTP_201_CREATED)


class PictureView(APIView):
    @extend_schema(operation_id="products_remove_picture", responses={204: None, **PROBLEMS})
    def delete(self, request: Request, product: str, picture: str) -> Response:
        pictures: Any = mine(request, product).images.all()
        services.remove_image(actor=actor_of(request), image=pictures.fetch(picture), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class SheetsView(APIView):
    """Data sheets and certificates of a listing."""

    parser_classes = [MultiPartParser, JsonBody]

    @extend_schema(
        operation_id="products_add_sheet",
        request={"multipart/form-data": shapes.SheetUploadShape},
        responses={201: shapes.SheetShape, **PROBLEMS},
    )
    def post(self, request: Request, product: str) -> Response:
        asked = dict(read(shapes.SheetUploadShape, request.data).validated_data)
        sheet = services.add_sheet(
            actor=actor_of(request),
            product=mine(request, product),
            file=asked.pop("file"),
            details=services.SheetDetails(**asked),
            now=timezone.now(),
        )
        return Response(shapes.SheetShape(sheet).data, status=status.HTTP_201_CREATED)


class SheetView(APIView):
    @extend_schema(operation_id="products_remove_sheet", responses={204: None, **PROBLEMS})
    def delete(self, request: Request, product: str, sheet: str) -> Response:
        sheets: Any = mine(request, product).sheets.all()
        services.remove_sheet(actor=actor_of(request), sheet=sheets.fetch(sheet), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _stock(request: Request, product: str) -> dict[str, Any]:
    stored = mine(request, product)
    rows = movements(actor=actor_of(request), product=stored)[:PAGE]
    return dict(shapes.StockShape({"available": stored.stock.available, "movements": rows}).data)
