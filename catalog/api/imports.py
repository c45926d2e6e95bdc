"""Imports: send a file, ask how far it is, read what to mend."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api import shapes
from catalog.api.listings import PROBLEMS, read
from catalog.models import ImportJob
from catalog.queries import imports as queries
from catalog.rules.problems import words_of
from catalog.services import receive_import
from identity.acting import actor_of
from identity.actors import require
from identity.states import Role
from kernel.api import JsonBody


class ImportsView(APIView):
    """The acting company's imports, and a new one. The same file again is answered with the first report."""

    parser_classes = [MultiPartParser, JsonBody]

    @extend_schema(
        operation_id="imports_list",
        parameters=[shapes.ImportListShape],
        responses={200: shapes.ImportPageShape, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        actor = require(actor_of(request), Role.SELLER)
        asked = read(shapes.ImportListShape, request.query_params).validated_data
        rows = queries.imports(actor=actor)
        if asked["after"]:
            last = queries.import_job(actor=actor, public_id=asked["after"])
            rows = rows.filter(pk__lt=last.pk)
        jobs = list(rows[: queries.PAGE + 1])
        more = len(jobs) > queries.PAGE
        shown = jobs[: queries.PAGE]
        return Response(
            shapes.ImportPageShape({"results": shown, "next": shown[-1].public_id if more else ""}).data
        )

    @extend_schema(
        operation_id="imports_send",
        request={"multipart/form-data": shapes.ImportUploadShape},
        responses={202: shapes.ImportShape, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        asked = read(shapes.ImportUploadShape, request.data).validated_data
        job = receive_import(
            actor=actor_of(request),
            file=asked["file"],
            file_name=asked["file"].name,
            dry_run=asked["dry_run"],
            now=timezone.now(),
        )
        return Response(shapes.ImportShape(job).data, status=status.HTTP_202_ACCEPTED)


class ImportView(APIView):
    """How far an import is, and what became of its rows."""

    @extend_schema(operation_id="imports_retrieve", responses={200: shapes.ImportShape, **PROBLEMS})
    def get(self, request: Request, job: str) -> Response:
        return Response(shapes.ImportShape(_mine(request, job)).data)


class ImportProblemsView(APIView):
    """What to mend in which line."""

    @extend_schema(
        operation_id="imports_problems",
        parameters=[shapes.ImportListShape],
        responses={200: shapes.RowProblemPageShape, **PROBLEMS},
    )
    def get(self, request: Request, job: str) -> Response:
        asked = read(shapes.ImportListShape, request.query_params).validated_data
        found = queries.problems(_mine(request, job), after=queries.read_cursor(asked["after"]))
        shown = found[: queries.PAGE]
        results = [
            {
                "line": problem.line,
                "column": problem.column,
                "code": problem.code,
                "value": problem.value,
                "message": words_of(problem.code, problem.facts),
            }
            for problem in shown
        ]
        following = queries.cursor_of(shown[-1]) if len(found) > queries.PAGE else ""
        return Response(shapes.RowProblemPageShape({"results": results, "next": following}).data)


def _mine(request: Request, job: str) -> ImportJob:
    return queries.import_job(actor=require(actor_of(request), Role.SELLER), public_id=job)
