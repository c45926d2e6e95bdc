"""A sign-in comes back from its issuer once."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from identity.models import ReturnedLogin
from kernel.fetching import fetch

#: longer than any sign-in may be on its way
KEPT_FOR = timedelta(days=1)


def is_first_return(*, state: str, now: datetime) -> bool:
    """Whether no sign-in sent with `state` has come back before; from now on one has. Of two requests at the same moment one
    is first: the second waits for the first's row.
    """
    digest = hashlib.sha256(state.encode()).hexdigest()
    statement = (
        "INSERT INTO identity_returnedlogin (digest, at) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING 1"
    )
    return bool(fetch(statement, [digest, now]))


def forget_returned_logins(*, now: datetime) -> int:
    """Those that are too old to be believed anyway. Returns how many."""
    gone, _by_model = ReturnedLogin.objects.filter(at__lt=now - KEPT_FOR).delete()
    return gone
