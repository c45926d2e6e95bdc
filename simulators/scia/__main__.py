"""`python -m simulators.scia`: serves at SCIA_URL with SCIA_SECRET; filings lie in the file SCIA_STORE."""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from simulators.scia.desk import Desk
from simulators.scia.server import Server

#: how long the desk thinks about an award
DELAY_SECONDS = 4.0


def main() -> None:
    address = urlsplit(os.environ["SCIA_URL"])
    delay = timedelta(seconds=float(os.environ.get("SCIA_DELAY_SECONDS", DELAY_SECONDS)))
    desk = Desk(Path(os.environ["SCIA_STORE"]), delay=delay)
    server = Server(
        (address.hostname or "127.0.0.1", address.port or 80), desk=desk, secret=os.environ["SCIA_SECRET"]
    )
    signal.signal(signal.SIGTERM, _stop)
    print(f"arbitration desk simulator at {os.environ['SCIA_URL']}", flush=True)  # noqa: T201
    server.serve_forever()


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


main()
