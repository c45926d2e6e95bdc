"""`python -m bench.callback SIGN_INS`: what coming back from an issuer costs beside the same cryptography alone; prints JSON.

The simulated issuers run in threads of this process. What is counted is the CPU of this thread alone: the view with its
statements on one side, on the other the proofs, the decryption and the signatures of the same tokens.
"""

from __future__ import annotations

import html
import json
import re
import socket
import statistics
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import django

#: by profile: what the hub calls the issuer, and somebody there with the company they act for
WHO = {
    "corppass_fapi": ("bench-sg", "issuer-sg", "lee-kah-yee", "SG", "199399924E"),
    "cn_oidc": ("bench-cn", "issuer-cn", "xu-jiahui", "CN", "91440306MA5DEM2661"),
}
Measured = dict[str, float]


def main(sign_ins: int) -> None:
    django.setup()
    told = {}
    for profile in WHO:
        with _issuer(profile) as row:
            told[profile] = _measured(row, profile, sign_ins)
    print(json.dumps(told))  # noqa: T201


def _measured(issuer: Any, profile: str, sign_ins: int) -> Measured:
    """Medians, in milliseconds of CPU."""
    from django.test import Client

    from identity.connectors.issuers import tokens

    _code, _role, person, country, number = WHO[profile]
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(_owner(profile, country, number))
    views, cryptography = [], []
    for number_of_sign_in in range(sign_ins + 5):
        client.defaults["REMOTE_ADDR"] = (
            f"127.0.{number_of_sign_in}.1"  # nobody is let near an issuer so often
        )
        back = _signed_in(client, issuer.code, f"{person} {number}")
        with mock.patch.object(tokens, "opened", wraps=tokens.opened) as opened:
            spent = _cpu(lambda back=back: _came_back(client, back))
        alone = _cpu(lambda call=opened.call_args: _same_cryptography(issuer, call))
        if number_of_sign_in >= 5:  # the first few read keys and compile templates
            views.append(spent)
            cryptography.append(alone)
    return {"view": statistics.median(views), "cryptography": statistics.median(cryptography)}


def _cpu(act: Callable[[], None]) -> float:
    began = time.thread_time()
    act()
    return (time.thread_time() - began) * 1000


def _came_back(client: Any, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 302:
        raise SystemExit(f"{address.partition('?')[0]} answered {answer.status_code}")


def _same_cryptography(issuer: Any, call: Any) -> None:
    """Two proofs of possession and an assertion made, the token decrypted and verified, the SM2 signature checked."""
    from django.utils import timezone

    from identity.connectors.issuers import proofs, sm, tokens
    from identity.services import hub_keys

    now = timezone.now()
    keys, dpop = hub_keys(now=now), proofs.dpop_key()
    proofs.client_assertion(client_id=issuer.client_id, audience=issuer.iss, key=keys.signing, now=now)
    for method, access_token in (("POST", ""), ("GET", call.kwargs["expected"].access_token)):
        proofs.dpop_proof(method=method, url=issuer.iss, key=dpop, now=now, access_token=access_token)
    claims, _alg = tokens.signed_claims(
        call.args[0], issuer=issuer, find_key=call.kwargs["find_key"], open_key=keys.opening.get
    )
    if issuer.assertion_key:
        sm.verified(claims["detached"], issuer.assertion_key)


def _owner(profile: str, country: str, number: str) -> Any:
    from django.utils import timezone

    from identity import services

    now = timezone.now() - timedelta(minutes=1)
    user = services.register_user(email=f"{profile}@bench.example", password=None, name="Bench", now=now)
    services.register_company(
        user=user,
        country=country,
        registration_number=number,
        details=services.CompanyDetails(legal_name=f"Bench {profile}"),
        now=now,
    )
    return user


def _signed_in(client: Any, code: str, seat: str) -> str:
    """From the hub's page to the issuer's and to the address that it sends the browser back to."""
    from django.urls import reverse

    from sme_hub.demo.loading.identities import Browser

    leaves = client.get(reverse("issuer_login", args=[code]), headers={"Sec-Fetch-Site": "same-origin"})
    if agree := re.search(r'href="([^"]*agree=[^"]*)"', leaves.content.decode()):
        leaves = client.get(html.unescape(agree[1]))  # at the first sign-in: what is kept has been read
    returned = Browser().signs_in(leaves["Location"], seat)
    return f"{reverse('issuer_callback', args=[code])}?{urllib.parse.urlencode(returned)}"


@contextmanager
def _issuer(profile: str) -> Iterator[Any]:
    """The simulated issuer in a thread, and its row here."""
    from django.utils import timezone

    from identity import services
    from identity.actors import System
    from identity.services.issuers import IssuerDetails
    from simulators.issuer.__main__ import Handler, server_of
    from simulators.keys import issuer_key_set

    code, role, *_rest = WHO[profile]
    name = role.upper().replace("-", "_")
    keys, url = issuer_key_set(role), f"http://127.0.0.1:{_free_port()}"
    published = _published_keys()
    with tempfile.TemporaryDirectory() as folder:
        env = {
            "ISSUER_PROFILE": profile,
            "ISSUER_CODE": code,
            "ISSUER_URL": url,
            "ISSUER_STORE": str(Path(folder) / "store.sqlite"),
            "ISSUER_SIGNING_KEY": keys[f"{name}_SIGNING_KEY"],
            "ISSUER_SM2_KEY": keys.get(f"{name}_SM2_KEY", ""),
            "HUB_URL": _base_url(),
        }
        server = server_of(env, fetch=lambda: published)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        details = IssuerDetails(
            code=code,
            profile=profile,
            iss=url,
            discovery_url=f"{url}/.well-known/openid-configuration",
            client_id="sme-hub",
            assertion_key=keys.get(f"{name}_ASSERTION_KEY", ""),
            simulated=True,
        )
        with mock.patch.object(Handler, "log_message"):
            yield services.add_issuer(actor=System(reason="bench"), details=details, now=timezone.now())
        server.shutdown()
        server.server_close()


def _published_keys() -> dict[str, Any]:
    from django.test import Client

    published: dict[str, Any] = Client(SERVER_NAME="127.0.0.1").get("/.well-known/jwks.json").json()
    return published


def _base_url() -> str:
    from django.conf import settings

    return re.sub(r"/$", "", settings.BASE_URL)


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


if __name__ == "__main__":
    main(int(sys.argv[1]))
