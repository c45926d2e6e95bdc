"""Showing who one is before an act, and coming back to it."""

from __future__ import annotations

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
from identity.models import Issuer
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
    needed, ways = None, []
    try:
        require_assurance(actor=member, purpose=kept.purpose, now=now)
    except AssuranceNeeded as refused:
        needed, ways = refused, [(issuer, _way(request, issuer, refused)) for issuer in refused.issuers]
    context = {
        "kept": kept,
        "act": Purpose(kept.purpose).label,
        "needed": needed,
        "ways": ways,
        "minutes": -(-(needed.max_age_seconds or 0) // 60) if needed else 0,
        #: shown, and not enough
        "shown": needed is not None and proofs_in(member.session),
    }
    return render(request, "identity/show_who.html", context)


def _way(request: HttpRequest, issuer: Issuer, needed: AssuranceNeeded) -> str:
    """To the issuer and back to this page; where the act wants it fresh, the issuer is told."""
    query = {"next": request.path}
    if needed.max_age_seconds is not None:
        query["fresh"] = str(needed.max_age_seconds)
    return f"{reverse('issuer_login', args=[issuer.code])}?{urlencode(query)}"
