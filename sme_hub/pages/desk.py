"""The desk: from sign-in to the company that one works for."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from disputes.queries import official_of
from identity.acting import current_actor
from identity.actors import DECIDE, Member
from identity.models import User
from identity.queries import invitations_to, memberships_of
from identity.services import invitation_link


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """To the last or only company's workspace; else to choosing one, or to registering the first; officers to theirs.

    With `?all` the choice is shown even to somebody who has one company: the way to switch, and to register another.
    """
    actor = current_actor(request)
    if isinstance(actor, Member) and "all" not in request.GET:
        return redirect("workspace", company=actor.company.slug)
    now = timezone.now()
    user: User = request.user  # type: ignore[assignment]
    memberships = memberships_of(user, now)
    invitations = [(found, invitation_link(found)) for found in invitations_to(user, now)]
    if not memberships and not invitations:
        if official_of(user.pk):
            return redirect("mediation:index")
        if user.is_staff:
            # operators look after the machinery and see nothing of companies
            return redirect("programme" if user.has_perm(DECIDE) else "admin:index")
        return redirect("company_new")
    return render(
        request, "desk/choose_company.html", {"memberships": memberships, "invitations": invitations}
    )
