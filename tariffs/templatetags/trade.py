"""Words for the codes of trade in templates: `{% load trade %}`."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import get_language

from tariffs.rules import countries, incoterms, units

register = template.Library()


@register.filter
def unit_word(code: str) -> str:
    """The unit in the reader's language: `pair`, 双."""
    return units.unit_name(code, get_language() or "en")


@register.filter
def units_word(code: str, quantity: Decimal) -> str:
    """`{{ line.quantity|quantity }} {{ line.unit|units_word:line.quantity }}`: 1 pair, 20 pairs, 20 双."""
    return units.counted_unit(code, quantity, get_language() or "en")


@register.filter
def country_word(code: str) -> str:
    """The country in the reader's language."""
    return countries.country_name(code, get_language() or "en")


@register.filter
def incoterm_words(code: str) -> str:
    """What an Incoterm stands for: `Free carrier`."""
    term = incoterms.INCOTERMS.get(code)
    return str(term.words) if term else code
