"""The company's row is the lock for what must stay true of all its people, accounts and claims together."""

from __future__ import annotations

from identity.actors import CompanyActor
from identity.models import Company


def lock_company(actor: CompanyActor) -> Company:
    """The acting company, as it is now, locked until the transaction ends."""
    return Company.objects.select_for_update().get(pk=actor.company_id)
