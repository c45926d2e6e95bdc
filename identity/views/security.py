"""What guards a person's account, on one page; and ending one of their sessions."""

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
from identity.queries import security_of
from identity.services.sessions import SESSION_SEAL
from kernel.errors import NotFound
from kernel.sealing import NotSealed, unseal


@require_safe
@login_required
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    shown = security_of(request.user, timezone.now())  # type: ignore[arg-type]
    return render(request, "identity/security.html", {"shown": shown})


@require_POST
@login_required
def session_end(request: HttpRequest, session: str) -> HttpResponse:
    try:
        (number,) = unseal(SESSION_SEAL, session, count=1)
    except NotSealed as error:
        raise NotFound from error
    if not services.end_session(user=request.user, number=number):  # type: ignore[arg-type]
        raise NotFound
    messages.success(request, _("That session is ended."))
    return redirect("usersessions_list")
