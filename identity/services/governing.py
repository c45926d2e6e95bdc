"""Who may govern recognition: officers with the permission, who say why where it is kept with the decision."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from identity.actors import GOVERN, Actor, Staff
from kernel.errors import Forbidden, Refused


class ReasonNeeded(Refused):
    code = "recognition.reason_missing"
    message = _("Say why: it is kept with the decision.")
    field = "reason"


def governing(actor: Actor) -> Staff:
    """The officer. Raises `Forbidden` for everybody else."""
    if not isinstance(actor, Staff) or not actor.has(GOVERN):
        raise Forbidden
    return actor


def governing_with(actor: Actor, reason: str) -> Staff:
    """The officer, who says why. Raises `ReasonNeeded` where they do not."""
    officer = governing(actor)
    if not reason.strip():
        raise ReasonNeeded
    return officer
