"""The home of the programme's officers: what waits for them, and how the marketplace does."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalog.queries import HomeFigures, home_figures
from identity.actors import DECIDE, SUSPEND, Staff, staff_actor
from identity.models import User
from identity.queries import ClaimsByAge, claims_by_age, suspended_companies
from kernel.errors import NotFound
from kernel.queries import LaneState, lanes_at_a_glance
from orders.queries import MarketFigures, year_of_the_marketplace
from sme_hub.pages.panels import months_plots, weeks_plot
from sme_hub.pages.waiting import office_tasks

MOST = 1000


@require_safe
@login_required
def programme(request: HttpRequest) -> HttpResponse:
    """For officers; nobody else finds such a page. Each panel is for those who may act on it."""
    officer = _officer(request.user)  # type: ignore[arg-type]
    now = timezone.now()
    today = timezone.localdate(now)
    claims, suspended = claims_by_age(officer, now), suspended_companies(officer)
    lanes = lanes_at_a_glance(now)
    market, shelf = year_of_the_marketplace(officer), home_figures(today)
    context = {
        "tasks": office_tasks(officer.user, now),
        "claims": claims,
        "suspended": suspended,
        "lanes": [lane for lane in lanes if lane.parked or lane.due],
        "figures": list(
            _figures(claims, lanes, market, shelf, sees_deliveries=officer.has("kernel.view_delivery"))
        ),
        "weeks": weeks_plot(market.trade, today, gettext("Orders by week, all companies")),
        "months": months_plots(market.trade, today),
        "counted_at": market.counted_at,
    }
    response = render(request, "desk/programme.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _officer(user: User) -> Staff:
    officer = staff_actor(user) if user.is_staff and user.is_active else None
    if officer is None or not (officer.has(DECIDE) or officer.has(SUSPEND)):
        raise NotFound
    return officer


def _figures(
    claims: ClaimsByAge | None,
    lanes: list[LaneState],
    market: MarketFigures,
    shelf: HomeFigures,
    *,
    sees_deliveries: bool,
) -> Any:
    """Number, what it counts, and where to look at it (empty where only the number is theirs)."""
    if claims is not None:
        queue = reverse("admin:identity_claim_changelist") + "?state__exact=submitted"
        yield _bounded(claims.all), _("claims to decide"), queue
    parked = reverse("admin:kernel_delivery_changelist") + "?state=parked" if sees_deliveries else ""
    yield f"{sum(lane.parked for lane in lanes):,}", _("parked deliveries"), parked
    yield f"{market.companies:,}", _("companies"), ""
    yield f"{shelf.sellers:,}", _("companies with goods on sale"), ""
    yield f"{shelf.products:,}", _("listings on sale"), reverse("search")


def _bounded(count: int) -> str:
    return f"{MOST:,}+" if count > MOST else f"{count:,}"
