"""Words for people and companies in templates: `{% load trust %}`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django import template
from django.utils import timezone, translation

from identity.models import Claim, Company
from identity.rules import CHECKED, HINTS, country_name, scope_words
from identity.states import Role
from kernel.naming import is_chinese
from kernel.templatetags.look import day

register = template.Library()


@register.simple_tag
def registration_check(company: Company, today: date | None = None) -> str:
    """“ACRA checked 3 Nov 2026” while the check holds; empty otherwise."""
    if not company.is_checked_on(today or timezone.localdate()):
        return ""
    return CHECKED[company.registration_kind] % {"day": day(company.registration_checked_on)}


@register.filter
def holds(claim: Claim | None, today: date | None = None) -> bool:
    """Whether the claim is verified and not expired."""
    return claim is not None and claim.holds_on(today or timezone.localdate())


@register.filter
def roles(codes: Iterable[str]) -> str:
    """Role codes as words."""
    comma = "、" if is_chinese() else ", "
    return comma.join(str(Role(code).label) for code in codes)


@register.filter
def country(code: str) -> str:
    """The country's name in the reader's language."""
    return country_name(code, translation.get_language() or "en")


@register.filter
def claim_scope(claim: Claim) -> str:
    """What the check covers."""
    return scope_words(claim.kind, claim.scope)


@register.filter
def claim_hint(kind: str) -> str:
    """What to send with a claim of this kind."""
    return str(HINTS[kind])
