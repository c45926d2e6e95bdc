"""One login: the request pushed, the code fetched back, the token opened, the roles asked for."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlencode

from joserfc.jwk import ECKey

from identity.connectors.issuers import sm, tokens, wire
from identity.connectors.issuers.discovery import Directory, directory_of
from identity.connectors.issuers.login import Claims, IssuerRow, VerifiedLogin
from identity.connectors.issuers.profiles import PROFILES, Profile
from identity.connectors.issuers.proofs import (
    ASSERTION_TYPE,
    challenge_of,
    client_assertion,
    dpop_key,
    dpop_proof,
)
from identity.connectors.issuers.reading import verified_login
from identity.connectors.issuers.troubles import IssuerSilent, LoginForged, LoginRefused
from identity.connectors.issuers.wire import Answer, exchange

LONGEST_CODE = 2048
#: for one half of a login, however many questions it takes: somebody waits, and a thread of ours with them
ALL_SECONDS = 8.0
LONGEST_TOKEN = 60_000


@dataclass(frozen=True)
class HubKeys:
    """What is ours: the key that signs, and by `kid` those that open."""

    signing: ECKey
    opening: Mapping[str, ECKey]


@dataclass(frozen=True)
class Attempt:
    """What one browser has to bring back and what only we know of it. Kept in that browser's session, encrypted."""

    issuer_code: str
    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    #: private key (JWK) of the DPoP proofs; None in dialects without
    dpop: dict[str, str] | None
    #: seconds since the person showed who they are at most; None for any
    max_age: int | None = None
    #: id of the ceremony that the nonce begins with; empty for a sign-in on its own
    bound_to: str = ""

    @classmethod
    def new(
        cls, issuer: IssuerRow, *, redirect_uri: str, bound_to: str = "", max_age: int | None = None
    ) -> Self:
        """`bound_to` stands at the head of the nonce, so that the token can be told to be of that ceremony."""
        key = dpop_key() if PROFILES[issuer.profile].fapi else None
        return cls(
            issuer_code=issuer.code,
            state=secrets.token_urlsafe(32),
            nonce=bound_to + secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            redirect_uri=redirect_uri,
            dpop=key.as_dict(private=True) if key else None,  # type: ignore[arg-type]
            max_age=max_age,
            bound_to=bound_to,
        )

    @property
    def key(self) -> ECKey | None:
        return ECKey.import_key(self.dpop) if self.dpop else None  # type: ignore[arg-type]


