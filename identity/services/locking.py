"""Rows that are the lock for what must stay true of several others together: the company's for all its people, accounts and
claims, the person's for their identities, links and consents. They are locked before any of those, so that no two verbs wait
for one another.
"""

from __future__ import annotations

from identity.actors import CompanyActor
from identity.models import Company, User


def lock_company(actor: CompanyActor) -> Company:
    """The acting company, as it is now, locked until the transaction ends."""
    return Company.objects.select_for_update().get(pk=actor.company_id)


def lock_person(user_id: int) -> User:
    """The person, locked until the transaction ends. Rows that only refer to them may be written meanwhile."""
    found: User = User.objects.select_for_update(no_key=True).get(pk=user_id)
    return found
