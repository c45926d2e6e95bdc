"""The contracts of pyproject.toml: the stack between rooms, the floor plan inside each, what stays at the edges."""

from __future__ import annotations

import subprocess
import sys

from tests.architecture.house import ROOT


def test_the_contracts_hold():
    """In a process of its own: import-linter sets up logging anew, and later tests would read empty logs."""
    lint = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as lint; lint()",
        "--no-cache",
    ]
    done = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
