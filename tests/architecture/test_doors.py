"""Rooms enter each other by six doors, and change nothing there that is not theirs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.house import STACK, imports, place, sources, tree

DOORS = {"services", "queries", "events", "rules", "states", "models"}
#: everybody has to say who acts, and has them show it where it binds; checkout lets a new address be written on the spot
MORE_DOORS = {"identity": {"actors", "acting", "forms", "shown_lately"}}
#: the kernel is no room but the ground
ROOMS = [room for room in STACK if room != "kernel"]

WRITES = {
    "save",
    "asave",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "select_for_update",  # locking is the owner's decision too
}


@pytest.mark.parametrize("room", STACK)
def test_other_rooms_are_entered_by_their_doors(room):
    assert [*_through_walls(room)] == []


def _through_walls(room: str) -> Iterator[str]:
    for path in sources(room):
        for line, module, names in imports(path):
            other, _, inside = module.partition(".")
            if other == room or other not in ROOMS:
                continue
            entered = {inside.split(".")[0]} if inside else set(names)
            for door in entered - DOORS - MORE_DOORS.get(other, set()):
                yield f"{place(path, line)} enters {other} through {door}"


@pytest.mark.parametrize("room", STACK)
def test_other_rooms_rows_are_changed_by_their_verbs_only(room):
    assert [*_foreign_writes(room)] == []


def _foreign_writes(room: str) -> Iterator[str]:
    for path in sources(room):
        foreign = _foreign_models(room, path)
        if not foreign:
            continue
        for scope in ast.walk(tree(path)):
            if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
                yield from _writes_in(scope, foreign, path)


def _foreign_models(room: str, path: Path) -> set[str]:
    return {
        name
        for _line, module, names in imports(path)
        for name in names
        if module.split(".")[0] in STACK
        and module.split(".")[0] != room
        and module.split(".")[1:2] == ["models"]
    }


def _writes_in(scope: ast.AST, foreign: set[str], path: Path) -> Iterator[str]:
    """Calls like `Company.objects.filter(…).update(…)`, and `company.save()` where `company` is known to be one."""
    known = foreign | _variables_holding(scope, foreign)
    for node in _own_nodes(scope):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            root = _root(node.func)
            if root in known:
                yield f"{place(path, node.lineno)} writes to {root} by .{node.func.attr}()"


def _variables_holding(scope: ast.AST, foreign: set[str]) -> set[str]:
    """Parameters annotated as, and names assigned from, a foreign model."""
    held = set()
    if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        arguments = [*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs]
        held |= {argument.arg for argument in arguments if _names_in(argument.annotation) & foreign}
    for node in _own_nodes(scope):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _root(node.value) in foreign:
            held |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return held


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """Nodes of this function or module, not those of functions inside it."""
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and isinstance(scope, ast.Module):
            continue
        yield child
        yield from _own_nodes(child)


def _root(node: ast.expr) -> str:
    """`Company` of `Company.objects.filter(…).update`."""
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""


def _names_in(annotation: ast.expr | None) -> set[str]:
    return {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)} if annotation else set()
