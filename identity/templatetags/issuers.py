"""Issuers of identities in templates: `{% load issuers %}`."""

from __future__ import annotations

from django import template

from identity.models import Issuer
from identity.queries.recognition import standing_issuers

register = template.Library()


@register.simple_tag
def issuers_to_sign_in_with() -> list[Issuer]:
    """Those that stand now, by city. One statement."""
    return standing_issuers()
