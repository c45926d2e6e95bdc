"""What every request goes through: the language of its page, a note that its session is in use, and the way to show who
one is and back, where an act asks for that.

The language is that in the path, else the signed-in person's, else the cookie's, else the browser's.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.deprecation import MiddlewareMixin
from django_htmx.http import HttpResponseClientRedirect

from identity import interrupted
from identity.actors import Member
from identity.choosing import READ_IN, drop_choice, keep_choice, was_chosen
from identity.models import User
from identity.services.assurance import AssuranceNeeded
from identity.services.sessions import note_session

#: answers without words: nobody is looked up for them
WORDLESS = ("/media/", "/static/", "/healthz")


class PreferredLanguageMiddleware(LocaleMiddleware):
    """Django's `LocaleMiddleware`, which also asks the signed-in person and keeps a visitor's last language.

    A visitor who read Chinese pages finds Chinese sign-in pages; a member finds the workspace in their own language,
    whatever page they came from.
    """

    def process_request(self, request: HttpRequest) -> None:
        language = translation.get_language_from_path(request.path_info) or _preference(request)
        translation.activate(language or translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()

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
            if response.status_code == 200 and was_chosen(request, in_path):
                keep_choice(request, response, in_path)
        drop_choice(request, response)
        return response


def _preference(request: HttpRequest) -> str:
    """The language that the signed-in person reads in, or else their own. Costs nothing extra: the pages concerned need the person anyway."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path_info.startswith(WORDLESS):
        return ""
    own = getattr(request.user, "language", "")
    return own and request.session.get(READ_IN, own)


class SessionSeenMiddleware(MiddlewareMixin):
    """Notes now and then, never on every request, that a session is in use and from where: its person sees it listed."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        now = timezone.now()
        if response.status_code < 500 and request.session.wants_noting(now):  # type: ignore[attr-defined]
            _note(request, now)
        return response


def _note(request: HttpRequest, now: datetime) -> None:
    if not isinstance(request.user, User):
        return
    with suppress(PermissionDenied):  # an address that cannot be told
        note_session(
            user=request.user,
            session_key=request.session.session_key or "",
            ip=get_adapter().get_client_ip(request),
            user_agent=request.META.get("HTTP_USER_AGENT", ""),
            now=now,
        )


class StepUpMiddleware(MiddlewareMixin):
    """Any page whose verb asks who somebody is leads to one page that says so; what they had sent waits meanwhile."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, AssuranceNeeded) or not isinstance(
            getattr(request, "actor", None), Member
        ):
            return None
        kept = interrupted.keep(request, purpose=exception.purpose, now=timezone.now())
        page = reverse("show_who", args=[kept])
        return HttpResponseClientRedirect(page) if getattr(request, "htmx", False) else redirect(page)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.session.accessed:
            interrupted.drop_stale(request.session, timezone.now())
        return response
