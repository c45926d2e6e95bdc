"""The wire to a bank: signed JSON over HTTP, each answer signed as well.

    GET   /v1/capabilities              currencies, amounts and days that it finances
    POST  /v1/quotes                    evidence (JWS) → an offer, or a problem that says why not       (quote)
    POST  /v1/quotes/<quote>/accept     → 202 with the facility: what becomes of it is told later       (accept)
    GET   /v1/offers/<our offer>        → where it stands; 404 where the bank never heard of it         (status)
    POST  /v1/facilities/<ref>/<ask>    cancel, reserve, decline, disburse, repay                       (instruct)

Every POST carries an Idempotency-Key and may be repeated. Each message is signed by a detached JWS (RFC 7515, appendix F;
Ed25519) in the header `X-JWS-Signature`, whose protected header binds it to the request: `nonce`, `aud`, `iat`, and for
answers the `status`. Problems are RFC 9457. What does not answer in time has done we know not what: `BankUnclear`.
"""

from financing.connectors.bank.client import (
    QUOTE_SECONDS,
    BankForged,
    BankRefused,
    BankUnclear,
    Connection,
    Standing,
    connection_to,
    within,
)
from financing.connectors.bank.inbox import MessageNotBelieved, Notice, read_notice
from financing.connectors.bank.signing import signed_pack

__all__ = [
    "QUOTE_SECONDS",
    "BankForged",
    "BankRefused",
    "BankUnclear",
    "Connection",
    "MessageNotBelieved",
    "Notice",
    "Standing",
    "connection_to",
    "read_notice",
    "signed_pack",
    "within",
]
