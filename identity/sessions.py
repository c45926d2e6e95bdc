"""Sessions in PostgreSQL, as Django keeps them, read by a statement written out (see `kernel.fetching`)."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from kernel.fetching import fetch


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        found = fetch(
            "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s",
            [self.session_key, timezone.now()],
        )
        if not found:
            self._session_key = None
            return {}
        return self.decode(found[0][0])
