"""How a sign-in at an issuer of identities fits allauth's flows, and what a browser's session keeps meanwhile.

`docs/adr/0012` says why allauth's own social accounts are not used.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from identity.connectors.issuers import Attempt, VerifiedLogin
from identity.models import ExternalIdentity, User
from identity.services import is_first_return, note_proof, session_hash
from identity.services.linking import Taken
from identity.services.proving import NotThisBrowser
from kernel import encryption

#: session keys: sign-ins on their way, and the identity shown by one that is being completed
ATTEMPTS, SHOWN = "issuer_logins", "identity_shown"
#: from leaving for the issuer to being back
TIME = timedelta(minutes=10)
#: begun in one browser at a time; the oldest goes
MOST = 4
PURPOSE = "sign-in on its way"


@dataclass(frozen=True)
class Kept:
    attempt: Attempt
    #: where the person wanted to go
    next: str
    #: who was signed in when they left; None for a visitor
    user_id: int | None
    #: version of the notice that they agreed to before they left; empty where they were not asked
    agreed: str


def keep(request: HttpRequest, attempt: Attempt, *, next_url: str, agreed: str, now: datetime) -> None:
    """What only this browser can bring back. The session's row tells nothing: verifier and key are encrypted in it."""
    content = {
        "attempt": dataclasses.asdict(attempt),
        "next": next_url,
        "user": request.user.pk,
        "agreed": agreed,
    }
    sealed = encryption.encrypt(json.dumps(content), key=settings.SECRET_KEY, purpose=PURPOSE)
    others = [entry for entry in request.session.get(ATTEMPTS, []) if _is_fresh(entry, now)]
    mine = {"state": _digest(attempt.state), "at": now.timestamp(), "sealed": sealed}
    request.session[ATTEMPTS] = [*others[-(MOST - 1) :], mine]


def take(request: HttpRequest, *, issuer: str, state: str, now: datetime) -> Kept:
    """What was kept for `state`, once; raises `NotThisBrowser`. Whatever becomes of it, it is not there a second time."""
    entries = request.session.get(ATTEMPTS, [])
    wanted = _digest(state)
    found = next((entry for entry in entries if entry["state"] == wanted), None)
    if found is None:
        raise NotThisBrowser("state_unknown")
    request.session[ATTEMPTS] = [entry for entry in entries if entry is not found]
    try:
        # another request with the same state must not find it, whatever happens to this one
        request.session.save()
        request.session.modified = False  # kept already: what else comes of this request says so itself
    except UpdateError as error:  # signed out in another tab, just now
        raise NotThisBrowser("session_over") from error
    if not is_first_return(state=state, now=now):  # another request had read the session before
        raise NotThisBrowser("state_used")
    if not _is_fresh(found, now):
        raise NotThisBrowser("state_too_old")
    try:
        content = json.loads(encryption.decrypt(found["sealed"], key=settings.SECRET_KEY, purpose=PURPOSE))
    except encryption.NotOurs as error:  # the installation's key was changed meanwhile
        raise NotThisBrowser("state_unreadable") from error
    kept = Kept(Attempt(**content["attempt"]), content["next"], content["user"], content["agreed"])
    if kept.attempt.issuer_code != issuer:
        raise NotThisBrowser("state_of_another_issuer")
    if kept.user_id != request.user.pk:
        raise NotThisBrowser("state_of_another_person")
    return kept


def sign_in(
    request: HttpRequest, taken: Taken, verified: VerifiedLogin, *, next_url: str, now: datetime
) -> HttpResponse:
    """Through allauth's stages, a second factor among them; what was shown is noted where they end (`note_shown`)."""
    request.session[SHOWN] = {
        "identity": taken.identity.pk,
        "level": verified.level_code,
        "digest": verified.assertion_digest,
        "auth_time": verified.auth_time.timestamp(),
        "at": now.timestamp(),
    }
    request.shown_identity = taken.identity  # type: ignore[attr-defined]
    record_authentication(request, taken.user, method="issuer", issuer=verified.issuer_code)
    response: HttpResponse = perform_login(request, Login(user=taken.user, redirect_url=next_url or None))
    return response


def check_not_resting(request: HttpRequest) -> None:
    """Before somebody is signed in whose second step came in between: the issuer may have been suspended meanwhile."""
    shown = request.session.get(SHOWN)
    if not shown or hasattr(request, "shown_identity"):
        return
    identity = (
        ExternalIdentity.objects.select_related("issuer__framework").filter(pk=shown["identity"]).first()
    )
    if identity is not None and not identity.issuer.stands:
        del request.session[SHOWN]
        raise ImmediateHttpResponse(redirect("issuer_login", code=identity.issuer.code))


def note_shown(request: HttpRequest, user: User, *, now: datetime) -> None:
    """Called when somebody is signed in: the session has its lasting key by then."""
    shown = request.session.pop(SHOWN, None)
    if not shown or now.timestamp() - shown["at"] > TIME.total_seconds():
        return
    # where no second step came between, it was read in this very request
    identity: ExternalIdentity | None = getattr(request, "shown_identity", None)
    if identity is None or identity.pk != shown["identity"]:
        identity = ExternalIdentity.objects.filter(pk=shown["identity"], ended_at__isnull=True).first()
    if identity is not None and identity.user_id == user.pk:
        note(
            request.session,
            user,
            identity,
            level=shown["level"],
            digest=shown.get("digest", ""),
            auth_time=datetime.fromtimestamp(shown["auth_time"], now.tzinfo),
            now=now,
        )


def note(
    session: SessionBase,
    user: User,
    identity: ExternalIdentity,
    *,
    level: str,
    digest: str,
    auth_time: datetime,
    now: datetime,
) -> None:
    """That this session has shown the identity."""
    if not session.session_key:
        session.create()
    note_proof(
        user=user,
        identity=identity,
        level_code=level,
        digest=digest,
        auth_time=auth_time,
        session=session_hash(session.session_key),
        now=now,
    )


def _is_fresh(entry: dict[str, Any], now: datetime) -> bool:
    return bool(0 <= now.timestamp() - entry["at"] <= TIME.total_seconds())


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
