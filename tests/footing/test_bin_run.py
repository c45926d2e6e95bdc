"""bin/run as a person uses it: started, killed, started again, stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from footing import CHECKOUT
from footing.processes import birth
from footing.running import answers

ROLES = {"run", "postgres", "redis", "web", "relay", "fast", "slow", "outside", "sweep", "beat"}
OURS = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_DIRECT_URL",
    "REDIS_URL",
    "DJANGO_SETTINGS_MODULE",
    "BASE_URL",
)


class Copy:
    """One running copy with a state folder of its own."""

    def __init__(self, state: Path) -> None:
        env = {name: value for name, value in os.environ.items() if name not in OURS}
        # DEBUG serves files from where they lie; gathering them is most of a first start.
        env |= {"STATE_DIR": str(state), "VENV": sys.prefix, "DEMO": "0", "DEBUG": "1"}
        self._state = state
        self.process = subprocess.Popen(
            [CHECKOUT / "bin" / "run"], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def wait_until_it_serves(self) -> None:
        self._until(lambda: self._serves or self.process.poll() is not None, 120)
        assert self.process.poll() is None, self.process.communicate()[0]

    @property
    def run_file(self) -> Path:
        return self._state / "run.json"

    @property
    def facts(self) -> dict[str, Any]:
        return json.loads(self.run_file.read_text())

    @property
    def _serves(self) -> bool:
        """A file left by a killed run names another process."""
        return self.run_file.exists() and self.facts["pids"]["run"] == self.process.pid

    def end(self, how: int) -> None:
        """Ends it, and waits until everything it had started is gone as well."""
        pids = self.facts["pids"].values()
        self.process.send_signal(how)
        self.process.communicate(timeout=60)
        self._until(lambda: not any(birth(pid) for pid in pids), 30)

    @staticmethod
    def _until(happened: Callable[[], object], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.fixture
def start(tmp_path):
    tmp_path.parent.parent.chmod(0o711)  # pytest's folder is closed to the user that root runs PostgreSQL as
    copies = []

    def start() -> Copy:
        copies.append(Copy(tmp_path / "state"))
        copies[-1].wait_until_it_serves()
        return copies[-1]

    yield start
    for copy in copies:
        copy.process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a kill -9 leaves children to the next start")
def test_a_copy_starts_and_comes_back_after_a_kill_with_its_address_and_data(start):
    first = start()
    facts = first.facts
    assert set(facts["pids"]) == ROLES
    assert answers(facts["address"] + "healthz")
    first.end(signal.SIGKILL)

    second = start()
    assert second.facts["address"] == facts["address"]
    assert second.facts["database_url"] == facts["database_url"]
    assert second.facts["redis_url"] == facts["redis_url"]
    assert answers(facts["address"] + "healthz")
    second.end(signal.SIGINT)
    assert second.process.returncode == 0
    assert not second.run_file.exists()
