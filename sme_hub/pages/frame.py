"""What every page's frame needs; no queries."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from sme_hub.pages.navigation import workspace_nav


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame: whether this is a demo, who acts, and the links of the workspace they are in."""
    return {
        "demo": settings.DEMO,
        "actor": getattr(request, "actor", None),
        "nav": SimpleLazyObject(lambda: workspace_nav(request)),
    }
