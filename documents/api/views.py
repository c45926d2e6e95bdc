"""`/api/v1/papers/`: the papers of the acting company's deals."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents import queries, services
from documents.api import shapes
from documents.views import pdf_answer
from identity.acting import actor_of
from kernel.api import read


def whole_paper(request: Request, public_id: str) -> dict[str, Any]:
    """The paper as its party reads it, with what its latest version says."""
    found: Any = queries.paper_of(actor_of(request), public_id)
    found.contents = queries.latest_data(found)
    return dict(shapes.WholePaperShape(found).data)


class PapersView(APIView):
    @extend_schema(
        operation_id="papers_list", parameters=[shapes.ListShape], responses={200: shapes.PaperPageShape}
    )
    def get(self, request: Request) -> Response:
        asked = read(shapes.ListShape, request.query_params)
        page = queries.page_of(actor_of(request), words=asked.pop("q"), **asked)
        return Response({"results": shapes.PaperShape(page.rows, many=True).data, "next": page.after})


class PaperView(APIView):
    @extend_schema(operation_id="papers_retrieve", responses={200: shapes.WholePaperShape})
    def get(self, request: Request, paper: str) -> Response:
        return Response(whole_paper(request, paper))


class VersionsView(APIView):
    """Correcting a paper: a new version under the same number."""

    @extend_schema(
        operation_id="papers_reissue",
        request=shapes.CorrectionShape,
        responses={201: shapes.WholePaperShape},
    )
    def post(self, request: Request, paper: str) -> Response:
        correction = services.Correction(**read(shapes.CorrectionShape, request.data))
        services.reissue(actor=actor_of(request), paper=paper, correction=correction, now=timezone.now())
        return Response(whole_paper(request, paper), status=status.HTTP_201_CREATED)


class WhateverIsAccepted(BaseContentNegotiation):
    """A PDF is answered as a PDF and a problem as a problem, whatever the caller says that it accepts."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class DownloadView(APIView):
    """One language of one version as PDF; 409 `paper.being_prepared` while a worker renders it."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="papers_download",
        parameters=[shapes.DownloadShape],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, paper: str) -> FileResponse:
        asked = read(shapes.DownloadShape, request.query_params)
        return pdf_answer(queries.file_of(actor_of(request), paper, **asked), as_attachment=True)
