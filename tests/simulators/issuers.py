"""A simulated issuer for tests, in a thread; a strict relying party that walks the whole way; a browser without a window.

known = published(own_keys)     # read beforehand: the issuer's thread does not see the test's transaction
with running("corppass_fapi", folder, hub_keys=lambda: known) as issuer:
    issuer.misbehaves("wrong_nonce")
    back = Visitor().signs_in(address, "lee-kah-yee", "199399924E")     # the callback's address
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from joserfc import jwe, jws
from joserfc.jwk import ECKey, KeySet

from footing import CHECKOUT
from footing.running import answers
from footing.state import free_port
from simulators.issuer.__main__ import Server, server_of
from simulators.issuer.checks import ASSERTION_TYPE, text_of
from simulators.issuer.profile import PROFILES
from simulators.issuer.site import Site
from simulators.keys import issuer_key_set

HUB = "http://testserver"
CLIENT = "sme-hub"
ROLES = {"corppass_fapi": "issuer-sg", "singpass_fapi": "issuer-sg", "cn_oidc": "issuer-cn"}
_LOOSE = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)


class TestIssuer:
    """The issuer that the hub calls `code`. It may read the hub's key set from `hub_keys` instead of over HTTP."""

    __test__ = False

    def __init__(
        self,
        profile: str,
        folder: Path,
        *,
        hub_keys: Callable[[], dict[str, Any]] | None = None,
        hub: str = HUB,
        code: str = "",
    ) -> None:
        self.profile, self.code = profile, code or ROLES[profile]
        self.url = f"http://127.0.0.1:{free_port()}"
        role = ROLES[profile].upper().replace("-", "_")
        keys = _keys(ROLES[profile])
        #: what the hub is told of an issuer beside its address
        self.assertion_key = keys.get(f"{role}_ASSERTION_KEY", "")
        self.callback = f"{hub}/accounts/issuers/{self.code}/callback/"
        self.env = {
            "ISSUER_PROFILE": profile,
            "ISSUER_CODE": self.code,
            "ISSUER_URL": self.url,
            "ISSUER_STORE": str(folder / f"{self.code}.sqlite"),
            "ISSUER_SIGNING_KEY": keys[f"{role}_SIGNING_KEY"],
            "ISSUER_SM2_KEY": keys.get(f"{role}_SM2_KEY", ""),
            "ISSUER_CONTROL": "1",
            "HUB_URL": hub,
        }
        self._hub_keys = hub_keys
        self.scopes = PROFILES[profile].scopes
        self.levels = PROFILES[profile].levels

    @property
    def discovery_url(self) -> str:
        return f"{self.url}/.well-known/openid-configuration"

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError


class ThreadIssuer(TestIssuer):
    """In a thread: quick to start, dies with the test, and at hand."""

    def start(self) -> None:
        self.server: Server = server_of(self.env, fetch=self._hub_keys)
        self.site: Site = self.server.get_app()  # type: ignore[assignment]
        self.desk = self.site.desk
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def misbehaves(self, *faults: str, **how: Any) -> None:
        """Once each, unless `once=False`."""
        for fault in faults:
            self.desk.faults.set(fault, **how)

    def behaves(self) -> None:
        self.desk.faults.reset()
        self.desk.clock.ahead = 0.0

    def lets_pass(self, seconds: float) -> None:
        """Its clock is put forward; ours is not."""
        self.desk.clock.ahead += seconds


@cache
def _keys(role: str) -> dict[str, str]:
    """Made once a test run: pure Python is slow at SM2."""
    return issuer_key_set(role)


@contextmanager
def running(
    profile: str, folder: Path, *, hub_keys: Callable[[], dict[str, Any]], **told: str
) -> Iterator[ThreadIssuer]:
    """One issuer in a thread; `hub_keys` gives the hub's key set without asking it over HTTP."""
    issuer = ThreadIssuer(profile, folder, hub_keys=hub_keys, **told)
    issuer.start()
    try:
        yield issuer
    finally:
        issuer.stop()


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass
class Answer:
    status: int
    content: bytes
    headers: HTTPMessage

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def said(self) -> dict[str, Any]:
        return json.loads(self.content)

    @property
    def error(self) -> str:
        return self.said["error"]


class Visitor:
    """A person with a browser of their own: cookies, and redirects followed by hand."""

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), _Stays(), urllib.request.HTTPCookieProcessor(CookieJar())
        )

    def asks(
        self, address: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        content = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(address, content, dict(headers or {}))
        try:
            with self._opener.open(request, timeout=10) as answer:
                return Answer(answer.status, answer.read(), answer.headers)
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read(), error.headers)

    def opens_login(self, address: str) -> tuple[str, str]:
        """The page on which one chooses, from the address that the hub sends to: its origin and the sign-in's name."""
        answer = self.asks(address)
        assert answer.status == 303, answer.text
        page = urllib.parse.urljoin(address, answer.headers["Location"])
        found = re.search(r'name="login" value="([^"]+)"', self.asks(page).text)
        assert found
        return "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(page)), found[1]

    def signs_in(self, address: str, person: str, company: str) -> str:
        """Where the browser is sent back to, having agreed."""
        origin, login = self.opens_login(address)
        chosen = self.asks(f"{origin}/login", {"login": login, "seat": f"{person} {company}"})
        assert chosen.status == 303, chosen.text
        done = self.asks(f"{origin}/consent", {"login": login, "decision": "agree"})
        assert done.status == 303, done.text
        return done.headers["Location"]

    def cancels(self, address: str) -> str:
        origin, login = self.opens_login(address)
        return self.asks(f"{origin}/login", {"login": login, "cancel": "1"}).headers["Location"]


