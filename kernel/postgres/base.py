"""Whether a kept connection still serves, found out without a round trip."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base
from psycopg2.extensions import TRANSACTION_STATUS_IDLE


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Asked once a request. A server that went away has closed its end, so that there is something to read from the
        socket of an idle connection; then, and amid a transaction, it is asked with a statement, as Django does always.
        """
        if self.connection is None or self.connection.closed:
            return False
        return self._is_idle_and_open() or super().is_usable()

    def _is_idle_and_open(self) -> bool:
        if self.connection.get_transaction_status() != TRANSACTION_STATUS_IDLE:
            return False
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return not socket.poll(0)
