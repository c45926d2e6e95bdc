"""Buyers for measuring: companies with an address, a token each, and a signed-in session for the first."""

from __future__ import annotations

import random
import string
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from identity import services
from identity.acting import LAST_COMPANY
from identity.actors import Member, actor_for_member
from identity.models import User
from identity.sessions import SessionStore
from identity.states import Role


def a_buyer(number: int, now: datetime) -> dict[str, str]:
    """One company that buys: its token and its address."""
    member = _member(number, now)
    address = services.add_address(
        actor=member,
        details=services.AddressDetails(
            label="Works", city="Singapore", country="SG", lines_en=f"{number} Bench Road"
        ),
        now=now,
    )
    _token, secret = services.issue_token(
        actor=member, name="bench", roles=[Role.BUYER], expires_at=now + timedelta(days=2), now=now
    )
    return {
        "token": secret,
        "address": address.public_id,
        "session": session_of(member.user, member.company.slug),
    }


def _member(number: int, now: datetime) -> Member:
    user = services.register_user(
        email=f"bench-{number}@bench.example", password=_password(), name=f"Bench {number}", now=now
    )
    company = services.register_company(
        user=user,
        country="MY",
        registration_number=f"BENCH-{number:05}",
        details=services.CompanyDetails(legal_name=f"Bench Buyer {number} Sdn. Bhd."),
        now=now,
    )
    member = actor_for_member(user, company.slug, now)
    assert member is not None
    return member


def _password() -> str:
    return "".join(random.SystemRandom().choices(string.ascii_letters, k=24))


def session_of(user: User, company: str) -> str:
    """The key of a browser's session in which the person is signed in, and last acted for `company`, if for any."""
    session: Any = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    if company:
        session[LAST_COMPANY] = company
    session.create()
    return str(session.session_key)
