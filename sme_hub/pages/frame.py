"""What every page's frame needs; a query only where a template asks who acts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from identity.acting import current_actor
from sme_hub.pages.navigation import workspace_nav


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame: whether this is a demo, who acts, and the links of the workspace they are in."""
    return {
        "demo": settings.DEMO,
        "actor": SimpleLazyObject(lambda: current_actor(request)),
        "nav": SimpleLazyObject(lambda: workspace_nav(request)),
    }
