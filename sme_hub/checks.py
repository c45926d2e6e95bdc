"""What `manage.py check --deploy --database default` says of an installation that goes out to people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import ProgrammingError
from django.utils import timezone

from identity.services.enforcing import unasked


@register(Tags.database, deploy=True)
def somebody_is_asked(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Acts are guarded by default and asked for only once two officers have decided it: silence would look like safety."""
    if not databases:
        return []
    try:
        found = unasked(timezone.now())
    except ProgrammingError:  # nothing is migrated yet
        return []
    if not found:
        return []
    return [
        Warning(
            f"Nobody is asked who they are for: {', '.join(found)}.",
            hint="Two officers decide it at the operator's desk, under requirements of acts.",
            id="sme_hub.W001",
        )
    ]
