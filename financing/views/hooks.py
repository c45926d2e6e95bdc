"""Where banks send their messages. No session: a message is its signature's."""

from __future__ import annotations

import hashlib
import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from financing import services
from financing.connectors.bank.inbox import LONGEST_MESSAGE
from financing.connectors.bank.signing import HEADER
from financing.models import Bank
from financing.services.answering import NotBelieved
from kernel.errors import NotFound, Refused
from kernel.refusals import PROBLEM_JSON, as_problem

logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def bank_message(request: HttpRequest, bank: str) -> HttpResponse:
    """204 when it is taken; else problem+json, and the refusal is kept."""
    sender = Bank.objects.standing().filter(code=bank).first() if bank in settings.BANKS else None
    if sender is None:
        return _problem(NotFound())
    content = request.read(LONGEST_MESSAGE + 1)
    try:
        if len(content) > LONGEST_MESSAGE:
            raise NotBelieved("too_long")
        services.receive_notice(
            bank=sender, content=content, signature=request.headers.get(HEADER, ""), now=timezone.now()
        )
    except Refused as refused:
        _keep(sender, refused, content)
        return _problem(refused)
    return HttpResponse(status=204)


def _keep(bank: Bank, refused: Refused, content: bytes) -> None:
    code = getattr(refused, "why", "") or refused.code
    logger.warning("bank %s: a message was refused: %s", bank.code, code)
    digest = hashlib.sha256(content).hexdigest()
    services.refuse_message(bank=bank, code=code, digest=digest, now=timezone.now())


def _problem(refused: Refused) -> JsonResponse:
    return JsonResponse(as_problem(refused), status=refused.status, content_type=PROBLEM_JSON)
