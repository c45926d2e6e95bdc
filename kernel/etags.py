"""Answers that are spared as long as nothing has changed: for pages that ask for their news again and again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import get_language


def tag_of(state: str) -> str:
    """The tag of this state in the active language; opaque, so that it tells nobody how many there are of anything."""
    return f'"{hashlib.sha256(f"{get_language()} {state}".encode()).hexdigest()[:24]}"'


def unless_known(request: HttpRequest, state: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """304 where the page has this state already, else the answer with its tag. The page keeps the tag; no cache does."""
    tag = tag_of(state)
    known = tag in request.headers.get("If-None-Match", "")
    response = HttpResponseNotModified() if known else answer()
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-store"
    return response