class Exchange:
    """The talk with one issuer about one attempt."""

    def __init__(self, issuer: IssuerRow, attempt: Attempt, keys: HubKeys, now: datetime) -> None:
        self.issuer, self.attempt, self.keys, self.now = issuer, attempt, keys, now
        self.profile: Profile = PROFILES[issuer.profile]
        self.directory: Directory = directory_of(issuer)
        self.dpop = attempt.key
        self._stop_at = time.monotonic() + ALL_SECONDS

    # -- out --------------------------------------------------------------------------------------------

    def address(self, *, language: str = "") -> str:
        """Where the browser goes. In FAPI the request is with the issuer by then; the address only names it.

        `language` (`en`, `zh-Hans`) is asked for where the issuer speaks it.
        """
        where = self.directory.address("authorization_endpoint")
        wanted = self._wanted()
        if language in self.directory.languages:
            wanted["ui_locales"] = language
        if not self.profile.fapi:
            return _joined(where, wanted)
        pushed = self._post("pushed_authorization_request_endpoint", wanted)
        if pushed.status not in (200, 201):
            raise LoginRefused("request_refused")
        request_uri = pushed.json().get("request_uri")
        if not isinstance(request_uri, str) or not 0 < len(request_uri) <= 500:
            raise IssuerSilent("no_request_uri")
        return _joined(where, {"client_id": self.issuer.client_id, "request_uri": request_uri})

    def _wanted(self) -> dict[str, str]:
        wanted = {
            "client_id": self.issuer.client_id,
            "response_type": "code",
            "scope": self.issuer.scope,
            "redirect_uri": self.attempt.redirect_uri,
            "state": self.attempt.state,
            "nonce": self.attempt.nonce,
            "code_challenge": challenge_of(self.attempt.verifier),
            "code_challenge_method": "S256",
        }
        if self.issuer.acr_values:
            wanted["acr_values"] = self.issuer.acr_values
        if self.attempt.max_age is not None:
            wanted["max_age"] = str(self.attempt.max_age)
        return wanted

    # -- back -------------------------------------------------------------------------------------------

    def finished(self, returned: Mapping[str, str]) -> VerifiedLogin:
        """`returned`: what the browser brought to the callback, its `state` known to be this attempt's."""
        self._check_sender(returned)
        if error := returned.get("error"):
            raise LoginRefused("denied" if error == "access_denied" else "issuer_error")
        code = returned.get("code", "")
        if not 0 < len(code) <= LONGEST_CODE:
            raise LoginForged("no_code")
        given = self._tokens(code)
        id_token, access_token = given["id_token"], given["access_token"]
        claims = tokens.opened(
            id_token,
            issuer=self.issuer,
            expected=tokens.Expected(
                nonce=self.attempt.nonce,
                now=self.now,
                access_token=access_token,
                needs_at_hash=self.profile.fapi,
                max_age=self.attempt.max_age,
            ),
            find_key=self.directory.key,
            open_key=self.keys.opening.get,
        )
        return verified_login(
            claims,
            issuer=self.issuer,
            digest=tokens.digest_of(id_token),
            userinfo=self._userinfo(access_token, claims) if self.profile.asks_userinfo else None,
            detached=self._detached(claims, given),
        )

    def _check_sender(self, returned: Mapping[str, str]) -> None:
        """RFC 9207: an answer of another issuer is not taken for this one's."""
        said = returned.get("iss")
        if said != self.issuer.iss and (self.profile.fapi or said is not None):
            raise LoginForged("another_issuer")

    def _tokens(self, code: str) -> dict[str, Any]:
        answer = self._post(
            "token_endpoint",
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self.attempt.redirect_uri,
                "code_verifier": self.attempt.verifier,
                "client_id": self.issuer.client_id,
            },
        )
        if answer.status != 200:
            raise LoginRefused("code_refused" if answer.status in (400, 401, 403) else "issuer_error")
        given = answer.json()
        if self.profile.fapi and str(given.get("token_type", "")).casefold() != "dpop":
            raise LoginForged("token_not_bound")
        for name in ("id_token", "access_token"):
            token = given.get(name)
            if not isinstance(token, str) or not token.isascii() or not 0 < len(token) <= LONGEST_TOKEN:
                raise LoginForged("token_missing")
        return given

    def _userinfo(self, access_token: str, claims: Claims) -> Claims:
        where = self.directory.address("userinfo_endpoint")

        def ask(nonce: str) -> Answer:
            headers = {"Authorization": f"DPoP {access_token}"}
            headers |= self._proof("GET", where, access_token=access_token, nonce=nonce)
            return exchange("GET", where, headers=headers, seconds=self._seconds_left())

        answer = _with_nonce(ask)
        if answer.status != 200:
            raise LoginRefused("roles_refused")
        said: Claims
        if answer.content.lstrip()[:1] == b"{":
            said = answer.json()
        else:  # encrypted and signed, as the id token
            said, _alg = tokens.signed_claims(
                answer.content.decode("ascii", "replace").strip(),
                issuer=self.issuer,
                find_key=self.directory.key,
                open_key=self.keys.opening.get,
            )
        if said.get("sub") != claims.get("sub"):
            raise LoginForged("roles_of_another")
        return said

    def _detached(self, claims: Claims, given: Mapping[str, Any]) -> Claims | None:
        """The assertion under the issuer's own key, where there is one; it may come inside the token or beside it."""
        if not self.profile.detached or not self.issuer.assertion_key:
            return None
        said = sm.verified(claims.get("detached") or given.get("detached"), self.issuer.assertion_key)
        expires = said.get("exp")
        if not isinstance(expires, int | float) or expires <= self.now.timestamp() - tokens.SKEW_SECONDS:
            raise LoginForged("detached_expired")
        return said

    # -- how we ask -------------------------------------------------------------------------------------

    def _post(self, endpoint: str, form: Mapping[str, str]) -> Answer:
        where = self.directory.address(endpoint)

        def ask(nonce: str) -> Answer:
            shown = {
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": client_assertion(
                    client_id=self.issuer.client_id,
                    audience=self.issuer.iss,
                    key=self.keys.signing,
                    now=self.now,
                ),
            }
            proof = self._proof("POST", where, nonce=nonce)
            seconds = self._seconds_left()
            return exchange("POST", where, headers=proof, form={**form, **shown}, seconds=seconds)

        return _with_nonce(ask)

    def _seconds_left(self) -> float:
        left = self._stop_at - time.monotonic()
        if left <= 0:
            raise IssuerSilent("too_slow")
        return min(left, wire.ANSWER_SECONDS)

    def _proof(self, method: str, where: str, *, access_token: str = "", nonce: str = "") -> dict[str, str]:
        if self.dpop is None:
            return {}
        proof = dpop_proof(
            method=method, url=where, key=self.dpop, now=self.now, access_token=access_token, nonce=nonce
        )
        return {"DPoP": proof}


def _with_nonce(ask: Callable[[str], Answer]) -> Answer:
    """Once more with the nonce that the issuer wants in the proof, where it wants one (RFC 9449, section 8)."""
    answer = ask("")
    nonce = {name.lower(): value for name, value in answer.headers.items()}.get("dpop-nonce", "")
    if answer.status in (400, 401) and nonce and b"use_dpop_nonce" in answer.content:
        return ask(nonce)
    return answer


def _joined(where: str, parameters: Mapping[str, str]) -> str:
    return f"{where}{'&' if '?' in where else '?'}{urlencode(parameters)}"
