from disputes.rules.roles import PARTY_ROLES, SIGNATORIES
from disputes.rules.zones import Viewer, may_see, may_write, zones_of

__all__ = ["PARTY_ROLES", "SIGNATORIES", "Viewer", "may_see", "may_write", "zones_of"]
