"""How a page answers a sent form: the verb is called once; a refusal is shown in the form, with nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.forms import BaseForm
from django.http import HttpRequest

from kernel.errors import Refused
from kernel.refusals import add_to_form

T = TypeVar("T")


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """`data` and `files` of a form: what a POST carries, even when it carries nothing; None twice otherwise."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def done(form: BaseForm, verb: Callable[[], T]) -> T | None:
    """What the verb returns for a valid form; None where the form or the verb refuses."""
    if not form.is_valid():
        return None
    try:
        return verb()
    except Refused as refused:
        add_to_form(form, refused)
        return None
