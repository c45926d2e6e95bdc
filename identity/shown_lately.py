"""Acts that let somebody, or a program, into an account or a company: whoever does them has lately shown that it is them.

Signing in counts as well as showing it again, by password, passkey or the app's code; a session that somebody found open
does neither.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponseBase

from identity.models import User


def check_shown_lately(request: HttpRequest) -> None:
    """Raise `ReauthenticationRequired`, which leads to where it is shown and back, with what was sent.

    Whoever has nothing to show again by - no password, no second factor - signed in by a letter, and is not stopped.
    """
    if not was_shown_lately(request):
        raise ReauthenticationRequired


def was_shown_lately(request: HttpRequest) -> bool:
    """Whether `check_shown_lately` lets the request go on."""
    user = request.user
    if not isinstance(user, User):
        return False
    shown = [step["at"] for step in get_authentication_records(request, user)]
    is_fresh = bool(shown) and time.time() - max(shown) < app_settings.REAUTHENTICATION_TIMEOUT
    return is_fresh or not get_reauthentication_flows(user)


def asks_who_sends(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The page is read as ever; sending its form is asked for who it is."""

    @functools.wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            check_shown_lately(request)
        return view(request, *args, **kwargs)

    return asking
