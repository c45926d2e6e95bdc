"""API tokens."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from identity import services
from identity.acting import CompanyRequest, for_company
from identity.forms import TokenForm
from identity.queries import tokens_of
from identity.queries.enforcement import asking_at
from identity.queries.recognition import proofs_of
from identity.states import Role
from identity.views.answering import done, sent
from identity.views.companies import READ_OR_SEND


@require_safe
@for_company
def tokens(request: CompanyRequest) -> HttpResponse:
    shown = {"tokens": tokens_of(request.actor)[:200], "now": timezone.now()}
    return render(request, "identity/tokens.html", shown)


@READ_OR_SEND
@for_company
def token_new(request: CompanyRequest) -> HttpResponse:
    """The answer to the POST is the only page that ever shows the secret."""
    in_90_days = timezone.localdate() + timedelta(days=90)
    form = TokenForm(*sent(request), maker=request.actor, initial={"expires_on": in_90_days})
    issued = done(
        form,
        lambda: services.issue_token(
            actor=request.actor,
            name=form.cleaned_data["name"],
            roles=form.cleaned_data["roles"],
            expires_at=form.expires_at(),
            now=timezone.now(),
        ),
    )
    if issued:
        token, secret = issued
        return render(request, "identity/token_issued.html", {"token": token, "secret": secret})
    return render(request, "identity/token_new.html", {"form": form, "lacks": _lacks(request)})


def _lacks(request: CompanyRequest) -> bool:
    """Whether acts ask who somebody is, and the token would carry nothing of that."""
    now = timezone.now()
    asked = any(asking.since for asking in asking_at(now).values())
    return asked and not proofs_of(request.actor, now=now)


@require_POST
@for_company(*Role.values)
def token_revoke(request: CompanyRequest, token: str) -> HttpResponse:
    known = tokens_of(request.actor).fetch(token)
    services.revoke_token(actor=request.actor, token=known, now=timezone.now())
    messages.success(request, _("The token “%(name)s” is revoked.") % {"name": known.name})
    return redirect("tokens", company=request.actor.company.slug)
