"""The currency that prices are shown in: chosen once, kept in a cookie."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from kernel.money import CURRENCIES
from kernel.templatetags import look

COOKIE = "currency"
_YEAR = 365 * 24 * 3600


def chosen_currency(request: HttpRequest) -> str:
    """The visitor's choice, else the currency of the language they read."""
    return look.chosen_currency(request.COOKIES)


@require_POST
def set_currency(request: HttpRequest) -> HttpResponse:
    """Keep the choice and go back to the page it was made on."""
    response = HttpResponseRedirect(_back(request))
    chosen = request.POST.get("currency", "")
    if chosen in CURRENCIES:
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=_YEAR,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
    return response


def _back(request: HttpRequest) -> str:
    """The page named by `next`, without a currency, price limits or position of its own: those were in the old one."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return reverse("home")
    parts = urlsplit(target)
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query)
        if name not in ("currency", "min", "max", "after", "before")
    ]
    return urlunsplit(parts._replace(query=urlencode(kept)))
