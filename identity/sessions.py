"""Sessions in PostgreSQL, as Django keeps them, read by a statement written out (see `kernel.fetching`).

The same statement tells when the session was last noted as used, so that most requests need not write that down. A form that
waits until its person has shown again who they are lies there unreadable: of a copy of the database, what had been filled in
is not known.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY as WAITING
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

from kernel import encryption
from kernel.prepared import fetch_prepared

#: a session in use is noted so often
NOTED_EVERY = timedelta(minutes=10)
PURPOSE = "form waiting"

_READ = """
SELECT session.session_data, noted.last_seen_at FROM django_session AS session
LEFT JOIN usersessions_usersession AS noted ON noted.session_key = session.session_key
WHERE session.session_key = %s AND session.expire_date > %s
"""


class SessionStore(db.SessionStore):
    #: when the session that was read had last been noted as used
    last_seen_at: datetime | None = None

    def load(self) -> dict[str, Any]:
        found = fetch_prepared(_READ, [self.session_key, timezone.now()])
        if not found:
            self._session_key = None
            return {}
        data, self.last_seen_at = found[0]
        return self.decode(data)

    def encode(self, session_dict: dict[str, Any]) -> str:
        if WAITING in session_dict:
            text = json.dumps(session_dict[WAITING])
            sealed = encryption.encrypt(text, key=settings.SECRET_KEY, purpose=PURPOSE)
            session_dict = session_dict | {WAITING: sealed}
        return super().encode(session_dict)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        kept: dict[str, Any] = super().decode(session_data)
        sealed = kept.pop(WAITING, None)
        if isinstance(sealed, str) and (waiting := _opened(sealed)) is not None:
            kept[WAITING] = waiting
        return kept

    def wants_noting(self, now: datetime) -> bool:
        """Whether a person's session was read in this request, and not noted for a while. Asks no database."""
        if "_session_cache" not in self.__dict__ or not self.session_key or SESSION_KEY not in self:
            return False
        return self.last_seen_at is None or now - self.last_seen_at >= NOTED_EVERY


def _opened(sealed: str) -> Any:
    """None where the installation's key was changed meanwhile."""
    try:
        return json.loads(encryption.decrypt(sealed, key=settings.SECRET_KEY, purpose=PURPOSE))
    except encryption.NotOurs:
        return None
