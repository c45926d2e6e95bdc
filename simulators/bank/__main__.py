"""python -m simulators.bank: the process. Everything it needs stands in the environment:

BANK_CODE              its name on the wire
BANK_PORT, BANK_HOST   where it listens (127.0.0.1)
BANK_STORE             its books, a file
BANK_SIGNING_KEY       its private key; HUB_PUBLIC_KEY the hub's public one (python -m simulators.keys)
HUB_URL                whom its messages are for; HUB_DOOR where they go, if that is another address
BANK_PROFILE           how it behaves, JSON (simulators.bank.profile)
BANK_CONTROL           a token for /control/; without one there is no such address
"""

from __future__ import annotations

import os
import socketserver
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from simulators.bank.books import Books
from simulators.bank.desk import Desk
from simulators.bank.post import Post
from simulators.bank.profile import Profile
from simulators.bank.site import Site
from simulators.signatures import Signer


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64
    #: sends by itself for as long as the server is open
    post: Post | None = None

    def server_close(self) -> None:
        if self.post:
            self.post.stopped.set()
        super().server_close()


class Handler(WSGIRequestHandler):
    timeout = 30

    def address_string(self) -> str:
        return str(self.client_address[0])

    def log_message(self, format: str, *args: Any) -> None:
        sys.stderr.write(f"{self.log_date_time_string()} {format % args}\n")


def desk_of(env: Mapping[str, str]) -> Desk:
    signer = Signer(own=env["BANK_SIGNING_KEY"], others=env["HUB_PUBLIC_KEY"], name=env["BANK_CODE"])
    return Desk(
        code=env["BANK_CODE"],
        books=Books(Path(env["BANK_STORE"])),
        signer=signer,
        profile=Profile(env.get("BANK_PROFILE", "")),
        hub=env["HUB_URL"].rstrip("/"),
        door=env.get("HUB_DOOR", "").rstrip("/"),
    )


def server_of(env: Mapping[str, str]) -> Server:
    site = Site(desk_of(env), control=env.get("BANK_CONTROL", ""))
    host, port = env.get("BANK_HOST", "127.0.0.1"), int(env.get("BANK_PORT", "0"))
    server: Server = make_server(host, port, site, server_class=Server, handler_class=Handler)  # type: ignore[assignment]
    server.post = Post(site.desk)
    server.post.start()
    return server


if __name__ == "__main__":
    server_of(os.environ).serve_forever(poll_interval=0.1)
