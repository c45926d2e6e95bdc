"""API sign-in: `Authorization: Bearer hub_…`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from identity.actors import Token, token_actor
from identity.services.tokens import digest_of, note_use


class TokenAuthentication(authentication.BaseAuthentication):
    """`request.user` is the token's maker, `request.auth` the `Token` actor."""

    def authenticate(self, request: Request) -> tuple[Any, Token] | None:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret:
            return None
        now = timezone.now()
        actor = token_actor(now, digest=digest_of(secret.strip()))
        if actor is None:
            raise exceptions.AuthenticationFailed(_("This token is unknown, expired or revoked."))
        note_use(token=actor, now=now)
        return actor.user, actor

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
