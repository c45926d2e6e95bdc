"""Who acts in a request: the member of the company in the address; on public pages, of the one last worked in; a token."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast, overload

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from identity.actors import Anonymous, Member, Token, actor_for_member, member_of
from identity.models import Company, Membership, User
from identity.services.subjects import session_hash
from identity.shown_lately import check_sensitive
from kernel.errors import Forbidden, NotFound
from kernel.fetching import columns, take
from kernel.prepared import fetch_prepared

if TYPE_CHECKING:
    from rest_framework.request import Request


class CompanyRequest(HttpRequest):
    """What a view under `@for_company` is given; for annotations only."""

    actor: Member
    user: User


View = Callable[..., HttpResponseBase]

#: session key: the slug of the company last worked in
LAST_COMPANY = "company"


@overload
def for_company(view: View, /) -> View: ...
@overload
def for_company(*roles: str) -> Callable[[View], View]: ...
def for_company(*args: Any) -> Any:
    """A page of a company's workspace: `@for_company`, or `@for_company(Role.SELLER)` where a role is needed.

    Takes `company` (a slug) out of the address and sets `request.actor`, a `Member`. Somebody who has not signed in is
    asked to; a company that they are no member of is not found; a member without one of the roles is told so (403). Acts of
    `shown_lately.SENSITIVE` are done by whoever has lately shown that it is them.
    Times are shown, and “today” is meant, in the company's zone; what is streamed afterwards takes the zone with it.
    """
    if len(args) == 1 and callable(args[0]):
        return _workspace_view(args[0], ())
    return functools.partial(_workspace_view, roles=args)


def _workspace_view(view: View, roles: tuple[str, ...]) -> View:
    @functools.wraps(view)
    def acting(request: HttpRequest, *args: Any, company: str, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        request.actor = enter(request, company)  # type: ignore[attr-defined]
        if roles and not request.actor.may(*roles):  # type: ignore[attr-defined]
            raise Forbidden
        check_sensitive(request)
        with timezone.override(request.actor.company.time_zone):  # type: ignore[attr-defined]
            response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return acting


def enter(request: HttpRequest, company: str) -> Member:
    """The signed-in person as a member of `company`, which is remembered as the last one; else `NotFound`."""
    session = session_hash(request.session.session_key)
    member = actor_for_member(request.user, company, timezone.now(), session=session)  # type: ignore[arg-type]
    if member is None:
        raise NotFound
    if request.session.get(LAST_COMPANY) != company:
        request.session[LAST_COMPANY] = company
    return member


def current_actor(request: HttpRequest) -> Member | Anonymous:
    """Who acts on a public page: a member of the company last worked in, or of their only one. At most one query."""
    actor = getattr(request, "actor", None)
    if actor is None:
        actor = request.actor = _last_or_only_member(request)  # type: ignore[attr-defined]
    return actor


def _last_or_only_member(request: HttpRequest) -> Member | Anonymous:
    user = request.user
    if not user.is_authenticated:
        return Anonymous()
    now = timezone.now()
    found = fetch_prepared(
        _MEMBERSHIPS.format(
            membership=columns(Membership, "membership"), company=columns(Company, "company")
        ),
        [user.pk, now, now, request.session.get(LAST_COMPANY, "")],
    )
    if found and (found[0][-1] or len(found) == 1):
        membership, rest = take(Membership, found[0])
        membership.company, _is_last = take(Company, rest)
        return member_of(membership, user, session=session_hash(request.session.session_key))
    return Anonymous(user_id=user.pk)


#: of all companies that the person acts for now, the last one first; two tell whether it is the only one
_MEMBERSHIPS = """
WITH mine AS MATERIALIZED (
    SELECT * FROM identity_membership
    WHERE user_id = %s AND valid_from <= %s AND (ended_at IS NULL OR ended_at > %s)
)
SELECT {membership}, {company}, company.slug = %s AS is_last
FROM mine AS membership JOIN identity_company AS company ON company.id = membership.company_id
ORDER BY is_last DESC, membership.id LIMIT 2
"""


def actor_of(request: Request) -> Token:
    """Who acts in a request of the API that `identity.api.TokenAuthentication` let in."""
    return cast(Token, request.auth)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; after a POST, back to the page that it was sent from."""
    back = request.get_full_path()
    if request.method not in ("GET", "HEAD"):
        back = page_sent_from(request)
    answer = redirect_to_login(back)
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(answer.url)
    return answer


def page_sent_from(request: HttpRequest) -> str:
    """The page of ours whose form was sent, as the browser says; the person's desk where it does not."""
    referer = request.META.get("HTTP_REFERER", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return referer
    return reverse("desk")
