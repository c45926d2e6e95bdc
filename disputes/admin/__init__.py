"""The office's console at /mediation/: a site of its own, in which everybody sees their own cases and nothing else.

Nothing of this room is registered in the operator's desk: being a superuser opens no case.
"""

from disputes.admin import lists
from disputes.admin.site import site

__all__ = ["lists", "site"]
