"""Leaving for an issuer of identities, and coming back from there."""

from __future__ import annotations

import re
from urllib.parse import urlencode
from uuid import UUID

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from identity import provider
from identity.connectors.issuers import VerifiedLogin
from identity.models import ExternalIdentity, Issuer, User
from identity.queries.recognition import issuer_by_code
from identity.rules.consents import CONNECTING
from identity.services.linking import EntityStruckOff, NoticeUnread, Taken, strike_off, take_login
from identity.services.proving import (
    LoginFailed,
    NotThisBrowser,
    finish_login,
    note_refused_login,
    start_login,
)
from identity.shown_lately import check_sensitive, was_shown_lately
from identity.states import SubjectKind
from identity.views.linking import go_on
from kernel.naming import local
from kernel.sealing import seal

#: from one address: an office shares one, a robot is not let near the issuers
LIMIT = {"issuer": "60/m/ip"}
#: what issuers may send; anything else is not looked at
RETURNED = ("code", "state", "iss", "error")
LONGEST = 4096
#: seconds within which a person has to have signed in at the issuer for a ceremony, as it says itself
CEREMONY_AGE = 600


@never_cache
@require_GET
def issuer_login(request: HttpRequest, code: str) -> HttpResponse:
    """To the issuer. `next`: where to go afterwards; `fresh`: seconds; `ceremony`: a UUID that the nonce begins with.

    Another site cannot send somebody on: it leads to a page that asks. Whoever is to connect an identity reads first what
    is kept of it; `agree`: that they have.
    """
    issuer = issuer_by_code(code)
    if request.headers.get("Sec-Fetch-Site", "same-origin") in ("cross-site", "same-site"):
        return render(request, "identity/issuer_ask.html", {"issuer": issuer})
    if refused := _limited(request):
        return refused
    agreed = _agreed(request)
    if not agreed and issuer.stands and _is_to_read(request, issuer):
        # what is connected lets its holder in for good; asked before the notice, since browsers stop a form that is
        # answered by a way to another site
        check_sensitive(request, when_read=True)
        return _notice(request, issuer)
    if agreed and not was_shown_lately(request):
        return redirect(_unagreed(request))
    now = timezone.now()
    bound_to = _ceremony(request)
    try:
        address, attempt = start_login(
            issuer=issuer,
            redirect_uri=settings.BASE_URL + reverse("issuer_callback", args=[code]),
            bound_to=bound_to,
            max_age=_fresh(request) or (CEREMONY_AGE if bound_to else None),
            language=get_language() or "",
            now=now,
        )
    except LoginFailed as failed:
        return _refused(request, issuer, failed)
    provider.keep(request, attempt, next_url=_next(request), agreed=agreed, now=now)
    return HttpResponseRedirect(address)


@never_cache
@require_GET
def issuer_callback(request: HttpRequest, code: str) -> HttpResponse:
    """Back from the issuer."""
    issuer = issuer_by_code(code)
    if not request.GET:  # say by the language switch of the page that told what failed
        return redirect("security")
    now = timezone.now()
    verified: VerifiedLogin | None = None
    try:
        returned = _returned(request)
        kept = provider.take(request, issuer=code, state=returned.get("state", ""), now=now)
        verified = finish_login(issuer=issuer, attempt=kept.attempt, returned=returned, now=now)
        user = request.user if isinstance(request.user, User) else None
        taken = take_login(issuer=issuer, verified=verified, user=user, agreed=kept.agreed, now=now)
    except NoticeUnread:
        return redirect(_again(issuer, kept))
    except LoginFailed as failed:
        if verified is not None and isinstance(failed, EntityStruckOff):
            strike_off(verified=verified, now=now)
        return _limited(request) or _refused(request, issuer, failed)
    if user is None:
        return provider.sign_in(request, taken, verified, next_url=kept.next, now=now)
    provider.note(
        request.session,
        user,
        taken.identity,
        level=verified.level_code,
        digest=verified.assertion_digest,
        auth_time=verified.auth_time,
        now=now,
    )
    if kept.attempt.bound_to:
        return go_on(request, kept.attempt.bound_to, taken.identity, verified.auth_time)
    _say(request, issuer, taken)
    return redirect(kept.next or "security")


