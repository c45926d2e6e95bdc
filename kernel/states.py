"""State is data: every stateful model names its `MOVES`, and this module checks them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext_lazy as _

from kernel.errors import Conflict

Moves = Mapping[str, Collection[str]]


class IllegalMove(Conflict):
    code = "state.illegal_move"
    message = _("This can no longer be done: its state is now “%(state)s”.")


def check_move(moves: Moves, current: str, target: str) -> None:
    """Raise `IllegalMove` unless `moves` lets `current` become `target`."""
    if target not in moves.get(current, ()):
        raise IllegalMove(state=current, target=target)
