"""`python -m bench.callback SIGN_INS`: what coming back from an issuer costs beside the same cryptography alone; prints JSON.

The simulated issuers are processes of their own, so that all CPU of this process is the hub's: the view with its statements
and the threads that talk to the issuer. Beside it stand the very calls of cryptography that this view made, on the same
tokens and with the same keys: the assertion and the proofs signed, the token decrypted and verified, SM2 checked.
"""

from __future__ import annotations

import html
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
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
#: of a function, as it was made
Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


def main(sign_ins: int) -> None:
    django.setup()
    told = {}
    for profile in WHO:
        with _issuer(profile) as row:
            told[profile] = _measured(row, profile, sign_ins)
    print(json.dumps(told))  # noqa: T201


def _measured(issuer: Any, profile: str, sign_ins: int) -> Measured:
    """Medians, in milliseconds of CPU."""
    from django.core.wsgi import get_wsgi_application
    from django.test import Client

    _code, _role, person, country, number = WHO[profile]
    application, client = get_wsgi_application(), Client(SERVER_NAME="127.0.0.1")
    client.force_login(_owner(profile, country, number))
    views, cryptography = [], []
    for number_of_sign_in in range(sign_ins + 5):
        client.defaults["REMOTE_ADDR"] = (
            f"127.0.{number_of_sign_in}.1"  # nobody is let near an issuer so often
        )
        back = _signed_in(client, issuer.code, f"{person} {number}")
        path, _sign, query = back.partition("?")
        environ = client._base_environ(PATH_INFO=path, QUERY_STRING=query)
        with _overheard() as calls:
            spent = _cpu(lambda environ=environ: _came_back(application, environ))
        alone = _cpu(lambda calls=calls: _again(calls))
        if number_of_sign_in >= 5:  # the first few read keys and compile templates
            views.append(spent)
            cryptography.append(alone)
    return {"view": statistics.median(views), "cryptography": statistics.median(cryptography)}


def _cpu(act: Callable[[], None]) -> float:
    """Of the whole process, every thread of it."""
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1000


def _came_back(application: Callable[..., Any], environ: dict[str, Any]) -> None:
    """As a server of WSGI hands it on."""
    told: list[str] = []
    answer = application(environ, lambda status, _headers, _error=None: told.append(status))
    b"".join(answer)
    answer.close()
    if not told[0].startswith("302"):
        raise SystemExit(f"{environ['PATH_INFO']} answered {told[0]}")


@contextmanager
def _overheard() -> Iterator[list[Call]]:
    """Each call of cryptography that is made meanwhile, as it was made."""
    from identity.connectors.issuers import client, sm, tokens

    calls: list[Call] = []

    def listening(act: Callable[..., Any]) -> Callable[..., Any]:
        def heard(*args: Any, **named: Any) -> Any:
            calls.append((act, args, named))
            return act(*args, **named)

        return heard

    spoken = (
        (client, "client_assertion"),
        (client, "dpop_proof"),
        (tokens, "signed_claims"),
        (sm, "verified"),
    )
    with ExitStack() as patches:
        for module, name in spoken:
            patches.enter_context(mock.patch.object(module, name, listening(getattr(module, name))))
        yield calls


def _again(calls: list[Call]) -> None:
    for act, args, named in calls:
        act(*args, **named)


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
    """The simulated issuer, a process, and its row here."""
    from django.utils import timezone

    from identity import services
    from identity.actors import System
    from identity.services.issuers import IssuerDetails
    from simulators.keys import issuer_key_set

    code, role, *_rest = WHO[profile]
    name = role.upper().replace("-", "_")
    keys, url = issuer_key_set(role), f"http://127.0.0.1:{_free_port()}"
    with tempfile.TemporaryDirectory() as folder, _door(Path(folder)) as door:
        env = {
            "ISSUER_PROFILE": profile,
            "ISSUER_CODE": code,
            "ISSUER_URL": url,
            "ISSUER_STORE": str(Path(folder) / "store.sqlite"),
            "ISSUER_SIGNING_KEY": keys[f"{name}_SIGNING_KEY"],
            "ISSUER_SM2_KEY": keys.get(f"{name}_SM2_KEY", ""),
            "HUB_URL": _base_url(),
            "HUB_DOOR": door,
        }
        details = IssuerDetails(
            code=code,
            profile=profile,
            iss=url,
            discovery_url=f"{url}/.well-known/openid-configuration",
            client_id="sme-hub",
            assertion_key=keys.get(f"{name}_ASSERTION_KEY", ""),
            simulated=True,
        )
        with _process("-m", "simulators.issuer", env=env, answers=details.discovery_url):
            yield services.add_issuer(actor=System(reason="bench"), details=details, now=timezone.now())


@contextmanager
def _door(folder: Path) -> Iterator[str]:
    """Where the issuers read the hub's keys: a file, so that no thread of this process answers them."""
    place = folder / ".well-known" / "jwks.json"
    place.parent.mkdir()
    place.write_text(json.dumps(_published_keys()))
    port = _free_port()
    served = ("-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder))
    with _process(*served, env={}, answers=f"http://127.0.0.1:{port}/.well-known/jwks.json"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _process(*command: str, env: dict[str, str], answers: str) -> Iterator[None]:
    """It runs, and has answered once at an address."""
    started = subprocess.Popen(
        [sys.executable, *command],
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        stop_at = time.monotonic() + 20
        while not _answers(answers):
            if time.monotonic() > stop_at or started.poll() is not None:
                raise SystemExit(f"{' '.join(command[:2])} does not start")
            time.sleep(0.05)
        yield
    finally:
        started.terminate()
        started.wait(10)


def _answers(address: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


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
