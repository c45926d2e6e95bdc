"""A person's sessions: where they are signed in, kept by allauth beside Django's own rows, and ended one by one."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from identity.models import User

#: purpose of the sealed numbers that stand for sessions in addresses
SESSION_SEAL = "session"


def note_session(*, user: User, session_key: str, ip: str, user_agent: str, now: datetime) -> None:
    """That a person's session is in use, and from where: one statement, whether it was noted before or not."""
    longest = UserSession._meta.get_field("user_agent").max_length
    noted = UserSession(
        session_key=session_key,
        user_id=user.pk,
        ip=ip,
        user_agent=user_agent[:longest],
        created_at=now,
        last_seen_at=now,
    )
    UserSession.objects.bulk_create(
        [noted],
        update_conflicts=True,
        unique_fields=["session_key"],
        update_fields=["user", "ip", "user_agent", "last_seen_at"],
    )


def end_session(*, user: User, number: int) -> bool:
    """Sign out one of the person's own sessions. False where there is no such session."""
    session = UserSession.objects.filter(user=user, pk=number).first()
    if session is None:
        return False
    session.end()
    return True


def forget_ended_sessions() -> None:
    """Notes on sessions that are over tell nobody anything."""
    living = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(living)).delete()
