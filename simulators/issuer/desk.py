"""What becomes of each request: pushed, signed in, agreed to, redeemed once, asked about."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from simulators.issuer.books import Books
from simulators.issuer.checks import Checks, Refusal, text_of
from simulators.issuer.clock import Clock
from simulators.issuer.faults import Faults
from simulators.issuer.hub import Hub
from simulators.issuer.keys import Keys
from simulators.issuer.people import seat_of
from simulators.issuer.profile import Profile
from simulators.issuer.tokens import Tokens

#: request_uri and code
SHORT_SECONDS = 60
#: to choose and agree
LOGIN_SECONDS = 600
TOKEN_SECONDS = 600
REQUEST_URI = "urn:ietf:params:oauth:request_uri:"
#: what a pushed request may say; the last two may be missing
ASKED = (
    "client_id",
    "response_type",
    "scope",
    "redirect_uri",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "acr_values",
    "ui_locales",
)
OPTIONAL = {"acr_values", "ui_locales"}
#: characters in state and nonce
LENGTH = range(30, 256)


@dataclass(frozen=True)
class Told:
    """What a deployment says of its issuer."""

    #: its name, which is the address that browsers reach
    issuer: str
    #: where the hub reaches it
    door: str
    client: str
    redirect_uri: str
    sm2_key: str = ""

    @property
    def doors(self) -> dict[str, str]:
        return {
            "authorize": f"{self.issuer}/authorize",
            **{name: f"{self.door}/{name}" for name in ("par", "token", "userinfo", "jwks")},
        }


class Gone(Exception):
    """A sign-in that was never begun here, is over, or is another browser's."""


