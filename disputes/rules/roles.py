"""Which roles of a party deal with cases, and which bind it."""

from __future__ import annotations

from identity.states import Role

#: who in a company reads and writes in its cases; what the others may not see is not found
PARTY_ROLES = (Role.SELLER, Role.BUYER, Role.APPROVER, Role.FINANCE)
#: who consents and signs for the company
SIGNATORIES = (Role.APPROVER,)
