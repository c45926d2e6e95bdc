"""The desk: from sign-in to the company that one works for."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from identity.acting import current_actor, for_company
from identity.actors import Member
from identity.queries import memberships_of


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """To the last or only company's workspace; else to choosing one, or to registering the first."""
    actor = current_actor(request)
    if isinstance(actor, Member):
        return redirect("workspace", company=actor.company.slug)
    memberships = memberships_of(request.user, timezone.now())  # type: ignore[arg-type]
    if not memberships:
        return redirect("company_new")
    return render(request, "identity/choose_company.html", {"memberships": memberships})


@require_safe
@for_company
def workspace(request: HttpRequest) -> HttpResponse:
    """The home of a company's workspace."""
    return render(request, "identity/workspace.html", {})
