"""From when on the demo's acts ask who somebody is: once its people are bound, decided by its two officers.

A visitor who enters by one click has shown nothing in that session: the first act that binds a company leads them to the
simulated issuer of its city and back. Programs act by tokens that carry what was shown while the demo was loaded.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from identity import services
from identity.actors import Member, Staff
from identity.models import ApiToken, Company, Enforcement, EntityBinding, Mandate, Membership, Proof, User
from identity.queries.enforcement import asking_at
from identity.services.enforcing import GUARDED
from identity.services.tokens import digest_of
from identity.states import Purpose
from orders.queries.approvals import limit_of
from sme_hub.demo.files import DATA, rows_of
from sme_hub.demo.loading import people
from sme_hub.demo.loading.accounts import TOKEN_LIFE, TOKEN_NAME, accounts_in, write_accounts
from sme_hub.demo.loading.identities import SESSION
from sme_hub.demo.loading.recognising import governing

REASON = "Everybody of the demonstration has shown an identity of their city · 演示人物均已出示本城市的身份"
#: who orders for the first buyer beside its owner: up to the company's limit, and for any amount
PURCHASER, APPROVER = (f"{name}@sz-songgang-machinery.example" for name in ("purchasing", "approver"))
MANDATE_LIFE = timedelta(days=180)


def end_of_stories(now: datetime) -> datetime:
    """Until when the demo's own past is told: from the moment on that acts ask who somebody is, its visitors act."""
    asked = [asking.since for asking in asking_at(now).values() if asking.since]
    return min([now, *(since - timedelta(seconds=1) for since in asked)])


def ask_from_now_on(accounts: Path) -> int:
    """Tokens that carry what was shown, mandates, and the officers' decision. Returns how many kinds of acts begin to ask.

    Nothing where somebody is not bound: nobody is to be locked out. What officers decided before stays as it is.
    """
    bound = _bound()
    if not bound:
        return 0
    renew_tokens(accounts, bound)
    _give_mandates(timezone.now())
    drafter, decider, *_others = [governing(officer) for officer in people.officers(timezone.now())]
    return sum(_ask(purpose, drafter, decider) for purpose in GUARDED)


def renew_tokens(path: Path, bound: list[Member]) -> None:
    """Each of them has a token in accounts.json that carries what they have shown. The tokens of before hold on, and carry nothing."""
    mine = {member.user.email: member for member in bound}
    accounts = [
        replace(account, api_token=_token(mine[account.email]))
        if account.email in mine and not _carries(account.api_token)
        else account
        for account in accounts_in(path)
    ]
    if accounts:
        write_accounts(path, accounts)


def _bound() -> list[Member]:
    """The people of `identities.csv`, in the session in which they showed who they are; none where one is missing."""
    now, found = timezone.now(), []
    for row in rows_of(DATA / "identities.csv"):
        user = User.objects.filter(email=row["email"]).first()
        shown = Proof.objects.filter(user=user, session=SESSION, identity__ended_at__isnull=True)
        binding = EntityBinding.objects.standing().filter(identity__in=shown.values("identity"))
        company = Company.objects.filter(pk__in=binding.values("company")).first()
        if user is None or company is None:
            return []
        found.append(people.acting(user, company, now, session=SESSION))
    return found


def _carries(token: str) -> bool:
    return ApiToken.objects.filter(digest=digest_of(token), proof__isnull=False).exists()


def _token(member: Member) -> str:
    now = timezone.now()
    _row, secret = services.issue_token(
        actor=member, name=TOKEN_NAME, roles=member.roles, expires_at=now + TOKEN_LIFE, now=now
    )
    return secret


@transaction.atomic
def _give_mandates(now: datetime) -> None:
    """The first buyer works by mandates; what the first seller's people may comes with their roles at the issuer."""
    found = Membership.objects.active(now).filter(user__email__in=(PURCHASER, APPROVER))
    members = {member.user.email: member for member in found.select_related("user", "company")}
    if set(members) != {PURCHASER, APPROVER}:
        return
    company = members[PURCHASER].company
    if Mandate.objects.filter(company=company, issuer__isnull=True).exists():
        return
    owner = people.owner_of(company, now)
    limit = limit_of(owner)
    ceilings = {PURCHASER: (limit.amount, limit.currency) if limit and limit.amount else (None, "")}
    for email, member in members.items():
        ceiling, currency = ceilings.get(email, (None, ""))
        services.give_mandate(
            actor=owner,
            holder=member.public_id,
            act=Purpose.ORDER,
            ceiling=ceiling and Decimal(ceiling),
            currency=currency,
            valid_to=now + MANDATE_LIFE,
            now=now,
        )


def _ask(purpose: str, drafter: Staff, decider: Staff) -> bool:
    if Enforcement.objects.filter(purpose=purpose).exists():
        return False
    now = timezone.now()
    with transaction.atomic():
        services.enforce_requirement(actor=drafter, purpose=purpose, reason=REASON, now=now)
        services.confirm_requirement(actor=decider, purpose=purpose, now=now)
    return True
