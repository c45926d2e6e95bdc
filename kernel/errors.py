"""Refusals: the business says no.

A verb raises a `Refused` subclass that stands beside it; one edge (`kernel.refusals`) turns it into a form error, an
RFC 9457 `problem+json` answer or an expected failure. Anything else that is raised is a bug.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class Halted(Exception):
    """An act stops, and words say why. `code` is stable, `message` is translated at the edge, `facts` fill its gaps.

    What is no `Refused` passes by every form: the person has to do something else first, and comes back to the same act.
    It is never stored under an idempotency key.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[Any] = _("This is not possible.")
    status: ClassVar[int] = 422
    #: form field the refusal belongs to; None means the whole form
    field: str | None = None

    def __init__(
        self, *, field: str | None = None, lines: list[dict[str, Any]] | None = None, **facts: Any
    ) -> None:
        super().__init__(self.code)
        self.facts = facts
        #: refusals line by line (`{"line": …, "code": …, "message": …}`), for verbs that check many things at once
        self.lines = lines or []
        if field is not None:
            self.field = field

    def __str__(self) -> str:
        return str(self.message) % self.facts if self.facts else str(self.message)

    @property
    def details(self) -> dict[str, Any]:
        """What a program is told beside the words; JSON-ready."""
        return {}


class Refused(Halted):
    """The business refuses an act."""


class Forbidden(Refused):
    """The actor sees the thing but may not do this to it (403). What an actor may not see is not found (404)."""

    code = "forbidden"
    message = _("Your role does not allow this.")
    status = 403


class NotFound(Refused):
    """There is no such thing, or none that this actor may know of."""

    code = "not_found"
    message = _("There is nothing here that you may see.")
    status = 404


class Conflict(Refused):
    """The thing has changed since it was looked at."""

    code = "conflict"
    message = _("This has changed in the meantime. Look at it again and repeat.")
    status = 409
