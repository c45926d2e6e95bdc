"""python -m simulators.issuer: the process. Everything it needs stands in the environment:

ISSUER_PROFILE              corppass_fapi, singpass_fapi or cn_oidc
ISSUER_CODE                 what the hub calls it: stands in the address that the browser comes back to
ISSUER_URL                  its name, and where browsers reach it (http://127.0.0.1:8092)
ISSUER_DOOR                 where the hub reaches it, if that is another address
ISSUER_HOST, ISSUER_PORT    where it listens, if not as in ISSUER_URL
ISSUER_STORE                what it remembers, a file
ISSUER_SIGNING_KEY          its first private key; ISSUER_SM2_KEY the other one of cn_oidc (python -m simulators.keys issuer-cn)
ISSUER_CLIENT               what it calls the hub (sme-hub)
HUB_URL                     whom it knows; HUB_DOOR where that one's keys are read, if that is another address
ISSUER_CONTROL              1: tests may make it misbehave, at /control/
"""

from __future__ import annotations

import os
import signal
import socketserver
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from simulators.issuer.books import Books
from simulators.issuer.desk import Desk, Told
from simulators.issuer.hub import Fetch, Hub
from simulators.issuer.profile import PROFILES
from simulators.issuer.site import Site

CLIENT = "sme-hub"


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class Handler(WSGIRequestHandler):
    timeout = 30

    def address_string(self) -> str:
        return str(self.client_address[0])

    def log_message(self, format: str, *args: Any) -> None:
        """Without the query: it carries what lets somebody in."""
        line = (format % args).partition("?")[0]
        sys.stderr.write(f"{self.log_date_time_string()} {line}\n")


def desk_of(env: Mapping[str, str], *, fetch: Fetch | None = None) -> Desk:
    """`fetch` reads the hub's key set by another way than its address."""
    issuer, hub = env["ISSUER_URL"].rstrip("/"), env["HUB_URL"].rstrip("/")
    told = Told(
        issuer=issuer,
        door=(env.get("ISSUER_DOOR") or issuer).rstrip("/"),
        client=env.get("ISSUER_CLIENT") or CLIENT,
        redirect_uri=f"{hub}/accounts/issuers/{env['ISSUER_CODE']}/callback/",
        sm2_key=env.get("ISSUER_SM2_KEY", ""),
    )
    return Desk(
        told=told,
        profile=PROFILES[env["ISSUER_PROFILE"]],
        books=Books(Path(env["ISSUER_STORE"])),
        hub=Hub(hub, door=env.get("HUB_DOOR", ""), fetch=fetch),
        signing_key=env["ISSUER_SIGNING_KEY"],
    )


def server_of(env: Mapping[str, str], *, fetch: Fetch | None = None) -> Server:
    site = Site(desk_of(env, fetch=fetch), control=env.get("ISSUER_CONTROL") == "1")
    address = urlsplit(env["ISSUER_URL"])
    host = env.get("ISSUER_HOST") or address.hostname or "127.0.0.1"
    port = int(env.get("ISSUER_PORT") or address.port or 80)
    return make_server(host, port, site, server_class=Server, handler_class=Handler)  # type: ignore[return-value]


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    server_of(os.environ).serve_forever(poll_interval=0.1)
