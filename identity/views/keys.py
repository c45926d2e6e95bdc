"""The platform's public keys, for the issuers of identities that it asks."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from identity import services
from identity.queries.keys import published


@require_safe
@cache_control(public=True, max_age=300)
def jwks(request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        published(services.own_keys(now=timezone.now())), content_type="application/jwk-set+json"
    )
