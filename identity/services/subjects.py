"""What stands here for an external person and for a session: keyed hashes, never the thing itself."""

from __future__ import annotations

from django.conf import settings

from identity.models import Issuer
from kernel.fingerprints import fingerprint


def subject_hash(issuer: Issuer, subject: str) -> str:
    """The person whom `issuer` calls `subject`; two issuers' hashes of one subject have nothing in common."""
    return fingerprint(subject, key=settings.SUBJECT_KEY, purpose=f"subject of {issuer.iss}")


def session_hash(session_key: str | None) -> str:
    """A session, as proofs and ceremonies name it; empty for none, which no proof has."""
    if not session_key:
        return ""
    return fingerprint(session_key, key=settings.SUBJECT_KEY, purpose="session")
