"""What the bank does with each request. Every change, and the answer to its key, is one transaction in the books."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulators.bank import pricing
from simulators.bank.books import Books, as_text, counted, insert, is_new_nonce, row
from simulators.bank.profile import Profile
from simulators.signatures import Signer, Unsigned

FRESH_SECONDS = 300
#: what an instruction makes of a facility
MOVES = {
    "cancel": ({"pending", "reserved"}, "cancelled"),
    "reserve": ({"pending"}, "reserved"),
    "decline": ({"pending", "reserved"}, "declined"),
    "disburse": ({"reserved"}, "disbursed"),
    "repay": ({"disbursed"}, "repaid"),
}


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: bytes
    key: str
    signature: str


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]
    #: of the request, bound into the signature of the answer
    nonce: str = ""
    #: what was done: chooses the profile's faults
    act: str = ""


class Problem(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class Desk:
    def __init__(
        self, *, code: str, books: Books, signer: Signer, profile: Profile, hub: str, door: str = ""
    ) -> None:
        self.code, self.books, self.signer, self.profile = code, books, signer, profile
        #: whom messages are for, and where they go
        self.hub, self.door = hub, door or hub

    def answer(self, request: Request, act: str, parts: tuple[str, ...]) -> Answer:
        nonce = ""
        try:
            nonce = self._checked(request)
            self.profile.before(act)
            status, body = self._once(request, act, parts)
        except Problem as problem:
            return Answer(problem.status, _problem(problem), nonce, act)
        return Answer(status, body, nonce, act)

    def _checked(self, request: Request) -> str:
        """The hub signed this request, for us, now, and it comes for the first time. Returns its nonce."""
        try:
            bound = self.signer.check(request.signature, request.body)
        except Unsigned as error:
            raise Problem(401, "not_signed") from error
        expected = (request.method, request.path, self.code, request.key)
        if (bound.get("htm"), bound.get("htu"), bound.get("aud"), bound.get("key", "")) != expected:
            raise Problem(401, "signed_for_another_request")
        if abs(time.time() - float(bound.get("iat", 0))) > FRESH_SECONDS:
            raise Problem(401, "stale")
        nonce = str(bound.get("nonce", ""))
        with self.books.open() as books:
            if not nonce or not is_new_nonce(books, nonce):
                raise Problem(401, "replayed")
        return nonce

    def _once(self, request: Request, act: str, parts: tuple[str, ...]) -> tuple[int, dict[str, Any]]:
        """The same key gets the same answer; another request under it is refused."""
        with self.books.open() as books:
            counted(books, act)
            if request.method == "GET":
                return self._done(books, act, parts, {})
            if not request.key:
                raise Problem(400, "idempotency_key_missing")
            asked = hashlib.sha256(f"{request.path}\n".encode() + request.body).hexdigest()
            known = row(books, "answers", key=request.key)
            if known and known["asked"] != asked:
                raise Problem(409, "idempotency_key_reused")
            if known:
                return known["status"], json.loads(known["body"])
            status, body = self._done(books, act, parts, _read(request.body))
            insert(
                books,
                "answers",
                key=request.key,
                asked=asked,
                status=status,
                body=as_text(body),
                at=time.time(),
            )
            return status, body

    def _done(
        self, books: Any, act: str, parts: tuple[str, ...], body: dict[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        match act:
            case "capabilities":
                return 200, pricing.capabilities()
            case "quote":
                return 200, self._quote(books, body)
            case "accept":
                return 202, self._accept(books, parts[0], body)
            case "status":
                return 200, self._status(books, parts[0])
        return 200, self._instruct(books, parts[0], act, body)

    # -- the acts ------------------------------------------------------------------------------------

    def _quote(self, books: Any, body: dict[str, Any]) -> dict[str, Any]:
        jws = str(body.get("evidence", ""))
        try:
            evidence = json.loads(self.signer.open(jws))
        except (Unsigned, ValueError) as error:
            raise Problem(422, "evidence_not_signed") from error
        if self.profile.declines:
            raise Problem(422, self.profile.declines)
        try:
            stands_for = timedelta(seconds=self.profile.stands_for)
            figures = pricing.priced(evidence, stands_for=stands_for)
        except pricing.Declined as declined:
            raise Problem(422, declined.code) from declined
        except (KeyError, TypeError, ValueError, ArithmeticError) as error:
            raise Problem(422, "evidence_malformed") from error
        # as it is printed, to the second
        expires_at = datetime.fromisoformat(figures["expires_at"])
        figures = {"quote": f"q-{uuid.uuid4().hex[:16]}"} | figures | self.profile.figures
        insert(
            books,
            "quotes",
            id=figures["quote"],
            request=str(body.get("request", "")),
            figures=as_text(figures),
            digest=hashlib.sha256(jws.encode()).hexdigest(),
            invoice=str(evidence["invoice"]["number"]),
            expires_at=expires_at.timestamp(),
        )
        return figures

    def _accept(self, books: Any, quote: str, body: dict[str, Any]) -> dict[str, Any]:
        found = row(books, "quotes", id=quote)
        if found is None:
            raise Problem(404, "unknown_quote")
        if body.get("evidence_digest") != found["digest"]:
            raise Problem(409, "other_evidence")
        if row(books, "facilities", quote=quote):
            raise Problem(409, "quote_taken")
        if time.time() > found["expires_at"]:
            raise Problem(410, "offer_expired")
        if self.profile.declines:
            raise Problem(422, self.profile.declines)
        figures = json.loads(found["figures"])
        at_once = figures["firm"] and body.get("registry") == "clear" and not self.profile.reviews_all
        insert(
            books,
            "facilities",
            id=f"f-{uuid.uuid4().hex[:16]}",
            quote=quote,
            offer=str(body.get("offer", ""))[:80],
            state="reserved" if at_once else "pending",
            registry=str(body.get("registry", ""))[:20],
            net=figures["net_proceeds"],
            changed_at=time.time(),
        )
        return self._told(books, row(books, "facilities", quote=quote))

    def _status(self, books: Any, offer: str) -> dict[str, Any]:
        found = row(books, "facilities", offer=offer)
        if found is None:
            raise Problem(404, "unknown_offer")
        return _standing(found)

    def _instruct(self, books: Any, facility: str, act: str, body: dict[str, Any]) -> dict[str, Any]:
        found = row(books, "facilities", id=facility)
        if found is None or found["offer"] != body.get("offer"):
            raise Problem(404, "unknown_facility")
        allowed, target = MOVES[act]
        if found["state"] == target:
            return _standing(found)
        if found["state"] not in allowed:
            raise Problem(409, "not_in_this_state")
        books.execute(
            "UPDATE facilities SET state = ?, changed_at = ? WHERE id = ?", [target, time.time(), facility]
        )
        return self._told(books, row(books, "facilities", id=facility))

    def _told(self, books: Any, facility: dict[str, Any] | None) -> dict[str, Any]:
        """The standing, which the hub is also sent as a message of its own."""
        assert facility is not None
        standing = _standing(facility)
        insert(books, "outbox", id=f"m-{uuid.uuid4().hex}", body=as_text(standing), due_at=time.time())
        return standing


def _standing(facility: dict[str, Any]) -> dict[str, Any]:
    return {
        "facility": facility["id"],
        "offer": facility["offer"],
        "state": facility["state"],
        "amount": facility["net"],
    }


def _read(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except ValueError as error:
        raise Problem(400, "not_json") from error
    if not isinstance(read, dict):
        raise Problem(400, "not_an_object")
    return read


def _problem(problem: Problem) -> dict[str, Any]:
    code = problem.code
    return {"type": f"urn:simulated-bank:{code}", "title": code, "status": problem.status, "code": code}
