"""How allauth's flows fit our house."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """E-mail sign-in with the defaults of allauth."""
