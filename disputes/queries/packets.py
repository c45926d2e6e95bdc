"""What is passed to the arbitration desk: an allow-list of zones, and a manifest with the hash of each part.

Nothing of the rooms can get in: parts are made here from open, record and outcome rows by name.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from disputes.models import Case, Terms
from disputes.rules.clauses import digest
from disputes.rules.consents import CODES
from disputes.rules.zones import TRANSMITTED
from disputes.states import Zone

#: what the parts are called where people read of them; their names are the wire's
PARTS: dict[str, Any] = {
    "request": _("The request"),
    "answer": _("The answer"),
    "order_evidence": _("Evidence from the order"),
    "open_files": _("Files of the open file"),
    "conflict_disclosure": _("Conflict disclosures"),
    "consents": _("Consents"),
    "settlement": _("The settlement"),
}


def packet_of(case: Case, terms: Terms) -> dict[str, Any]:
    """Everything that is sent, part by part: `{"parts": [{"name", "zone", "content"}]}`."""
    parts = [
        _part("request", Zone.OPEN, _request(case)),
        _part("answer", Zone.OPEN, {"text": case.answer, "takes_part": case.takes_part}),
        _part("order_evidence", Zone.OPEN, {"sha256": case.evidence_digest, "evidence": case.evidence}),
        _part("open_files", Zone.OPEN, _files(case)),
        _part("conflict_disclosure", Zone.OPEN, _disclosures(case)),
        _part("consents", Zone.RECORD, _consents(case)),
        _part("settlement", Zone.OUTCOME, _settlement(terms)),
    ]
    assert all(part["zone"] in TRANSMITTED for part in parts), "only what the policy lets the desk read"
    return {
        "case": case.number,
        "parties": {"a": _party(case, "a"), "b": _party(case, "b")},
        "mediator": case.mediator.name_en if case.mediator else "",
        "parts": parts,
    }


def manifest_of(packet: dict[str, Any]) -> list[dict[str, str]]:
    """Name, zone and SHA-256 of every part."""
    return [
        {"name": part["name"], "zone": part["zone"], "sha256": digest(part["content"])}
        for part in packet["parts"]
    ]


def _part(name: str, zone: Zone, content: Any) -> dict[str, Any]:
    return {"name": name, "zone": zone.value, "content": content}


def _party(case: Case, side: str) -> dict[str, str]:
    snapshot = (
        case.order.buyer_party if case.company_of(side).pk == case.order.buyer_id else case.order.seller_party
    )
    wanted = ("legal_name", "country", "registration_kind", "registration_number")
    return {name: str(snapshot.get(name, "")) for name in wanted}


def _request(case: Case) -> dict[str, Any]:
    return {
        "kind": case.kind,
        "amount": f"{case.amount:.2f}",
        "currency": case.currency,
        "remedy": case.remedy,
        "statement": case.statement,
        "opened_at": case.opened_at.isoformat(),
    }


def _files(case: Case) -> list[dict[str, Any]]:
    """By digest: the files themselves are handed over when the desk asks for one."""
    files = case.files.filter(zone=Zone.OPEN).order_by("pk")
    return [{"name": file.name, "size": file.size, "sha256": file.digest} for file in files]


def _disclosures(case: Case) -> list[dict[str, str]]:
    disclosed = case.appointments.exclude(disclosure="").select_related("mediator").order_by("pk")
    return [{"mediator": each.mediator.name_en, "words": each.disclosure} for each in disclosed]


def _consents(case: Case) -> list[dict[str, Any]]:
    return [
        {code: getattr(consent, code) for code in CODES}
        | {
            "side": consent.side,
            "text_version": consent.text_version,
            "text_hash": consent.text_hash,
            "at": consent.at.isoformat(),
        }
        for consent in case.consents.order_by("side")
    ]


def _settlement(terms: Terms) -> dict[str, Any]:
    return {
        "version": terms.version,
        "text_hash": terms.text_hash,
        "governing_language": terms.governing_language,
        "clauses": [{"en": clause.text_en, "zh": clause.text_zh} for clause in terms.clauses.all()],
        "payments": [
            {
                "payer": each.payer,
                "amount": f"{each.amount:.2f}",
                "currency": each.currency,
                "due_on": each.due_on.isoformat(),
            }
            for each in terms.instalments.all()
        ],
        "signatures": [
            {
                "side": each.side,
                "name": each.name,
                "text_hash": each.text_hash,
                "at": each.at.isoformat(),
            }
            for each in terms.signatures.order_by("side")
        ],
    }
