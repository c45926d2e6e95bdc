"""Whether a kept connection still serves, found out without a round trip."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Asked once a request. A server that went away has closed its end, so that there is something to read from the
        socket of an idle connection; only then is it asked, as Django asks each time, with a statement.
        """
        if self.connection is None or self.connection.closed:
            return False
        idle = select.poll()
        idle.register(self.connection.fileno(), select.POLLIN)
        return not idle.poll(0) or super().is_usable()
