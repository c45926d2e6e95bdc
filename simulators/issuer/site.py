"""The addresses, as a WSGI application."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from simulators.issuer import pages
from simulators.issuer.checks import Refusal
from simulators.issuer.desk import LOGIN_SECONDS, Desk, Gone
from simulators.issuer.faults import KNOWN, Failing, Garbage
from simulators.issuer.hub import HubSilent

LONGEST_BODY = 32 * 1024
StartResponse = Callable[..., Any]
Answer = tuple[int, bytes, dict[str, str]]


class Request:
    def __init__(self, environ: dict[str, Any]) -> None:
        self.method, self.path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self._environ = environ
        self.query = environ.get("QUERY_STRING", "")

    def header(self, name: str) -> str:
        return str(self._environ.get("HTTP_" + name.upper().replace("-", "_"), ""))

    def asked(self) -> dict[str, str]:
        """The query; raises `Refusal` where a name stands twice."""
        return _once(self.query)

    def form(self) -> dict[str, str]:
        kind = self._environ.get("CONTENT_TYPE", "").partition(";")[0].strip()
        length = int(self._environ.get("CONTENT_LENGTH") or 0)
        if kind != "application/x-www-form-urlencoded" or not 0 < length <= LONGEST_BODY:
            raise Refusal("invalid_request", "a form is expected")
        return _once(self._environ["wsgi.input"].read(length).decode("utf-8", "replace"))

    def cookie(self, name: str) -> str:
        try:
            found = SimpleCookie(self.header("Cookie")).get(name)
        except CookieError:
            return ""
        return found.value if found else ""


class Site:
    def __init__(self, desk: Desk, *, control: bool = False) -> None:
        self.desk, self._control = desk, control
        #: cookies know hosts, not ports: two issuers on one host keep their sign-ins apart
        self._cookie = f"simulated_{desk.profile.code}_{urlsplit(desk.told.issuer).port or 0}"

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        status, body, headers = self._answer(Request(environ))
        named = {"Content-Length": str(len(body)), "Cache-Control": "no-store"} | headers
        start_response(f"{status} -", list(named.items()))
        return [body]

    def _answer(self, request: Request) -> Answer:
        try:
            return self._found(request)
        except Refusal as refusal:
            return self._refused(request, refusal)
        except Gone:
            return _page(pages.over(self.desk.profile), status=400)
        except HubSilent as silent:
            return self._refused(request, Refusal("temporarily_unavailable", str(silent), 503))
        except Failing:
            return 500, b"failing", {"Content-Type": "text/plain"}
        except Garbage:
            return 200, b"<html>not what you asked for</html>", {"Content-Type": "text/html"}

    def _found(self, request: Request) -> Answer:
        doors: dict[tuple[str, str], Callable[[Request], Answer]] = {
            ("GET", "/"): self._front,
            ("GET", "/healthz"): lambda _request: (200, b"ok", {"Content-Type": "text/plain"}),
            ("GET", "/.well-known/openid-configuration"): self._discovery,
            ("GET", "/jwks"): self._jwks,
            ("POST", "/par"): self._par,
            ("GET", "/authorize"): self._authorize,
            ("GET", "/login"): self._login,
            ("POST", "/login"): self._choose,
            ("GET", "/consent"): self._consent,
            ("POST", "/consent"): self._decide,
            ("POST", "/token"): self._token,
            ("GET", "/userinfo"): self._userinfo,
        }
        if request.path.startswith("/control/") and self._control:
            return self._controlled(request)
        door = doors.get((request.method, request.path))
        if door is None:
            raise Refusal("not_found", "nothing is here", 404)
        return door(request)

    def _refused(self, request: Request, refusal: Refusal) -> Answer:
        sys.stderr.write(f"{request.method} {request.path} refused: {refusal}\n")
        headers = {"DPoP-Nonce": refusal.nonce} if refusal.nonce else {}
        if refusal.status == 401 and request.path == "/userinfo":
            headers["WWW-Authenticate"] = f'DPoP error="{refusal.error}", algs="ES256"'
        return _json({"error": refusal.error, "error_description": refusal.why}, refusal.status, headers)

    # -- the hub's doors ---------------------------------------------------------------------------------

    def _opened(self, name: str) -> None:
        self.desk.calls[name] = self.desk.calls.get(name, 0) + 1
        self.desk.faults.before(name)
        if self.desk.faults.take("wants_nonce", name):
            raise self.desk.checks.wants_nonce()

    def _discovery(self, _request: Request) -> Answer:
        self._opened("discovery")
        return _json(self.desk.discovery())

    def _jwks(self, _request: Request) -> Answer:
        self._opened("jwks")
        return _json(self.desk.keys.published())

    def _par(self, request: Request) -> Answer:
        self._opened("par")
        return _json(self.desk.push(request.form(), request.header("DPoP")), 201)

    def _token(self, request: Request) -> Answer:
        self._opened("token")
        return _json(self.desk.redeem(request.form(), request.header("DPoP")))

    def _userinfo(self, request: Request) -> Answer:
        self._opened("userinfo")
        return _json(self.desk.tell(request.header("Authorization"), request.header("DPoP")))

    # -- the browser's doors -------------------------------------------------------------------------------

    def _front(self, _request: Request) -> Answer:
        return _page(pages.front(self.desk.profile))

    def _authorize(self, request: Request) -> Answer:
        self._opened("authorize")
        asked = request.asked()
        if set(asked) != {"client_id", "request_uri"}:
            raise Gone  # what is asked for is pushed beforehand
        browser = request.cookie(self._cookie) or secrets.token_urlsafe(24)
        login = self.desk.begin(asked["client_id"], asked["request_uri"], browser)
        cookie = f"{self._cookie}={browser}; Path=/; Max-Age={LOGIN_SECONDS}; HttpOnly; SameSite=Lax"
        return _redirect(f"/login?login={quote(login)}", {"Set-Cookie": cookie})

    def _login(self, request: Request) -> Answer:
        name, said = self._begun(request, request.asked())
        return _page(pages.login(self.desk.profile, name, said), goes_to=said["redirect_uri"])

    def _choose(self, request: Request) -> Answer:
        form = request.form()
        name, said = self._begun(request, form)
        browser = request.cookie(self._cookie)
        if form.get("cancel"):
            return _redirect(self.desk.finish(name, browser, agreed=False))
        person, _space, company = form.get("seat", "").partition(" ")
        try:
            self.desk.choose(name, browser, person, company)
        except KeyError:
            page = pages.login(self.desk.profile, name, said, is_missing=True)
            return _page(page, status=400, goes_to=said["redirect_uri"])
        return _redirect(f"/consent?login={quote(name)}")

    def _consent(self, request: Request) -> Answer:
        name, said = self._begun(request, request.asked())
        if "person" not in said:
            raise Gone
        return _page(pages.consent(self.desk.profile, name, said), goes_to=said["redirect_uri"])

    def _decide(self, request: Request) -> Answer:
        form = request.form()
        name, _said = self._begun(request, form)
        agreed = form.get("decision") == "agree"
        return _redirect(self.desk.finish(name, request.cookie(self._cookie), agreed=agreed))

    def _begun(self, request: Request, asked: dict[str, str]) -> tuple[str, dict[str, Any]]:
        name = asked.get("login", "")
        return name, self.desk.login(name, request.cookie(self._cookie))

    # -- tests say how it behaves --------------------------------------------------------------------------

    def _controlled(self, request: Request) -> Answer:
        """`/control/misbehave?fault=wrong_nonce[&always=1][&at=token][&seconds=3]`, `reset`, `clock?ahead=61`,
        `rotate[?withdraw=1]`, `forget` (the hub's keys), and `state`."""
        asked, desk = request.asked(), self.desk
        match request.path.removeprefix("/control/"):
            case "misbehave":
                at, seconds = asked.get("at", "token"), float(asked.get("seconds", 3))
                try:
                    desk.faults.set(
                        asked.get("fault", ""), once="always" not in asked, at=at, seconds=seconds
                    )
                except KeyError:
                    return _json({"error": "unknown_fault", "known": KNOWN}, 400)
            case "reset":
                desk.faults.reset()
                desk.clock.ahead = 0.0
            case "clock":
                desk.clock.ahead = float(asked.get("ahead", 0))
            case "rotate":
                desk.keys.rotate(withdraw="withdraw" in asked)
            case "forget":
                desk.hub.forget()
            case "state":
                pass
            case _:
                raise Refusal("not_found", "nothing is here", 404)
        return _json({"faults": desk.faults.standing, "calls": desk.calls, "ahead": desk.clock.ahead})


def _once(encoded: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, max_num_fields=40)
    except ValueError as error:
        raise Refusal("invalid_request", "too many parameters") from error
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refusal("invalid_request", "a parameter stands twice")
    return found


def _json(said: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    named = {"Content-Type": "application/json", "X-Simulator": "no authority", **(headers or {})}
    return status, json.dumps(said, ensure_ascii=False).encode(), named


def _redirect(address: str, headers: dict[str, str] | None = None) -> Answer:
    return 303, b"", {"Location": address, **(headers or {})}


def _page(html: str, *, status: int = 200, goes_to: str = "") -> Answer:
    """`goes_to` is where a form may lead in the end: browsers ask the policy about redirects as well."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(goes_to)) if goes_to else ""
    policy = (
        f"default-src 'none'; style-src '{pages.STYLE_HASH}'; form-action 'self' {origin}".rstrip()
        + "; base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-Simulator": "no authority",
    }
    return status, html.encode(), headers