class Desk:
    def __init__(self, *, told: Told, profile: Profile, books: Books, hub: Hub, signing_key: str) -> None:
        self.told, self.profile, self.hub, self._books = told, profile, hub, books
        self.clock, self.faults, self.keys = Clock(), Faults(), Keys(books, signing_key)
        self.checks = Checks(issuer=told.issuer, client=told.client, hub=hub, books=books, clock=self.clock)
        self._tokens = Tokens(
            issuer=told.issuer,
            profile=profile,
            keys=self.keys,
            hub=hub,
            faults=self.faults,
            sm2_key=told.sm2_key,
        )
        self.calls: dict[str, int] = {}

    def discovery(self) -> dict[str, Any]:
        doors, profile = self.told.doors, self.profile
        return {
            "issuer": self.told.issuer,
            "authorization_endpoint": doors["authorize"],
            "pushed_authorization_request_endpoint": doors["par"],
            "require_pushed_authorization_requests": True,
            "token_endpoint": doors["token"],
            "userinfo_endpoint": doors["userinfo"],
            "jwks_uri": doors["jwks"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": [profile.subject_type],
            "scopes_supported": list(profile.scopes),
            "acr_values_supported": list(profile.levels),
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "dpop_signing_alg_values_supported": ["ES256"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "id_token_encryption_alg_values_supported": ["ECDH-ES+A256KW"],
            "id_token_encryption_enc_values_supported": ["A256GCM"],
            "authorization_response_iss_parameter_supported": True,
            "ui_locales_supported": ["en", "zh-Hans"],
            "simulated": True,
        }

    # -- by the hub ------------------------------------------------------------------------------------

    def push(self, form: dict[str, str], proof: str) -> dict[str, Any]:
        client = self.checks.client(form)
        thumbprint = self.checks.proof(proof, method="POST", url=self.told.doors["par"])
        asked = self._asked(form)
        if form.get("dpop_jkt", thumbprint) != thumbprint:
            raise Refusal("invalid_dpop_proof", "dpop_jkt is of another key")
        uri = REQUEST_URI + secrets.token_urlsafe(32)
        said = asked | {"client_id": client, "jkt": thumbprint}
        self._books.keep("pushed", uri, said, until=self.clock.now() + SHORT_SECONDS)
        return {"request_uri": uri, "expires_in": SHORT_SECONDS}

    def _asked(self, form: dict[str, str]) -> dict[str, str]:
        """The request, complete and in order."""
        if "request_uri" in form or "request" in form:
            raise Refusal("invalid_request", "a pushed request names no other")
        if missing := [name for name in ASKED if name not in OPTIONAL and not form.get(name)]:
            raise Refusal("invalid_request", f"missing: {', '.join(missing)}")
        asked = {name: form[name] for name in ASKED if form.get(name)}
        if asked["redirect_uri"] != self.told.redirect_uri:
            raise Refusal("invalid_request", "redirect_uri is not the registered one")
        if asked["response_type"] != "code":
            raise Refusal("unsupported_response_type", "code is the only one")
        if asked["code_challenge_method"] != "S256" or len(asked["code_challenge"]) != 43:
            raise Refusal("invalid_request", "PKCE with S256 is required")
        if any(len(asked[name]) not in LENGTH for name in ("state", "nonce")):
            raise Refusal("invalid_request", "state and nonce have 30 to 255 characters")
        scopes = asked["scope"].split()
        if "openid" not in scopes or not set(scopes) <= set(self.profile.scopes):
            raise Refusal("invalid_scope", "openid, and of the others those that are supported")
        if not set(asked.get("acr_values", "").split()) <= set(self.profile.levels):
            raise Refusal("invalid_request", "no such level in acr_values")
        return asked

    def redeem(self, form: dict[str, str], proof: str) -> dict[str, Any]:
        client = self.checks.client(form)
        thumbprint = self.checks.proof(proof, method="POST", url=self.told.doors["token"])
        if form.get("grant_type") != "authorization_code":
            raise Refusal("unsupported_grant_type", "authorization_code is the only one")
        grant = self._granted(form, client, thumbprint) | self._tokens.bends()
        token, now = secrets.token_urlsafe(32), self.clock.now()
        code = digest_of(form["code"])
        self._books.keep("tokens", digest_of(token), grant, until=now + TOKEN_SECONDS, code=code)
        claims = self._tokens.claims(grant, access_token=token, now=now)
        return {
            "access_token": token,
            "token_type": "DPoP",
            "expires_in": TOKEN_SECONDS,
            "scope": grant["scope"],
            "id_token": self._tokens.sealed(claims),
        }

    def _granted(self, form: dict[str, str], client: str, thumbprint: str) -> dict[str, Any]:
        """What was agreed to under this code, which is used up by being shown."""
        code = digest_of(form.get("code", ""))
        grant, was_used = self._books.use("codes", code, now=self.clock.now())
        if was_used:
            self._books.revoke(code)  # somebody else has it too
        if grant is None:
            raise Refusal("invalid_grant", "no such code, or not any more")
        if grant["client_id"] != client or grant["redirect_uri"] != form.get("redirect_uri"):
            raise Refusal("invalid_grant", "given to another client or address")
        challenge = text_of(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if not hmac.compare_digest(challenge, grant["code_challenge"]):
            raise Refusal("invalid_grant", "the verifier is not of this challenge")
        if thumbprint != grant["jkt"]:
            raise Refusal("invalid_dpop_proof", "another key than the one that began")
        return grant

    def tell(self, authorization: str, proof: str) -> dict[str, Any]:
        """Userinfo."""
        kind, _space, token = authorization.partition(" ")
        if kind != "DPoP" or not token:
            raise Refusal("invalid_token", "a token bound by DPoP is required", 401)
        grant = self._books.look("tokens", digest_of(token), now=self.clock.now())
        if grant is None:
            raise Refusal("invalid_token", "no such token, or not any more", 401)
        url = self.told.doors["userinfo"]
        try:
            thumbprint = self.checks.proof(proof, method="GET", url=url, access_token=token)
        except Refusal as refusal:
            raise Refusal(refusal.error, refusal.why, 401, nonce=refusal.nonce) from refusal
        if thumbprint != grant["jkt"]:
            raise Refusal("invalid_token", "bound to another key", 401)
        return self._tokens.userinfo(grant)

    # -- by the browser ------------------------------------------------------------------------------------

    def begin(self, client: str, uri: str, browser: str) -> str:
        """A sign-in for what was pushed, bound to this browser. Returns its id; raises `Gone`."""
        asked, _was_used = self._books.use("pushed", uri, now=self.clock.now())
        if asked is None or asked["client_id"] != client:
            raise Gone
        name = secrets.token_urlsafe(24)
        said = asked | {"browser": digest_of(browser)}
        self._books.keep("logins", name, said, until=self.clock.now() + LOGIN_SECONDS)
        return name

    def login(self, name: str, browser: str) -> dict[str, Any]:
        """What is being signed in for; raises `Gone`."""
        said = self._books.look("logins", name, now=self.clock.now())
        if said is None or not hmac.compare_digest(said["browser"], digest_of(browser)):
            raise Gone
        return said

    def choose(self, name: str, browser: str, person: str, company: str) -> None:
        """Who signs in, for whom. Raises KeyError for somebody who does not act for that company."""
        said = self.login(name, browser)
        seat_of(self.profile.code, person, company)
        chosen = {"person": person, "company": company, "auth_time": self.clock.now()}
        self._books.note("logins", name, said | chosen)

    def finish(self, name: str, browser: str, *, agreed: bool) -> str:
        """Where the browser goes from here; once."""
        said = self.login(name, browser)
        if agreed and "person" not in said:
            raise Gone
        _said, was_used = self._books.use("logins", name, now=self.clock.now())
        if was_used:
            raise Gone
        return self._callback(said, self._code_for(said) if agreed else {"error": "access_denied"})

    def _code_for(self, said: dict[str, Any]) -> dict[str, str]:
        code = secrets.token_urlsafe(32)
        grant = {key: value for key, value in said.items() if key != "browser"}
        self._books.keep("codes", digest_of(code), grant, until=self.clock.now() + SHORT_SECONDS)
        return {"code": code}

    def _callback(self, said: dict[str, Any], answer: dict[str, str]) -> str:
        told = answer | {"state": said["state"], "iss": self.told.issuer}
        if self.faults.take("wrong_iss_callback"):
            told["iss"] = "https://another.example"
        if self.faults.take("missing_iss_callback"):
            del told["iss"]
        if self.faults.take("wrong_state"):
            told["state"] = secrets.token_urlsafe(32)
        return f"{said['redirect_uri']}?{urlencode(told)}"


def digest_of(secret: str) -> str:
    """What is kept of a code, a token or a cookie."""
    return hashlib.sha256(secret.encode()).hexdigest()
