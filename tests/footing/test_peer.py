"""The peer of the legacy dialects is installed as locked, or it is said why not; nothing else stops by it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from footing import peer


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("MOCKPASS", raising=False)
    monkeypatch.setattr(peer, "peer_folder", lambda: tmp_path / "mockpass")
    return tmp_path / "mockpass"


def test_every_package_is_pinned_by_its_content_and_by_no_host() -> None:
    locked = json.loads((peer.LOCKED / "package-lock.json").read_text())["packages"]
    packages = {name: said for name, said in locked.items() if name}
    assert packages["node_modules/@opengovsg/mockpass"]["version"] == "4.3.4"
    assert all(said["integrity"].startswith("sha512-") for said in packages.values())
    assert not any("resolved" in said for said in packages.values())


def test_without_node_it_says_so_and_makes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    said: list[str] = []
    assert not peer.install_peer(said.append)
    assert "NO NODE.JS" in said[0] and not folder.exists()


def test_where_no_registry_answers_its_tests_are_skipped_and_it_is_tried_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def npm(command: list[str], **_how: object) -> None:
        asked.append(command)
        if len(asked) == 1:
            raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(subprocess, "run", npm)
    said: list[str] = []
    assert not peer.install_peer(said.append) and "could not be installed" in said[-1]
    assert peer.install_peer(said.append) and peer.is_installed(folder)
    assert peer.install_peer(said.append) and len(asked) == 2, "once is enough"
    assert all("--ignore-scripts" in command for command in asked)
