"""Seats in the office, given and ended by the operator."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from disputes.models import Official
from disputes.states import OfficeKind
from identity.models import User


@transaction.atomic
def appoint_official(
    *,
    user: User,
    kind: str,
    name_en: str,
    name_zh: str = "",
    about_en: str = "",
    about_zh: str = "",
    now: datetime,
) -> Official:
    """Give `user` a seat; an ended one is taken up again. Raises ValueError for an unknown office."""
    values = {
        "kind": OfficeKind(kind).value,
        "name_en": name_en,
        "name_zh": name_zh,
        "about_en": about_en,
        "about_zh": about_zh,
        "ended_at": None,
    }
    official, _created = Official.objects.update_or_create(
        user=user, defaults=values, create_defaults=values | {"appointed_at": now}
    )
    return official


@transaction.atomic
def end_office(*, official_id: int, now: datetime) -> None:
    """The seat ends, and with it all sight of cases."""
    Official.objects.filter(pk=official_id, ended_at=None).update(ended_at=now)
