"""Signing in by e-mail, as allauth does it; the person of a session is read by a statement written out."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from identity.models import User
from kernel.fetching import columns, fetch, take


class EmailBackend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        found = fetch(
            f"SELECT {columns(User, 'person')} FROM identity_user AS person WHERE id = %s", [user_id]
        )
        if not found:
            return None
        user, _rest = take(User, found[0])
        return user if self.user_can_authenticate(user) else None