def _is_to_read(request: HttpRequest, issuer: Issuer) -> bool:
    """Whether a person signed in may be about to connect an identity; who shows a known one again is not asked."""
    if not isinstance(request.user, User):
        return False
    known = ExternalIdentity.objects.filter(user=request.user, issuer=issuer, ended_at__isnull=True)
    return "ask" in request.GET or not known.exists()


def _seal_of(user: User) -> str:
    """Stands in the link of the page on which that person reads the notice, and nowhere else."""
    return seal(f"agree {CONNECTING.version}", user.pk)


def _agreed(request: HttpRequest) -> str:
    if not isinstance(request.user, User):
        return ""
    is_theirs = constant_time_compare(request.GET.get("agree", ""), _seal_of(request.user))
    return CONNECTING.version if is_theirs else ""


def _unagreed(request: HttpRequest) -> str:
    """To the notice again, behind what asks who reads it."""
    query = request.GET.copy()
    query.pop("agree", None)
    return f"{request.path}?{query.urlencode()}"


def _notice(request: HttpRequest, issuer: Issuer) -> HttpResponse:
    query = {name: request.GET[name] for name in ("next", "fresh", "ceremony") if name in request.GET}
    onwards = urlencode(query | {"agree": _seal_of(request.user)})  # type: ignore[arg-type]
    shown = {
        "issuer": issuer,
        "notice": CONNECTING,
        "onwards": f"{reverse('issuer_login', args=[issuer.code])}?{onwards}",
    }
    return render(request, "identity/issuer_notice.html", shown)


def _again(issuer: Issuer, kept: provider.Kept) -> str:
    """Somebody who shows one identity there came back with another: to the notice, and once more."""
    query = {"ask": "", "next": kept.next, "ceremony": kept.attempt.bound_to}
    if kept.attempt.max_age is not None:
        query["fresh"] = str(kept.attempt.max_age)
    return f"{reverse('issuer_login', args=[issuer.code])}?{urlencode(query)}"


def _returned(request: HttpRequest) -> dict[str, str]:
    """Each parameter once: of two, nobody knows which was meant."""
    if any(len(values) != 1 or len(values[0]) > LONGEST for _name, values in request.GET.lists()):
        raise NotThisBrowser("parameters_repeated")
    return {name: request.GET[name] for name in RETURNED if name in request.GET}


def _refused(request: HttpRequest, issuer: Issuer, failed: LoginFailed) -> HttpResponse:
    """What failed, in words, and in the audit. Nothing else has happened."""
    note_refused_login(issuer=issuer.code, why=failed.why, user_id=request.user.pk, now=timezone.now())
    # the page's own links lead nowhere near what an issuer or somebody else wrote into the address
    request.META["QUERY_STRING"] = ""
    context = {"issuer": issuer, "refused": failed}
    return render(request, "identity/issuer_refused.html", context, status=failed.status)


def _say(request: HttpRequest, issuer: Issuer, taken: Taken) -> None:
    name = local(issuer)
    if taken.is_new:
        messages.success(request, _("%(issuer)s is connected to your account.") % {"issuer": name})
    else:
        messages.success(request, _("You have shown who you are with %(issuer)s.") % {"issuer": name})
    if taken.company is not None:
        company = local(taken.company)
        messages.success(request, _("Proved by it: you act for %(company)s") % {"company": company})
    elif taken.unbound:
        text = _(
            "It names %(company)s, for which you do not act here, or whose registration the programme office is looking at, "
            "so it proves no company. Register it, or ask its owner to invite you, and sign in there once more."
        )
        messages.warning(request, text % {"company": taken.unbound})
    elif issuer.subject_kind == SubjectKind.PERSON:
        text = _(
            "It proves you alone, and no company. What binds a company asks for an identity by which you act for it as well."
        )
        messages.info(request, text)


def _limited(request: HttpRequest) -> HttpResponse | None:
    refused: HttpResponse | None = ratelimit.consume_or_429(
        request, app="identity", action="issuer", config=LIMIT
    )
    return refused


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is here."""
    wanted = request.GET.get("next", "")[:2000]
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else ""


def _ceremony(request: HttpRequest) -> str:
    try:
        return UUID(request.GET["ceremony"]).hex
    except (KeyError, ValueError):
        return ""


def _fresh(request: HttpRequest) -> int | None:
    asked = request.GET.get("fresh", "")
    return int(asked) if re.fullmatch(r"[1-9]\d{0,5}", asked) else None
