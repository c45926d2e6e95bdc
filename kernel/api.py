"""How the API speaks: problem+json, cursor pages, idempotency keys."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import exception_handler

from kernel.errors import NotFound, Refused
from kernel.refusals import PROBLEM_JSON, as_problem


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error of the API is RFC 9457 problem+json."""
    if isinstance(error, Http404):
        error = NotFound()
    if isinstance(error, Refused):
        return Response(as_problem(error), status=error.status, content_type=PROBLEM_JSON)
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = _problem_of(error, response)
    response.content_type = PROBLEM_JSON
    return response


def _problem_of(error: Exception, response: Response) -> dict[str, Any]:
    problem: dict[str, Any] = {"type": "about:blank", "status": response.status_code}
    if isinstance(error, exceptions.ValidationError):
        problem |= {"title": _("Some fields need mending."), "code": "invalid", "errors": response.data}
    elif isinstance(error, exceptions.APIException):
        codes = error.get_codes()
        problem |= {
            "title": str(error.detail),
            "code": codes if isinstance(codes, str) else error.default_code,
        }
    return problem


def read(shape: type[Serializer[Any]], data: Any) -> Any:
    """The values of a request in the types of `shape`; a 400 that names each field otherwise."""
    serializer = shape(data=data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def idempotency_key(request: Request) -> str:
    """The caller's `Idempotency-Key` header, empty when absent (`kernel.services.once` refuses that)."""
    return request.headers.get("Idempotency-Key", "")


class JsonBody(JSONParser):
    """JSON as Python reads it; a body nested deeper than it reads is the sender's mistake, not a fault of ours."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError as error:
            raise exceptions.ParseError(_("The body is nested too deeply.")) from error


class CursorPages(CursorPagination):
    """Keyset pages of 1 to 100 rows; no offsets, so no page costs more than another."""

    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100
    ordering = "-id"
