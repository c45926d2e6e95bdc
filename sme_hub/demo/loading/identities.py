"""The demo's people show who they are to the simulated issuers of both cities, by the steps that a browser takes: for their
companies, and one for herself alone.

The issuers are processes of their own, and they ask the hub for its keys: where either does not answer, nobody is bound, and
the rest of the demo is as it is.
"""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from identity.models import Company, Issuer, Proof, User
from identity.rules.consents import CONNECTING
from identity.services import note_proof, session_hash
from identity.services.linking import take_login
from identity.services.proving import LoginFailed, finish_login, start_login
from identity.states import SubjectKind
from sme_hub.demo.files import DATA, rows_of

#: in which all of them show who they are; no browser's session has this key
SESSION = session_hash("the loading of the demo")


def show_identities() -> int:
    """Connect the people of `identities.csv`, and bind them to their companies; how many were. Who has done so here before is
    left alone.
    """
    bound = 0
    for user, company, issuer, person in _people():
        with suppress(LoginFailed, OSError):  # the issuer, or the hub's own keys, do not answer; others may
            bound += _shows(user, company, issuer, person)
    return bound


def _people() -> Iterator[tuple[User, Company, Issuer, str]]:
    issuers = {issuer.profile: issuer for issuer in Issuer.objects.select_related("framework")}
    for row in rows_of(DATA / "identities.csv"):
        user = User.objects.filter(email=row["email"]).first()
        issuer = issuers.get(row["profile"])
        if user is None or issuer is None:
            continue
        shown = Proof.objects.filter(user=user, identity__issuer=issuer, session=SESSION)
        if shown.filter(identity__ended_at__isnull=True).exists():
            continue
        membership = user.memberships.select_related("company").order_by("pk").first()
        if membership is not None:
            yield user, membership.company, issuer, row["person"]


def _shows(user: User, company: Company, issuer: Issuer, person: str) -> bool:
    """One sign-in, from the pushed request to the binding, where the issuer vouches for companies."""
    back = settings.BASE_URL + reverse("issuer_callback", args=[issuer.code])
    address, attempt = start_login(issuer=issuer, redirect_uri=back, now=timezone.now())
    for_company = issuer.subject_kind == SubjectKind.ENTITY
    number = company.registration_number if for_company else ""
    returned = Browser().signs_in(address, f"{person} {number}")
    verified = finish_login(issuer=issuer, attempt=attempt, returned=returned, now=timezone.now())
    now = timezone.now()
    taken = take_login(verified=verified, issuer=issuer, user=user, agreed=CONNECTING.version, now=now)
    note_proof(
        user=user,
        identity=taken.identity,
        level_code=verified.level_code,
        digest=verified.assertion_digest,
        auth_time=verified.auth_time,
        session=SESSION,
        now=now,
    )
    return taken.company is not None or not for_company


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Each step is looked at."""
        return


class Browser:
    """As much of one as the simulated sign-in pages need."""

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), _Stays(), urllib.request.HTTPCookieProcessor(CookieJar())
        )

    def signs_in(self, address: str, seat: str) -> dict[str, str]:
        """What the issuer sends the browser back with."""
        page = self._sent_on(address)
        found = re.search(r'name="login" value="([^"]+)"', self._read(page))
        if found is None:
            raise OSError(f"no sign-in at {urllib.parse.urlsplit(page).netloc}")
        origin = urllib.parse.urljoin(page, "/")
        self._sent_on(f"{origin}login", {"login": found[1], "seat": seat})
        back = self._sent_on(f"{origin}consent", {"login": found[1], "decision": "agree"})
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))

    def _sent_on(self, address: str, form: Mapping[str, str] | None = None) -> str:
        """Where an answer leads."""
        content = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            with self._opener.open(address, content, timeout=10):
                raise OSError(f"{address} leads nowhere")
        except HTTPError as answer:
            location = answer.headers.get("Location")
            if answer.code not in (302, 303) or not location:
                raise
            return urllib.parse.urljoin(address, location)

    def _read(self, address: str) -> str:
        with self._opener.open(address, timeout=10) as answer:
            text: str = answer.read().decode()
            return text
