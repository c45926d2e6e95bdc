"""Moves: what is not in the table cannot happen."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from django.apps import apps
from django.utils import translation

from kernel.states import IllegalMove, check_move

MOVES = {"placed": {"confirmed"}, "confirmed": set()}


def test_a_move_in_the_table_may_be_made():
    check_move(MOVES, "placed", "confirmed")


@pytest.mark.parametrize(
    ("current", "target"), [("confirmed", "placed"), ("placed", "placed"), ("lost", "placed")]
)
def test_any_other_is_refused(current, target):
    with pytest.raises(IllegalMove) as caught:
        check_move(MOVES, current, target)
    assert caught.value.status == 409
    assert current in str(caught.value)


def _tables_of_moves() -> list[Any]:
    rooms = [app.name for app in apps.get_app_configs() if find_spec(f"{app.name}.states")]
    return [
        pytest.param(table, id=f"{room}.{name}")
        for room in rooms
        for name, table in vars(import_module(f"{room}.states")).items()
        if name.endswith("MOVES")
    ]


@pytest.mark.parametrize("moves", _tables_of_moves())
def test_every_table_names_each_of_its_states(moves):
    assert {target for targets in moves.values() for target in targets} <= set(moves)


def test_a_refusal_speaks_the_readers_language():
    refusal = IllegalMove(state="placed", target="x")
    with translation.override("en"):
        english = str(refusal)
    with translation.override("zh-hans"):
        assert "placed" in str(refusal)
    assert english.startswith("This can no longer be done")
