"""What every page's frame needs; a query only where a template asks who acts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import pgettext

from identity.acting import current_actor
from identity.actors import Member
from identity.states import Role
from sme_hub.demo.loading.people import PASSWORD
from sme_hub.demo.parts import all_parts, sides
from sme_hub.help.shelf import guide_about
from sme_hub.pages.navigation import workspace_nav


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame: whether this is a demo, who acts, and the links of the workspace they are in.

    In a demo also whom one may be, and in which roles one acts at present.
    """
    context = {
        "demo": settings.DEMO,
        "actor": SimpleLazyObject(lambda: current_actor(request)),
        "nav": SimpleLazyObject(lambda: workspace_nav(request)),
        "help_guide": guide_about(request.resolver_match.view_name) if request.resolver_match else "",
    }
    if settings.DEMO:
        context |= {"demo_sides": sides(), "demo_roles": SimpleLazyObject(lambda: _roles(request))}
        context["demo_password"] = PASSWORD
    return context


def _roles(request: HttpRequest) -> str:
    """In words: of a company's member their roles there, of anybody else of the demo the office that they hold."""
    actor = current_actor(request)
    if isinstance(actor, Member):
        return pgettext("between the items of a list", ", ").join(
            str(role.label) for role in Role if role in actor.roles
        )
    email = getattr(request.user, "email", "")
    return next((str(part.role) for part in all_parts() if part.email == email), "")
