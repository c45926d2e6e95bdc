"""What a reader sees when the product itself fails: what is safe, what to do, and a number to quote."""

from __future__ import annotations

import json
import logging
import secrets
import sys

from django.http import HttpRequest, HttpResponseServerError
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refused
from kernel.refusals import PROBLEM_JSON, as_problem

logger = logging.getLogger(__name__)


class Failure(Refused):
    """What a program is told; nobody raises it."""

    code = "failure"
    message = _("Something failed on our side. Tell the programme office the reference %(reference)s.")
    status = 500


def failure(request: HttpRequest) -> HttpResponseServerError:
    """`handler500`: the reference on the page stands in the log beside the traceback."""
    reference = secrets.token_hex(4).upper()
    logger.error("Failure %s at %s %s", reference, request.method, request.path, exc_info=sys.exc_info())
    if request.path.startswith("/api/"):
        problem = as_problem(Failure(reference=reference))
        return HttpResponseServerError(json.dumps(problem), content_type=PROBLEM_JSON)
    return HttpResponseServerError(render_to_string("500.html", {"reference": reference}))
