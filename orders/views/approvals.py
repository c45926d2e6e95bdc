"""Orders that need an approver: the limit, the list of requests, one request, and what is decided on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from identity.acting import CompanyRequest, for_company
from identity.actors import require
from identity.states import Role
from kernel.errors import Forbidden, NotFound, Refused
from kernel.refusals import add_to_form
from kernel.sheets import read_as, sheet_of
from orders import queries, services
from orders.forms import LimitForm, ReasonForm
from orders.models import Approval
from orders.models.approvals import DAYS
from orders.services import BackInCart
from orders.states import ApprovalState, OrderState, PaymentTerms
from orders.views import exporting
from orders.views.rows import TONES

APPROVAL_TONES = {
    ApprovalState.WAITING: "warning",
    ApprovalState.GIVEN: "success",
    ApprovalState.DECLINED: "danger",
    ApprovalState.WITHDRAWN: "",
    ApprovalState.LAPSED: "danger",
}
READERS = (Role.BUYER, Role.APPROVER)


@require_safe
@for_company(*READERS)
def approvals(request: CompanyRequest) -> HttpResponse:
    """What waits, or what was decided; the next page begins behind the last one of this."""
    decided = request.GET.get("show") == "decided"
    page = queries.approvals_of(request.actor, decided=decided, after=request.GET.get("after", "")[:40])
    shown = "show=decided&" if decided else ""
    context = {
        "limit": queries.limit_of(request.actor),
        "decided": decided,
        "rows": [(asked, APPROVAL_TONES[ApprovalState(asked.state)]) for asked in page.approvals],
        "next_url": f"?{shown}after={page.after}" if page.after else "",
        "may_set": request.actor.may(Role.OWNER),
    }
    return render(request, "orders/approvals.html", context)


@require_safe
@for_company(*READERS)
def approvals_export(request: CompanyRequest, form: str) -> HttpResponseBase:
    """What waits, or what was decided, as a file."""
    decided = request.GET.get("show") == "decided"
    rows = read_as(queries.approvals_exported(request.actor, decided=decided), exporting.approval_row)
    return sheet_of(f"approvals-{timezone.localdate():%Y%m%d}", exporting.APPROVAL_COLUMNS, rows, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_company(Role.OWNER)
def spending_limit(request: CompanyRequest) -> HttpResponse:
    """The company's own limit, set by its owners."""
    form = LimitForm(request.POST or None, initial=_present_limit(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.set_spending_limit(actor=request.actor, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            add_to_form(form, refused)
        else:
            messages.success(request, _("The limit is saved. It holds for orders from now on."))
            return redirect("approvals", company=request.actor.company.slug)
    return render(request, "orders/spending_limit.html", {"form": form})


def _present_limit(request: CompanyRequest) -> dict[str, Any]:
    limit = queries.limit_of(request.actor)
    if limit is None:
        return {"currency": request.actor.company.currency, "days": DAYS}
    amount = "" if limit.amount is None else f"{limit.amount:.2f}"
    return {"amount": amount, "currency": limit.currency, "days": limit.days}


@require_safe
@for_company
def approval(request: CompanyRequest, approval: str) -> HttpResponse:
    """Lines and total as they were seen, who asked, what was spent before, and what has changed since."""
    found = queries.approval_of(request.actor, approval)
    require(request.actor, *READERS)
    return _page(request, found)


@require_POST
@for_company
def approval_give(request: CompanyRequest, approval: str) -> HttpResponse:
    """Places the order; where something has changed, the request stays open and says what."""
    try:
        order = services.give_approval(actor=request.actor, approval=approval, now=timezone.now())
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        words = [str(line["message"]) for line in refused.lines] or [str(refused)]
        found = queries.approval_of(request.actor, approval)
        return _page(request, found, refused=words, status=refused.status)
    messages.success(
        request, _("Approved. The order %(reference)s is placed.") % {"reference": order.reference}
    )
    return redirect("order", company=request.actor.company.slug, order=order.public_id)


@require_POST
@for_company
def approval_decline(request: CompanyRequest, approval: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    try:
        services.decline_approval(
            actor=request.actor,
            approval=approval,
            reason=form.cleaned_data["reason"] if form.is_valid() else "",
            now=timezone.now(),
        )
        messages.success(request, _("Declined. Nothing was ordered."))
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("approval", company=request.actor.company.slug, approval=approval)


@require_POST
@for_company
def approval_withdraw(request: CompanyRequest, approval: str) -> HttpResponse:
    return _to_cart(request, approval, services.withdraw_approval)


@require_POST
@for_company
def approval_again(request: CompanyRequest, approval: str) -> HttpResponse:
    return _to_cart(request, approval, services.put_back)


def _to_cart(request: CompanyRequest, approval: str, verb: Any) -> HttpResponse:
    """Lines back into the cart, or why not."""
    try:
        back: BackInCart = verb(actor=request.actor, approval=approval, now=timezone.now())
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("approval", company=request.actor.company.slug, approval=approval)
    messages.success(request, _("In the cart, at today’s prices. Products: %d") % len(back.added))
    if back.missing:
        messages.warning(request, _("No longer on sale: %s") % ", ".join(back.missing))
    return redirect("cart", company=request.actor.company.slug)


def _page(
    request: CompanyRequest, found: Approval, *, refused: list[str] | None = None, status: int = 200
) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    waits = found.is_waiting and now <= found.respond_by
    decides = waits and actor.may(Role.APPROVER) and found.asked_by_id != actor.user_id
    changes = refused or (services.changes_since(actor=actor, approval=found, now=now) if decides else [])
    context = {
        "approval": found,
        "tone": APPROVAL_TONES[ApprovalState(found.state)],
        "wanted": found.wanted,
        "lines": queries.lines_seen(found),
        "terms": PaymentTerms(found.wanted["payment_terms"]).label,
        "decides": decides,
        "takes_back": waits and actor.may(Role.BUYER),
        "again": found.state in _ENDED and actor.may(Role.BUYER),
        "changes": changes,
        "refused": refused,
        "earlier": [(order, TONES[OrderState(order.state)]) for order in queries.earlier_orders(found)],
        "spent": _spent(request, now),
    }
    return render(request, "orders/approval.html", context, status=status)


_ENDED = (ApprovalState.DECLINED, ApprovalState.WITHDRAWN, ApprovalState.LAPSED)


def _spent(request: CompanyRequest, now: datetime) -> list[tuple[str, Any, Any]]:
    """Confirmed purchases by currency: in this month, in twelve months."""
    months = queries.year_of(request.actor).buying.months(timezone.localdate(now))
    return [
        (currency, found[-1][1], sum(amount for _first, amount, _n in found))
        for currency, found in months.items()
    ]
