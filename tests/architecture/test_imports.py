"""The contracts of pyproject.toml: the stack between rooms, the floor plan inside each, what stays at the edges."""

from __future__ import annotations

from importlinter.cli import lint_imports

from tests.architecture.house import ROOT


def test_the_contracts_hold(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0
