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
#: session key: the language in which the person signed in
READ_IN = "language"


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
        request.session.pop(READ_IN, None)
    elif language in dict(settings.LANGUAGES):
        secure = settings.LANGUAGE_COOKIE_SECURE
        response.set_cookie(CHOSEN, language, samesite="Lax", secure=secure, httponly=True)


def take_choice(request: HttpRequest, user: User) -> None:
    """What was chosen before signing in holds afterwards; `drop_choice` then forgets it.

    Whoever chose nothing, but came to the sign-in page by themselves, reads on in its language until they sign out. Whoever
    was sent there, say by a link in a letter, finds their own.
    """
    if chosen := request.COOKIES.get(CHOSEN, ""):
        choose_language(user=user, language=chosen)
        request.language_was_taken = True  # type: ignore[attr-defined]
    elif (met := translation.get_language_from_path(request.path_info)) and not _was_sent(request):
        request.session[READ_IN] = met


def _was_sent(request: HttpRequest) -> bool:
    """Whether signing in stands between the person and a page whose language is the reader's."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return bool(wanted) and translation.get_language_from_path(urlsplit(wanted).path) is None


def drop_choice(request: HttpRequest, response: HttpResponseBase) -> None:
    """Whoever signs in next at this browser has a language of their own."""
    if getattr(request, "language_was_taken", False):
        response.delete_cookie(CHOSEN, samesite="Lax")
