"""accounts.json: whom one may sign in as, with passwords and API tokens. For development only."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from identity import services
from identity.actors import Member
from identity.queries import tokens_of
from identity.services.tokens import digest_of
from sme_hub.demo.loading.people import PASSWORD

TOKEN_NAME = "demo"
TOKEN_LIFE = timedelta(days=180)


@dataclass(frozen=True)
class Account:
    """One row of the list. `company` is the slug in addresses, empty for those who act for none."""

    email: str
    password: str
    name: str
    role: str
    company: str
    company_name: str
    api_token: str
    what: str


def account_of(member: Member, role: str, what: str, *, kept: Mapping[str, str], now: datetime) -> Account:
    """A member's account with a token of all their roles: the one in `kept` (by e-mail) while it holds."""
    return Account(
        email=member.user.email,
        password=PASSWORD,
        name=member.user.name,
        role=role,
        company=member.company.slug,
        company_name=member.company.legal_name,
        api_token=_token(member, kept.get(member.user.email, ""), now),
        what=what,
    )


def tokens_in(path: Path) -> dict[str, str]:
    """The tokens that an earlier run wrote, by e-mail."""
    return {account.email: account.api_token for account in accounts_in(path)}


def accounts_in(path: Path) -> list[Account]:
    """All that an earlier run wrote."""
    try:
        return [Account(**row) for row in json.loads(path.read_text(encoding="utf-8"))]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def write_accounts(path: Path, accounts: list[Account]) -> None:
    """Readable by its owner only, and never half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump([asdict(account) for account in accounts], file, ensure_ascii=False, indent=2)
    fresh.replace(path)


def _token(member: Member, kept: str, now: datetime) -> str:
    standing = tokens_of(member).filter(user=member.user, revoked_at=None, expires_at__gt=now)
    if kept and standing.filter(digest=digest_of(kept)).exists():
        return kept
    for forgotten in standing.filter(name=TOKEN_NAME):
        services.revoke_token(actor=member, token=forgotten, now=now)
    _, secret = services.issue_token(
        actor=member, name=TOKEN_NAME, roles=member.roles, expires_at=now + TOKEN_LIFE, now=now
    )
    return secret
