"""The rooms of the house, bottom up, and their source files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).resolve().parents[2]

#: a room may look at those before it
STACK = ("kernel", "identity", "tariffs", "catalog", "orders", "documents", "financing", "disputes")
ROOF = "sme_hub"


def models() -> list[type[Model]]:
    """Every model of ours."""
    return [model for model in apps.get_models() if room_of(model) in (*STACK, ROOF)]


def room_of(model: type[Model]) -> str:
    return apps.get_app_config(model._meta.app_label).name


def sources(room: str) -> Iterator[Path]:
    """The room's modules; migrations are a record of the past."""
    for path in sorted((ROOT / room).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def imports(path: Path) -> Iterator[tuple[int, str, list[str]]]:
    """Line, module and imported names of each import, those for type checkers too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, []
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module, [alias.name for alias in node.names]


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"
