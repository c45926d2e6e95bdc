"""The state folder: what two starts share, and what two copies must not."""

from __future__ import annotations

import json
import os
import stat

import pytest

from footing.state import Busy, State, free_port, held_address, is_free, write_privately


@pytest.fixture
def state(tmp_path):
    state = State(tmp_path / "state")
    state.open()
    yield state
    state.close()


def _again(state):
    """What a later start reads."""
    return State(state.root)


def test_a_port_is_chosen_once(state):
    assert _again(state).port("postgres") == state.port("postgres")


def test_a_port_that_a_stranger_has_taken_is_chosen_anew(state):
    first = state.port("postgres")
    with held_address("127.0.0.1", first):
        second = _again(state).port("postgres")
    assert second != first
    assert _again(state).port("postgres") == second


def test_a_held_address_cannot_be_had_twice():
    port = free_port()
    with held_address("127.0.0.1", port):
        assert not is_free(port)
        with pytest.raises(OSError, match="in use"):
            held_address("127.0.0.1", port)
    assert is_free(port)


def test_a_secret_stays_and_differs_by_name(state):
    assert _again(state).secret("django") == state.secret("django") != state.secret("redis")


def test_two_runs_cannot_have_one_state(state):
    with pytest.raises(Busy):
        _again(state).open()
    state.close()
    later = _again(state)
    later.open()
    later.close()


def test_passwords_are_readable_by_their_owner_alone(state):
    state.secret("django")
    kept = state.root / "state.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(state.root.stat().st_mode) == (0o711 if os.geteuid() == 0 else 0o700)


def test_a_file_written_again_is_never_seen_half(state):
    path = state.root / "run.json"
    write_privately(path, json.dumps({"address": "one"}))
    with path.open() as old:
        write_privately(path, json.dumps({"address": "two"}))
        assert json.load(old) == {"address": "one"}
    assert json.loads(path.read_text()) == {"address": "two"}
