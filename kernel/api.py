"""How the API speaks: problem+json, cursor pages, idempotency keys."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import CharField, Serializer
from rest_framework.views import exception_handler

from kernel.errors import Halted, NotFound
from kernel.ids import MalformedId, parse_public_id
from kernel.refusals import PROBLEM_JSON, as_problem, type_of


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error of the API is RFC 9457 problem+json."""
    if isinstance(error, Http404):
        error = NotFound()
    if isinstance(error, Halted):
        return Response(as_problem(error), status=error.status, content_type=PROBLEM_JSON)
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = _problem_of(error, response)
    response.content_type = PROBLEM_JSON
    return response


def _problem_of(error: Exception, response: Response) -> dict[str, Any]:
    title, code, errors = str(error), "error", None
    if isinstance(error, exceptions.ValidationError):
        title, code, errors = _("Some fields need mending."), "invalid", response.data
    elif isinstance(error, exceptions.APIException):
        codes = error.get_codes()
        title, code = str(error.detail), codes if isinstance(codes, str) else error.default_code
    problem = {"type": type_of(code), "title": title, "status": response.status_code, "code": code}
    return problem if errors is None else problem | {"errors": errors}


def read(shape: type[Serializer[Any]], data: Any) -> Any:
    """The values of a request in the types of `shape`; a 400 that names each field otherwise."""
    serializer = shape(data=data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


class Asked(Serializer[Any]):
    """The parameters of an address. One that does not exist is refused: whoever wrote it would take its effect as given."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields)
        if unknown:
            raise exceptions.ValidationError(
                {name: [_("There is no such parameter.")] for name in sorted(unknown)}
            )
        return super().to_internal_value(data)


class PlaceField(CharField):
    """Where a page begins: what an earlier page gave as `next`. Subclasses say what that is, and refuse anything else."""

    default_error_messages = {  # noqa: RUF012
        "malformed": gettext_lazy("Give the `next` of an earlier page, or nothing.")
    }

    def __init__(self, **kwargs: Any) -> None:
        wanted: dict[str, Any] = {"max_length": 400, "allow_blank": True, "default": ""}
        super().__init__(**{**wanted, "help_text": "`next` of the page before", **kwargs})


class IdPlaceField(PlaceField):
    """The public id of the last row of the page before."""

    def __init__(self, prefix: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.prefix_of_ids = prefix

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        try:
            parse_public_id(self.prefix_of_ids, text)
        except MalformedId:
            self.fail("malformed")
        return text


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
