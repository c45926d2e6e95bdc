"""A language chosen on a page: a visitor's choice waits in a cookie until they sign in, a person's is kept at once."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from identity.models import User
from identity.services import choose_language

#: cookie of a visitor who has chosen a language; it ends with the browser, or when they sign in
CHOSEN = "chosen_language"


def was_chosen(request: HttpRequest, language: str) -> bool:
    """Whether the page in `language` was reached by the language switch of a page of ours in another one.

    The switch of public pages is a link, so that they need no form and no cookie. No other link changes the language,
    and another site cannot send our pages as the referring one.
    """
    came_from = urlsplit(request.headers.get("Referer", ""))
    before = translation.get_language_from_path(came_from.path)
    return before not in (None, language) and came_from.netloc == request.get_host()


def keep_choice(request: HttpRequest, response: HttpResponseBase, language: str) -> None:
    """From now on all pages and letters are in `language`: for a visitor, once they sign in."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, User):
        choose_language(user=request.user, language=language)
    elif language in dict(settings.LANGUAGES):
        secure = settings.LANGUAGE_COOKIE_SECURE
        response.set_cookie(CHOSEN, language, samesite="Lax", secure=secure, httponly=True)


def take_choice(request: HttpRequest, user: User) -> None:
    """What was chosen before signing in holds afterwards; `drop_choice` then forgets it."""
    if chosen := request.COOKIES.get(CHOSEN, ""):
        choose_language(user=user, language=chosen)
        request.language_was_taken = True  # type: ignore[attr-defined]


def drop_choice(request: HttpRequest, response: HttpResponseBase) -> None:
    """Whoever signs in next at this browser has a language of their own."""
    if getattr(request, "language_was_taken", False):
        response.delete_cookie(CHOSEN, samesite="Lax")
