"""The legacy dialects against a peer that is not ours: MockPass, where Node.js is and `bin/test` could install the package.

It is pinned in tests/vendor/mockpass. MOCKPASS names another folder in which it was installed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone

from footing.peer import peer_folder
from footing.running import answers
from footing.state import free_port
from identity import services
from identity.models import EntityBinding, ExternalIdentity
from identity.services.issuers import IssuerDetails
from identity.services.subjects import subject_hash
from tests import factories
from tests.identity import cities, recognised
from tests.simulators.issuers import Visitor

PACKAGE = peer_folder() / "node_modules" / "@opengovsg" / "mockpass"
NODE = shutil.which("node")
NRIC, UUID = "S8979373D", "a9865837-7bd7-46ac-bef4-42a76a946424"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not NODE, reason="Node.js is not here"),
    pytest.mark.skipif(not PACKAGE.is_dir(), reason="MockPass is not installed: bin/test does, where it can"),
]


class _Keys(BaseHTTPRequestHandler):
    """What the hub publishes."""

    def do_GET(self) -> None:
        content = json.dumps(cities.KEYS).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def mockpass() -> Iterator[str]:
    """Its address."""
    keys = ThreadingHTTPServer(("127.0.0.1", 0), _Keys)
    threading.Thread(target=keys.serve_forever, args=(0.02,), daemon=True).start()
    port, at = free_port(), f"http://127.0.0.1:{keys.server_address[1]}/"
    told = {"MOCKPASS_PORT": str(port), "SP_RP_JWKS_ENDPOINT": at, "CP_RP_JWKS_ENDPOINT": at}
    process = subprocess.Popen(
        [str(NODE), "index.js"],
        cwd=PACKAGE,
        env={"PATH": os.environ["PATH"], **told},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        stop_at = time.monotonic() + 30
        while not answers(f"{url}/singpass/v2/.well-known/openid-configuration"):
            assert time.monotonic() < stop_at and process.poll() is None, "MockPass does not start"
            time.sleep(0.1)
        yield url
    finally:
        process.kill()
        process.wait()
        keys.shutdown()
        keys.server_close()


def known(url: str, kind: str, **details: Any) -> None:
    address = f"{url}/{kind}/v2"
    given = IssuerDetails(
        code=kind,
        profile=f"{kind}_v2",
        iss=address,
        discovery_url=f"{address}/.well-known/openid-configuration",
        client_id="sme-hub",
        name_en=f"MockPass {kind}",
        name_zh=f"MockPass {kind}",
        simulated=True,
        **details,
    )
    services.add_issuer(actor=recognised.officer("olive"), details=given, now=timezone.now())


@pytest.mark.parametrize("kind", ["singpass", "corppass"])
def test_the_legacy_dialects_are_spoken_with_a_peer(mockpass: str, kind: str, settings: Any) -> None:
    settings.BASE_URL = "http://testserver"
    cities.publish()
    known(mockpass, kind)
    lee = cities.lee()
    client = cities.signed_in(lee)
    gone = cities.goes(client, kind)
    shown = {"X-Custom-NRIC": NRIC, "X-Custom-UUID": UUID, "X-Custom-UEN": cities.TUAS}
    sent = Visitor().asks(gone["Location"], headers=shown)
    back = client.get(cities.here(sent.headers["Location"]))
    assert back.status_code == 302, back.content.decode()
    identity = ExternalIdentity.objects.select_related("issuer").get(user=lee.user)
    assert identity.subject_hash == subject_hash(identity.issuer, UUID)
    assert identity.level_code == "urn:singpass:authentication:loa:1", "a password alone"
    assert [binding.identifier for binding in EntityBinding.objects.all()] == (
        [cities.TUAS] if kind == "corppass" else []
    )


def test_a_number_whose_check_letter_does_not_fit_is_refused(mockpass: str, settings: Any) -> None:
    settings.BASE_URL = "http://testserver"
    cities.publish()
    known(mockpass, "corppass")
    client = cities.signed_in(factories.charlie())
    gone = cities.goes(client, "corppass")
    shown = {"X-Custom-NRIC": NRIC, "X-Custom-UUID": UUID, "X-Custom-UEN": "123456789A"}
    answer = client.get(cities.here(Visitor().asks(gone["Location"], headers=shown).headers["Location"]))
    assert answer.context["refused"].code == "issuer.entity_number_wrong"
    assert not ExternalIdentity.objects.exists()
