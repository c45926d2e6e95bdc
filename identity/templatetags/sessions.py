"""What a list of sessions says of each: a browser in words, and a key for its address."""

from __future__ import annotations

import re

from allauth.usersessions.models import UserSession
from django import template
from django.utils.translation import gettext as _

from identity.services.sessions import SESSION_SEAL
from kernel.sealing import seal

register = template.Library()

#: how programs name themselves, the more particular first
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("MicroMessenger", "WeChat"),
    ("QQBrowser", "QQ"),
    ("UCBrowser", "UC"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@register.filter
def browser(user_agent: str) -> str:
    """`Chrome, Windows`; what is not known is said as such, for it may be any program."""
    program = _first(BROWSERS, user_agent)
    system = _first(SYSTEMS, user_agent)
    return ", ".join(part for part in (program, system) if part) or _("Unknown program")


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for sign, name in known if re.search(rf"\b{sign}\b", text)), "")


@register.filter
def sealed(session: UserSession) -> str:
    return seal(SESSION_SEAL, session.pk)
