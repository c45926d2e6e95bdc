"""What is held of a person, on one page: their consents, and the way to take their data along."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from identity import services
from identity.queries import consent_of, consents_of
from identity.rules.consents import NOTICES, PURPOSES
from kernel.errors import NotFound


@require_safe
@login_required
@never_cache
def my_data(request: HttpRequest) -> HttpResponse:
    shown = {"consents": consents_of(request.user)}  # type: ignore[arg-type]
    return render(request, "identity/my_data.html", shown)


@require_POST
@login_required
def consent_withdraw(request: HttpRequest, consent: str) -> HttpResponse:
    found = consent_of(request.user, consent)  # type: ignore[arg-type]
    services.withdraw_consent(user=request.user, consent=found, now=timezone.now())  # type: ignore[arg-type]
    messages.success(
        request,
        _("Your consent is withdrawn, and what rested on it has ended. What you signed before stays."),
    )
    return redirect("my_data")


@require_safe
def consent_notice(request: HttpRequest, version: str) -> HttpResponse:
    """The words of one version, in both languages, for whoever gave their consent to it or is about to."""
    notice = NOTICES.get(version)
    if notice is None:
        raise NotFound
    shown = {"notice": notice, "purpose": PURPOSES[notice.purpose]}
    return render(request, "identity/consent_notice.html", shown)
