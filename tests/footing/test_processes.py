"""Children: stopped, restarted after a back-off, and gone when their parent is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from footing.processes import Child, Keeper, birth, end_leftovers, stop_all


@pytest.fixture
def started(tmp_path):
    children = []

    def start(code: str, role: str = "web", nice: int = 0) -> Child:
        log = tmp_path / f"{role}.log"
        child = Child(role, [sys.executable, "-c", code], env=os.environ, cwd=tmp_path, log=log, nice=nice)
        child.start()
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()


def _until(happened, seconds=10):
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""


def test_a_child_that_will_not_stop_is_killed(started):
    child = started(STUBBORN)
    _until(lambda: "deaf" in child.tail())
    stop_all([child], seconds=0.2)
    assert child.code == -signal.SIGKILL


def test_a_kill_takes_what_the_child_has_started(started):
    child = started(
        "import subprocess; print(subprocess.Popen(['sleep', '60']).pid, flush=True); import time; time.sleep(60)"
    )
    _until(lambda: child.tail().strip())
    grandchild = int(child.tail())
    child.kill()
    _until(lambda: birth(grandchild) is None)


def test_a_dead_child_is_started_again_and_somebody_is_told(started, monkeypatch):
    monkeypatch.setattr("footing.processes.SHORTEST_BACKOFF", 0.1)
    said = []
    child = started("import time; time.sleep(60)")
    first = child.pid
    keeper = Keeper(child, said.append)
    assert not keeper.look()
    child.kill()
    _until(keeper.look)
    assert child.alive
    assert child.pid != first
    assert said == [f"web ended (SIGKILL); starting it again in 0 s; its log: {child.log}"]


def test_one_that_dies_young_waits_longer_each_time(started, monkeypatch):
    monkeypatch.setattr("footing.processes.SHORTEST_BACKOFF", 0.05)
    said = []
    child = started("raise SystemExit(3)")
    keeper = Keeper(child, said.append)
    _until(lambda: [keeper.look()] and len(said) == 3)
    assert keeper._backoff == pytest.approx(0.4)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
def test_children_end_when_their_parent_is_killed(tmp_path):
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, time; from pathlib import Path; from footing.processes import Child\n"
            "child = Child('web', ['sleep', '60'], env=os.environ, cwd=Path('/'), log=Path('log')); child.start()\n"
            "print(child.pid, flush=True); time.sleep(60)",
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
    )
    child = int(parent.stdout.readline())
    assert birth(child)
    parent.kill()
    parent.wait()
    _until(lambda: birth(child) is None)


def test_leftovers_are_told_from_strangers_with_the_same_process_id(started):
    ours, stranger = (
        started("import time; time.sleep(60)", "web"),
        started("import time; time.sleep(60)", "relay"),
    )
    end_leftovers({"web": (ours.pid, birth(ours.pid)), "relay": (stranger.pid, "born at another time")})
    assert ours.wait(5)
    assert stranger.alive


def test_work_behind_the_pages_gives_way_with_its_whole_session(started):
    """Niceness alone means nothing between sessions where Linux shares the machine by session."""
    child = started("import time; time.sleep(60)", nice=10)
    assert os.getpriority(os.PRIO_PROCESS, child.pid) == os.getpriority(os.PRIO_PROCESS, 0) + 10
    session = Path(f"/proc/{child.pid}/autogroup")
    if session.exists() and "nice" in session.read_text():
        assert session.read_text().split()[-1] == "10"
