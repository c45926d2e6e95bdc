"""The way into the demo: one click makes a visitor any of its people. Not there at all where this is no demo."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from identity.models import User
from identity.queries.enforcement import asking_at
from identity.services import choose_language
from sme_hub.demo.parts import Part, all_parts, part_named, sides
from sme_hub.demo.steps import further_steps_of, steps_of
from sme_hub.demo.trial import keep_trial, trial_of

View = Callable[..., HttpResponseBase]


def only_in_the_demo(view: View) -> View:
    """Asked of every request, so that no route of this file opens a real installation."""

    @functools.wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return asking


@only_in_the_demo
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """A card for everybody whom one may be."""
    return render(
        request, "demo/people.html", {"sides": sides(), "next": _way_on(request.GET.get("next"), request)}
    )


@only_in_the_demo
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Be that person from now on, in the language that was read until now; then to `next` or to their desk."""
    part = part_named(request.POST.get("who", ""))
    if part is None:
        raise Http404
    user = User.objects.filter(email=part.email, is_active=True).first()
    if user is None:
        messages.info(
            request, _("%(name)s is still being loaded. Try again in a minute.") % {"name": part.name}
        )
        return redirect("demo")
    trial = trial_of(request)
    choose_language(user=user, language=get_language() or "en")
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, user, method="demo")
    keep_trial(request, trial.joined_by(part.company))
    return redirect(_way_on(request.POST.get("next"), request) or reverse("desk"))


@only_in_the_demo
@require_safe
def try_it(request: HttpRequest) -> HttpResponse:
    """The main job in eight steps; what the visitor has done is ticked."""
    trial = trial_of(request)
    steps = steps_of(trial)
    context = {
        "steps": steps,
        "further": further_steps_of(trial),
        "done": sum(step.done for step in steps),
        "present": part_of(request),
        "asks": any(asking.since for asking in asking_at(timezone.now()).values()),
    }
    return render(request, "demo/try_it.html", context)


def part_of(request: HttpRequest) -> Part | None:
    """Whom the visitor is at present, among the demo's people."""
    email = getattr(request.user, "email", "")
    return next((part for part in all_parts() if part.email == email), None)


def _way_on(address: str | None, request: HttpRequest) -> str:
    """`address` where it lies on this site."""
    here = {request.get_host()}
    if address and url_has_allowed_host_and_scheme(address, here, require_https=request.is_secure()):
        return address
    return ""
