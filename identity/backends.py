"""Signing in by e-mail, as allauth does it; the person of a session is read by a statement written out."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from identity.models import User
from kernel.fetching import columns, take
from kernel.prepared import fetch_prepared

#: a person's own permissions and those of their groups
_PERMISSIONS = """
SELECT type.app_label || '.' || permission.codename
FROM auth_permission AS permission JOIN django_content_type AS type ON type.id = permission.content_type_id
WHERE permission.id IN (
    SELECT permission_id FROM identity_user_user_permissions WHERE user_id = %(person)s
    UNION ALL
    SELECT granted.permission_id FROM identity_user_groups AS member
    JOIN auth_group_permissions AS granted ON granted.group_id = member.group_id WHERE member.user_id = %(person)s)
"""


class EmailBackend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        found = fetch_prepared(
            f"SELECT {columns(User, 'person')} FROM identity_user AS person WHERE id = %s", [user_id]
        )
        if not found:
            return None
        user, _rest = take(User, found[0])
        return user if self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """In one statement, once for each person of a request; of a superuser, as Django has it."""
        if user_obj.is_superuser or not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return super().get_all_permissions(user_obj, obj)  # type: ignore[no-any-return]
        if not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = {name for (name,) in fetch_prepared(_PERMISSIONS, {"person": user_obj.pk})}
        return user_obj._perm_cache  # type: ignore[no-any-return]
