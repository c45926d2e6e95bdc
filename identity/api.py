"""API sign-in: `Authorization: Bearer hub_…`."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from identity.actors import Token, token_actor
from identity.models import ApiToken


class TokenAuthentication(authentication.BaseAuthentication):
    """`request.user` is the token's maker, `request.auth` the `Token` actor."""

    def authenticate(self, request: Request) -> tuple[Any, Token] | None:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret:
            return None
        digest = hashlib.sha256(secret.strip().encode()).hexdigest()
        actor = token_actor(ApiToken.objects.filter(digest=digest), timezone.now())
        if actor is None:
            raise exceptions.AuthenticationFailed(_("This token is unknown, expired or revoked."))
        return actor.user, actor

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
