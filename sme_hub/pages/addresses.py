"""Addresses inside a company's workspace, kept once they are made: a home leads to two dozen."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse
from django.utils.translation import get_language


def address_in(company: str, name: str, *more: str) -> str:
    """The page `name` of the company with this slug; `more` are the other parts of its address."""
    return _made(get_language(), company, name, *more)


@lru_cache(maxsize=8192)
def _made(_language: str | None, company: str, name: str, *more: str) -> str:
    return reverse(name, args=[company, *more])
