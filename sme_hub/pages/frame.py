"""What every page's frame needs; no queries."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame: whether this is a demo, and who acts."""
    return {"demo": settings.DEMO, "actor": getattr(request, "actor", None)}
