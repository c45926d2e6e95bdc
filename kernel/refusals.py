"""The one place where a `Refused` becomes words for a person or a program."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from kernel.errors import Halted, NotFound, Refused

PROBLEM_JSON = "application/problem+json"


def add_to_form(form: BaseForm, refused: Refused) -> None:
    """Show the refusal beside the field it belongs to, line by line where it speaks of many."""
    field = refused.field if refused.field in form.fields else None
    words = [str(line["message"]) for line in refused.lines] or [str(refused)]
    for word in words:
        form.add_error(field, word)


def about(name: object, words: object) -> str:
    """“Name: what is wrong with it”, as the present language sets it."""
    return _("%(name)s: %(words)s") % {"name": name, "words": words}


def type_of(code: str) -> str:
    """The address of a kind of problem, as RFC 9457 has it; programs compare it, or the `code` itself."""
    return f"urn:sme-hub:{code}"


def as_problem(refused: Halted) -> dict[str, Any]:
    """RFC 9457 problem details."""
    problem: dict[str, Any] = {
        "type": type_of(refused.code),
        "title": str(refused),
        "status": refused.status,
        "code": refused.code,
    }
    if refused.field:
        problem["field"] = refused.field
    if refused.lines:
        problem["lines"] = [{**line, "message": str(line.get("message", ""))} for line in refused.lines]
    return problem | refused.details


class RefusalPages(MiddlewareMixin):
    """A refusal that no form caught becomes a page of its own: 404 for the unseen, else what is not possible and why."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Halted):
            return None
        template = "404.html" if isinstance(exception, NotFound) else "refused.html"
        return render(request, template, {"refused": exception}, status=exception.status)
