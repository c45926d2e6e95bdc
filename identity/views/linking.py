"""A person's identities of both cities: showing them, linking them in a ceremony, taking the link back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from identity import services
from identity.models import ExternalIdentity, IdentityLink
from identity.queries import identities_of, identity_of, issuer_by_code, link_of, link_of_ceremony
from identity.rules.consents import LINKING
from identity.shown_lately import asks_who_sends
from identity.states import LinkState
from kernel.errors import NotFound, Refused


@require_safe
@login_required
@never_cache
def identities(request: HttpRequest) -> HttpResponse:
    shown = identities_of(request.user, timezone.now())  # type: ignore[arg-type]
    return render(request, "identity/identities.html", {"shown": shown})


@require_POST
@login_required
@asks_who_sends
def link_start(request: HttpRequest) -> HttpResponse:
    """With an issuer of each city, by their codes."""
    try:
        first, second = (issuer_by_code(request.POST.get(side, "")) for side in ("first", "second"))
        link = services.start_link(
            user=request.user,  # type: ignore[arg-type]
            first=first,
            second=second,
            session=_session(request),
            now=timezone.now(),
        )
    except NotFound:
        messages.error(request, str(services.SameSide()))
        return redirect("identities")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("identities")
    return redirect("linking", link=link.public_id)


@require_safe
@login_required
@never_cache
def identity_link(request: HttpRequest, link: str) -> HttpResponse:
    found = link_of(request.user, link)  # type: ignore[arg-type]
    now = timezone.now()
    steps = [
        (found.first_issuer, found.first),
        (found.second_issuer, found.second),
    ]
    shown = {"link": found, "steps": steps, "is_open": found.is_open_at(now), "notice": LINKING}
    return render(request, "identity/identity_link.html", shown)


@require_POST
@login_required
def link_consent(request: HttpRequest, link: str) -> HttpResponse:
    def consent(found: IdentityLink, now: datetime) -> None:
        linked = services.consent_to_link(
            link=found,
            user=request.user,  # type: ignore[arg-type]
            session=_session(request),
            agreed=request.POST.get("notice", ""),
            now=now,
        )
        if linked.state == LinkState.ACTIVE:
            messages.success(request, _("Your two identities are linked."))

    return _act(request, link, consent)


@require_POST
@login_required
def link_revoke(request: HttpRequest, link: str) -> HttpResponse:
    def revoke(found: IdentityLink, now: datetime) -> None:
        services.revoke_link(link=found, user=request.user, now=now)  # type: ignore[arg-type]
        messages.success(request, _("The link is taken back. What you signed before keeps its evidence."))

    return _act(request, link, revoke)


@require_POST
@login_required
def identity_end(request: HttpRequest, identity: str) -> HttpResponse:
    found = identity_of(request.user, identity)  # type: ignore[arg-type]
    services.end_identity(identity=found, user=request.user, now=timezone.now())  # type: ignore[arg-type]
    messages.success(request, _("The identity is disconnected. What you signed before keeps its evidence."))
    return redirect("identities")


def go_on(
    request: HttpRequest, ceremony: str, identity: ExternalIdentity, auth_time: datetime
) -> HttpResponse:
    """After a sign-in whose nonce began with the id of a ceremony: on with it, or back with the reason why not."""
    now = timezone.now()
    try:
        link = link_of_ceremony(request.user, ceremony)  # type: ignore[arg-type]
    except NotFound as refusal:
        messages.error(request, str(refusal))
        return redirect("identities")
    try:
        services.prove_side(
            link=link, identity=identity, auth_time=auth_time, session=_session(request), now=now
        )
    except Refused as refusal:
        _refused(request, link, refusal, now)
        return redirect("identities")
    return redirect("linking", link=link.public_id)


def _act(request: HttpRequest, link: str, act: Callable[[IdentityLink, datetime], None]) -> HttpResponse:
    found, now = link_of(request.user, link), timezone.now()  # type: ignore[arg-type]
    try:
        act(found, now)
    except Refused as refusal:
        _refused(request, found, refusal, now)
    return redirect("linking", link=link)


def _refused(request: HttpRequest, link: IdentityLink, refusal: Refused, now: datetime) -> None:
    """In words for the person, and in the audit."""
    services.note_refused_link(link=link, why=refusal.code, now=now)
    messages.error(request, str(refusal))


def _session(request: HttpRequest) -> str:
    return services.session_hash(request.session.session_key)
