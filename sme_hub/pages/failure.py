"""What a reader sees when the product itself fails: what is safe, what to do, and a number to quote."""

from __future__ import annotations

import logging
import secrets
import sys

from django.http import HttpRequest, HttpResponseServerError
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)


def failure(request: HttpRequest) -> HttpResponseServerError:
    """`handler500`: the reference on the page stands in the log beside the traceback."""
    reference = secrets.token_hex(4).upper()
    logger.error("Failure %s at %s %s", reference, request.method, request.path, exc_info=sys.exc_info())
    return HttpResponseServerError(render_to_string("500.html", {"reference": reference}))
