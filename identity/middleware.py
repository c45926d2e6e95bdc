"""The language of pages without one in their path: the signed-in person's, else the cookie's, else the browser's."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class PreferredLanguageMiddleware(LocaleMiddleware):
    """Django's `LocaleMiddleware`, which also keeps the language of the last page in the cookie.

    A visitor who read Chinese pages gets a Chinese workspace and Chinese sign-in pages.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response = super().process_response(request, response)
        in_path = translation.get_language_from_path(request.path_info)
        if in_path and request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) != in_path:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                in_path,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )
        return response
