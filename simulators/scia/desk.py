"""What was filed and what becomes of it: kept in a file, so that a restarted desk answers as before."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

CST = timezone(timedelta(hours=8))
#: no living person: the arbitrator is another than the mediator
ARBITRATORS = ("Simulated Arbitrator One", "Simulated Arbitrator Two")
#: what a person at the desk looks at before it is decided: what is to be done has to be clear enough to be enforced
NO_PAYMENT = "no_payment"
#: why they return it
NOT_ENFORCEABLE = "not_enforceable"
NEEDED = ("request", "answer", "order_evidence", "consents", "settlement")


class OtherBody(Exception):
    """The key was used for another packet, or the filing was examined otherwise."""


@dataclass
class Filed:
    key: str
    digest: str
    case: str
    reference: str
    received_at: str
    #: empty: to be recorded as an award
    reason: str = ""
    award_number: str = ""
    awarded_on: str = ""
    arbitrator: str = ""
    #: why a person looks at it first; empty: the desk decides by itself
    held_for: str = ""
    examined_at: str = ""
    admitted: bool = False

    @property
    def is_held(self) -> bool:
        return bool(self.held_for) and not self.examined_at

    def answer(self) -> dict[str, Any]:
        told = {"reference": self.reference, "case": self.case, "simulated": True}
        if self.award_number:
            award = {
                "award_number": self.award_number,
                "awarded_on": self.awarded_on,
                "arbitrator": self.arbitrator,
            }
            return told | {"status": "award"} | award
        if self.reason:
            return told | {"status": "returned", "reason": self.reason}
        if self.is_held:
            told |= {"waits_for": "registrar", "held_for": self.held_for}
        return told | {"status": "received"}


class Desk:
    """All filings by key; safe between threads."""

    def __init__(self, file: Path | None, *, delay: timedelta) -> None:
        self._file, self.delay = file, delay
        self._lock = threading.Lock()
        self._filed: dict[str, Filed] = self._load()

    def receive(self, key: str, body: bytes, now: datetime) -> dict[str, Any]:
        """File a packet; under a known key the same filing, and `OtherBody` for another packet."""
        digest = hashlib.sha256(body).hexdigest()
        with self._lock:
            known = self._filed.get(key)
            if known is None:
                packet = json.loads(body)
                known = self._filed[key] = Filed(
                    key=key,
                    digest=digest,
                    case=str(packet.get("case", ""))[:40],
                    reference=f"SIM-F-{now:%Y}-{len(self._filed) + 1:05d}",
                    received_at=now.isoformat(),
                    reason=fault_of(packet),
                    held_for=held_for(packet),
                    arbitrator=_arbitrator(packet),
                )
                self._save()
                return known.answer()  # nobody decides at once
            if known.digest != digest:
                raise OtherBody
            return self._as_of(known, now).answer()

    def status(self, key: str, now: datetime) -> dict[str, Any] | None:
        with self._lock:
            known = self._filed.get(key)
            return self._as_of(known, now).answer() if known else None

    def examine(self, key: str, *, admit: bool, now: datetime) -> dict[str, Any] | None:
        """The registrar has looked at a held filing; the first decision stands, and `OtherBody` meets another one."""
        with self._lock:
            known = self._filed.get(key)
            if known is None:
                return None
            if known.examined_at and known.admitted != admit:
                raise OtherBody
            if known.is_held and not known.reason:
                known.examined_at, known.admitted = now.isoformat(), admit
                known.reason = "" if admit else NOT_ENFORCEABLE
                self._save()
            return self._as_of(known, now).answer()

    def all(self, now: datetime) -> list[Filed]:
        with self._lock:
            return [self._as_of(filed, now) for filed in reversed(self._filed.values())]

    def _as_of(self, filed: Filed, now: datetime) -> Filed:
        """Looked at again after a while: the award is made once."""
        due = datetime.fromisoformat(filed.examined_at or filed.received_at) + self.delay
        decides = not (filed.reason or filed.award_number or filed.is_held)
        if decides and now >= due:
            number = filed.reference.removeprefix("SIM-F-")
            filed.award_number = f"SIM-SCIA-{number}"
            filed.awarded_on = now.astimezone(CST).date().isoformat()
            self._save()
        return filed

    def _load(self) -> dict[str, Filed]:
        if self._file is None or not self._file.exists():
            return {}
        rows = json.loads(self._file.read_text())
        return {row["key"]: Filed(**row) for row in rows}

    def _save(self) -> None:
        if self._file is None:
            return
        draft = self._file.with_suffix(".draft")
        draft.write_text(json.dumps([asdict(filed) for filed in self._filed.values()], ensure_ascii=False))
        os.replace(draft, self._file)  # noqa: PTH105


def fault_of(packet: dict[str, Any]) -> str:
    """Why the packet is returned, as a code; empty when it is in order."""
    parts = {part.get("name"): part.get("content") for part in packet.get("parts", [])}
    if any(name not in parts for name in NEEDED):
        return "incomplete"
    consents = parts["consents"]
    if {each.get("side") for each in consents if each.get("arbitration")} != {"a", "b"}:
        return "no_arbitration_agreement"
    settlement = parts["settlement"]
    signed = {each.get("side") for each in settlement.get("signatures", [])}
    if signed != {"a", "b"}:
        return "not_signed"
    if any(each.get("text_hash") != settlement.get("text_hash") for each in settlement["signatures"]):
        return "signed_another_text"
    return ""


def held_for(packet: dict[str, Any]) -> str:
    """Why a person looks at a packet that is in order, as a code; empty where nobody needs to."""
    parts = {part.get("name"): part.get("content") for part in packet.get("parts", [])}
    return "" if (parts.get("settlement") or {}).get("payments") else NO_PAYMENT


def _arbitrator(packet: dict[str, Any]) -> str:
    return next(name for name in ARBITRATORS if name != packet.get("mediator"))
