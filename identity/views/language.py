"""The language switch."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.views import i18n
from django.views.decorators.http import require_POST

from identity.choosing import keep_choice


@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """The same page in the other language, and from now on all pages and letters for a signed-in person."""
    response = i18n.set_language(request)
    keep_choice(request, response, request.POST.get("language", ""))
    return response
