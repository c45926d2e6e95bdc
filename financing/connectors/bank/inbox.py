"""What a bank sends by itself: believed only with its signature, for us, fresh, and (the caller sees to it) once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from financing.connectors.bank.client import Standing, read_standing
from financing.connectors.bank.signing import FRESH_SECONDS, NotSigned, verified

LONGEST_MESSAGE = 16 * 1024


class MessageNotBelieved(Exception):
    """`code` says why: not_signed, for_another, stale, malformed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Notice:
    """A signed message: `id` is the sender's own."""

    id: str
    digest: str
    standing: Standing


def read_notice(code: str, content: bytes, signature: str, now: datetime) -> Notice:
    """The message of bank `code`; raises `MessageNotBelieved`."""
    try:
        bound = verified(signature, content, public_key=settings.BANKS[code]["public_key"])
    except NotSigned as error:
        raise MessageNotBelieved("not_signed") from error
    if bound.get("aud") != settings.BASE_URL:
        raise MessageNotBelieved("for_another")
    message_id, sent = bound.get("jti"), bound.get("iat")
    if not isinstance(message_id, str) or not 0 < len(message_id) <= 80 or not isinstance(sent, int):
        raise MessageNotBelieved("malformed")
    if abs(now.timestamp() - sent) > FRESH_SECONDS:
        raise MessageNotBelieved("stale")
    try:
        standing = read_standing(json.loads(content))
    except ValueError as error:
        raise MessageNotBelieved("malformed") from error
    return Notice(message_id, hashlib.sha256(content).hexdigest(), standing)
