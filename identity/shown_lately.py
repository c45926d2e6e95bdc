"""Acts that let somebody, or a program, into an account or a company, lead money elsewhere or bind the company: whoever
does them has lately shown that it is them.

Signing in counts as well as showing it again, by password, passkey or the app's code; a session that somebody found open
does neither. What was sent waits meanwhile, and is done afterwards. What only takes something away - a role, a token, an
invitation, an identity - is not stopped. allauth's own pages ask by themselves; the end of a ceremony rests on two sign-ins
that were as fresh.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve
from django.utils import timezone

from identity.models import User
from identity.queries.enforcement import is_asked
from identity.states import Purpose


@dataclass(frozen=True)
class Sensitive:
    #: signing in was not enough: shown once more since
    again: bool = False
    #: where officers ask for an identity with this, that stands for it
    unless_asked: str = ""


#: by the name of the address, in a company's workspace or one's account; `case_act` by the act as well
SENSITIVE = {
    "my_data_file": Sensitive(again=True),
    "linking_start": Sensitive(),
    "issuer_login": Sensitive(),
    "bank_set": Sensitive(again=True),
    "bank_change": Sensitive(again=True),
    "bank_end": Sensitive(),
    "member_invite": Sensitive(),
    "member_roles": Sensitive(),
    "mandate_new": Sensitive(),
    "token_new": Sensitive(),
    "finance_offer": Sensitive(unless_asked=Purpose.ACCEPT_FINANCE),
    "case_act:sign": Sensitive(again=True),
    "case_act:consent": Sensitive(unless_asked=Purpose.SIGN_SETTLEMENT),
}


def check_sensitive(request: HttpRequest, part: str = "", *, when_read: bool = False) -> None:
    """Ask whoever sends a form of these addresses; `part` names which act, where an address has several.

    The page is read as ever, but where reading is the act (`when_read`). Costs nothing where an address is not named.
    """
    if request.method != "POST" and not when_read:
        return
    # a form that waited comes back within another request, by its path
    name = resolve(request.path_info).view_name or ""
    sensitive = SENSITIVE.get(f"{name}:{part}" if part else name)
    if sensitive is None or sensitive.unless_asked and is_asked(sensitive.unless_asked, timezone.now()):
        return
    check_shown_lately(request, again=sensitive.again)


def check_shown_lately(request: HttpRequest, *, again: bool = False) -> None:
    """Raise `ReauthenticationRequired`, which leads to where it is shown and back, with what was sent.

    Whoever has nothing to show again by - no password, no second factor - signed in by a letter, and is not stopped.
    """
    if not was_shown_lately(request, again=again):
        raise ReauthenticationRequired


def was_shown_lately(request: HttpRequest, *, again: bool = False) -> bool:
    """Whether `check_shown_lately` lets the request go on."""
    user = request.user
    if not isinstance(user, User):
        return False
    steps = get_authentication_records(request, user)
    shown = [step["at"] for step in steps if step.get("reauthenticated") or not again]
    is_fresh = bool(shown) and time.time() - max(shown) < app_settings.REAUTHENTICATION_TIMEOUT
    return is_fresh or not get_reauthentication_flows(user)


def asks_who_sends(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For pages of one's account; those of a company ask by `for_company`."""

    @functools.wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        check_sensitive(request)
        return view(request, *args, **kwargs)

    return asking
