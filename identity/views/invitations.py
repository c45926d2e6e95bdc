"""The page behind the link of an invitation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from identity import services
from identity.acting import ask_to_sign_in
from identity.services.members import InvitationGone, invitation_by_secret
from identity.views.companies import READ_OR_SEND


@READ_OR_SEND
@never_cache
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Shows who invites and to what; a POST by the invited person accepts."""
    found = invitation_by_secret(secret)
    if not found.stands_at(timezone.now()):
        raise InvitationGone
    if request.method != "POST":
        return render(request, "identity/invitation.html", {"invitation": found})
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    services.accept_invitation(user=request.user, secret=secret, now=timezone.now())
    messages.success(
        request, _("From now on %(name)s is a company that you act for.") % {"name": found.company}
    )
    return redirect("workspace", company=found.company.slug)
