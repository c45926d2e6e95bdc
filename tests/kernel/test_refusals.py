"""A refusal becomes a form's error, a page, or problem+json."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django import forms
from django.http import Http404
from django.test import RequestFactory
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

from kernel.api import problem_handler
from kernel.errors import Forbidden, NotFound, Refused
from kernel.refusals import RefusalPages, add_to_form, as_problem


class TooLoud(Refused):
    code = "bell.too_loud"
    message = _("At most %(most)d decibels.")


class RingForm(forms.Form):
    tone = forms.CharField()


def _form() -> RingForm:
    form = RingForm({"tone": "c"})
    assert form.is_valid()
    return form


def test_it_stands_beside_its_field():
    form = _form()
    add_to_form(form, TooLoud(most=90, field="tone"))
    assert form.errors == {"tone": ["At most 90 decibels."]}


@pytest.mark.parametrize("field", [None, "volume"])
def test_it_stands_on_top_where_the_form_has_no_such_field(field):
    form = _form()
    add_to_form(form, TooLoud(most=90, field=field))
    assert form.non_field_errors() == ["At most 90 decibels."]


def test_many_lines_are_told_one_by_one():
    form = _form()
    add_to_form(
        form, TooLoud(most=90, lines=[{"line": 1, "message": "cracked"}, {"line": 3, "message": "sold"}])
    )
    assert form.non_field_errors() == ["cracked", "sold"]


def test_a_program_gets_problem_details():
    assert as_problem(
        TooLoud(most=90, field="tone", lines=[{"line": 1, "code": "x", "message": _("cracked")}])
    ) == {
        "type": "urn:sme-hub:bell.too_loud",
        "title": "At most 90 decibels.",
        "status": 422,
        "code": "bell.too_loud",
        "field": "tone",
        "lines": [{"line": 1, "code": "x", "message": "cracked"}],
    }


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (TooLoud(most=90), 422, "bell.too_loud"),
        (Forbidden(), 403, "forbidden"),
        (NotFound(), 404, "not_found"),
        (Http404(), 404, "not_found"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.Throttled(), 429, "throttled"),
        (exceptions.ValidationError({"tone": ["missing"]}), 400, "invalid"),
    ],
)
def test_every_error_of_the_api_is_a_problem(error, status, code):
    request = RequestFactory().get("/api/v1/bells/")
    answer = problem_handler(error, {"request": SimpleNamespace(_request=request), "view": None})
    assert answer is not None
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert (answer.data["status"], answer.data["code"]) == (status, code)


def test_a_bug_is_not_made_a_problem():
    assert problem_handler(ZeroDivisionError(), {"request": None, "view": None}) is None


def test_what_no_form_caught_becomes_a_page_only_when_it_is_a_refusal():
    pages = RefusalPages(lambda request: None)
    assert pages.process_exception(RequestFactory().get("/"), ZeroDivisionError()) is None
