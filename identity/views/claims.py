"""What the programme office has checked of the company, and what waits for a check."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from identity import services
from identity.acting import CompanyRequest, for_company
from identity.forms import ClaimForm
from identity.queries import claims_of
from identity.states import CLAIM_MOVES, ClaimKind, ClaimState, Role
from identity.views.answering import done, sent
from identity.views.companies import READ_OR_SEND
from kernel.errors import NotFound


@require_safe
@for_company
def claims(request: CompanyRequest) -> HttpResponse:
    shown = {
        "claims": [(ClaimKind(kind), claim) for kind, claim in claims_of(request.actor).items()],
        "today": timezone.localdate(),
        "may_edit": request.actor.may(Role.OWNER),
    }
    return render(request, "identity/claims.html", shown)


@READ_OR_SEND
@for_company(Role.OWNER)
def claim_submit(request: CompanyRequest, kind: str) -> HttpResponse:
    if kind not in ClaimKind.values:
        raise Http404
    known = claims_of(request.actor)[kind]
    if known and ClaimState.SUBMITTED not in CLAIM_MOVES[known.state]:
        return redirect("claims", company=request.actor.company.slug)
    form = ClaimForm(*sent(request), initial={"statement": known and known.statement})
    claim = done(
        form,
        lambda: services.submit_claim(
            actor=request.actor,
            kind=kind,
            statement=form.cleaned_data["statement"],
            evidence=form.cleaned_data["evidence"],
            evidence_name=form.cleaned_data["evidence"].name,
            now=timezone.now(),
        ),
    )
    if claim:
        messages.success(request, _("The programme office will look at it and tell you by mail."))
        return redirect("claims", company=request.actor.company.slug)
    return render(
        request, "identity/claim_submit.html", {"form": form, "kind": ClaimKind(kind), "known": known}
    )


@require_POST
@for_company(Role.OWNER)
def claim_withdraw(request: CompanyRequest, kind: str) -> HttpResponse:
    claim = claims_of(request.actor).get(kind)
    if claim is None:
        raise NotFound
    services.withdraw_claim(actor=request.actor, claim=claim, now=timezone.now())
    messages.success(request, _("“%(claim)s” is withdrawn.") % {"claim": claim.get_kind_display()})
    return redirect("claims", company=request.actor.company.slug)