@dataclass
class Hub:
    """A relying party as the standards want it, with keys of its own: not the product's."""

    issuer: TestIssuer
    keys: KeySet
    dpop: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    visitor: Visitor = field(default_factory=Visitor)

    def assertion(self, **other: Any) -> str:
        now = int(time.time())
        claims = {
            "iss": CLIENT,
            "sub": CLIENT,
            "aud": self.issuer.url,
            "iat": now,
            "exp": now + 100,
            "jti": secrets.token_urlsafe(24),
        } | other
        key = self.keys.keys[0]
        return jws.serialize_compact(
            {"alg": "ES256", "typ": "JWT", "kid": key.kid}, json.dumps(claims), key, algorithms=["ES256"]
        )

    def proof(self, method: str, url: str, *, key: ECKey | None = None, token: str = "", **other: Any) -> str:
        key = key or self.dpop
        claims = {"htm": method, "htu": url, "iat": int(time.time()), "jti": secrets.token_urlsafe(24)}
        if token:
            claims["ath"] = text_of(hashlib.sha256(token.encode()).digest())
        header = {"alg": "ES256", "typ": "dpop+jwt", "jwk": key.as_dict(private=False)}
        return jws.serialize_compact(header, json.dumps(claims | other), key, registry=_LOOSE)

    # -- the steps; `other` replaces fields of the form, None leaves them out ------------------------------

    def pushes(self, *, proof: str | None = None, **other: str | None) -> Answer:
        form = {
            "client_id": CLIENT,
            "response_type": "code",
            "scope": " ".join(self.issuer.scopes),
            "redirect_uri": self.issuer.callback,
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": text_of(hashlib.sha256(self.verifier.encode()).digest()),
            "code_challenge_method": "S256",
            "acr_values": self.issuer.levels[1],
            **self._client(),
        }
        url = f"{self.issuer.url}/par"
        return self._posts(url, form, self.proof("POST", url) if proof is None else proof, other)

    def address(self, request_uri: str = "") -> str:
        """Where the browser is sent."""
        request_uri = request_uri or self.pushes().said["request_uri"]
        asked = urllib.parse.urlencode({"client_id": CLIENT, "request_uri": request_uri})
        return f"{self.issuer.url}/authorize?{asked}"

    def code(self, person: str, company: str) -> str:
        back = self.visitor.signs_in(self.address(), person, company)
        told = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))
        assert (told["state"], told["iss"]) == (self.state, self.issuer.url)
        return told["code"]

    def redeems(self, code: str, *, proof: str | None = None, **other: str | None) -> Answer:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.issuer.callback,
            "code_verifier": self.verifier,
            **self._client(),
        }
        url = f"{self.issuer.url}/token"
        return self._posts(url, form, self.proof("POST", url) if proof is None else proof, other)

    def asks_about(self, token: str, *, proof: str | None = None) -> Answer:
        url = f"{self.issuer.url}/userinfo"
        shown = self.proof("GET", url, token=token) if proof is None else proof
        return self.visitor.asks(url, headers={"Authorization": f"DPoP {token}", "DPoP": shown})

    def opened(self, id_token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The inner header and the claims, decrypted and verified against the issuer's published keys."""
        plain = jwe.decrypt_compact(id_token, self.keys, algorithms=["ECDH-ES+A256KW", "A256GCM"]).plaintext
        published = self.visitor.asks(f"{self.issuer.url}/jwks").said
        signed = jws.deserialize_compact(plain, KeySet.import_key_set(published), algorithms=["ES256"])
        return dict(signed.headers()), json.loads(signed.payload)

    def _client(self) -> dict[str, str]:
        return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": self.assertion()}

    def _posts(self, url: str, form: dict[str, str], proof: str, other: Mapping[str, str | None]) -> Answer:
        sent = {name: value for name, value in (form | dict(other)).items() if value is not None}
        return self.visitor.asks(url, sent, {"DPoP": proof} if proof else {})


def hub_keys() -> KeySet:
    """A signing and an encryption key, as a hub would publish them."""
    return KeySet(
        [
            ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": "hub-sig-1"}),
            ECKey.generate_key("P-256", {"use": "enc", "alg": "ECDH-ES+A256KW", "kid": "hub-enc-1"}),
        ]
    )


def published(keys: KeySet) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys.keys]}


class PublishedKeys:
    """A hub as far as an issuer sees it over HTTP: its key set, and whether it answers at all."""

    def __init__(self, keys: KeySet) -> None:
        self.keys, self.is_up, self.asked_for = keys, True, 0
        self.server = make_server("127.0.0.1", 0, self._answer, handler_class=_Silent)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def _answer(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.asked_for += 1
        found = self.is_up and environ["PATH_INFO"] == "/.well-known/jwks.json"
        start_response("200 OK" if found else "500 -", [("Content-Type", "application/jwk-set+json")])
        return [json.dumps(published(self.keys)).encode()] if found else [b""]

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


class ProcessIssuer(TestIssuer):
    """A process of its own, which can be killed; it asks the hub's address for its keys."""

    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "simulators.issuer"]
        env = os.environ | self.env
        self.process = subprocess.Popen(command, env=env, cwd=CHECKOUT, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while not answers(f"{self.url}/healthz"):
            assert time.monotonic() < deadline, "the issuer does not start"
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
