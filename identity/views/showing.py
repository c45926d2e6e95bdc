"""Showing who one is before an act, and coming back to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from identity import interrupted
from identity.acting import enter
from identity.actors import Member
from identity.models import ExternalIdentity, Issuer
from identity.queries.enforcement import is_asked
from identity.queries.recognition import proofs_in
from identity.services import AssuranceNeeded, require_assurance
from identity.states import Purpose


@require_safe
@login_required
@never_cache
def show_who(request: HttpRequest, key: str) -> HttpResponse:
    """What an act asks for and who can give it; once it is given, the form that was sent, to be sent again by one button."""
    now = timezone.now()
    kept = interrupted.find(request.session, key, now)
    if kept is None:
        return render(request, "identity/show_who_gone.html", status=404)
    member = request.actor = enter(request, kept.company)  # type: ignore[attr-defined]
    asked = is_asked(kept.purpose, now)
    needed = _needed(member, kept.purpose, now) if asked else None
    context = {
        "kept": kept,
        "act": Purpose(kept.purpose).label,
        "asked": asked,
        "needed": needed,
        "ways": list(_ways(request, member, needed)) if needed else [],
        "minutes": -(-(needed.max_age_seconds or 0) // 60) if needed else 0,
        #: shown, and not enough
        "shown": needed is not None and proofs_in(member.session),
    }
    return render(request, "identity/show_who.html", context)


def _needed(member: Member, purpose: str, now: datetime) -> AssuranceNeeded | None:
    try:
        require_assurance(actor=member, purpose=purpose, now=now)
    except AssuranceNeeded as needed:
        return needed
    return None


def _ways(request: HttpRequest, member: Member, needed: AssuranceNeeded) -> Iterator[tuple[Issuer, str, str]]:
    """Who could give it, the way there and back, and as whom the person is known there; empty where they are not yet."""
    mine = ExternalIdentity.objects.filter(user=member.user, ended_at__isnull=True)
    names = dict(mine.values_list("issuer", "name_shown"))
    for issuer in needed.issuers:
        yield issuer, _way(request, issuer, needed), names.get(issuer.pk, "")


def _way(request: HttpRequest, issuer: Issuer, needed: AssuranceNeeded) -> str:
    """To the issuer and back to this page; where the act wants it fresh, the issuer is told."""
    query = {"next": request.path}
    if needed.max_age_seconds is not None:
        query["fresh"] = str(needed.max_age_seconds)
    return f"{reverse('issuer_login', args=[issuer.code])}?{urlencode(query)}"
