"""What bin/run tells: run.json, the table of accounts, the environment of the processes."""

from __future__ import annotations

import json

import pytest

from footing.environment import Environment
from footing.roles import as_owner, django_env, roles
from footing.running import Run, introduction
from footing.servers import Databases
from footing.state import State

DATABASES = Databases(
    "postgres://smehub_app:a@h:5/smehub", "postgres://smehub_owner:o@h:5/smehub", "postgres://d/smehub"
)


@pytest.fixture
def state(tmp_path):
    state = State(tmp_path)
    state.open()
    yield state
    state.close()


@pytest.fixture
def own_servers(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", DATABASES.app)
    monkeypatch.setenv("DATABASE_OWNER_URL", DATABASES.owner)
    monkeypatch.setenv("DATABASE_DIRECT_URL", DATABASES.direct)
    monkeypatch.setenv("REDIS_URL", "redis://h:6/0")
    monkeypatch.setenv("PORT", "0")


def test_run_json_says_where_everything_is(state, own_servers):
    account = {
        "email": "alice@seller.example",
        "password": "only for the demo",
        "role": "owner",
        "token": "t",
    }
    state.accounts_file.write_text(json.dumps([account]))
    run = Run(state)
    with run._open_socket():
        facts = run.facts()
    assert facts["address"].startswith("http://127.0.0.1:")
    assert facts["pids"]["run"]
    assert (facts["database_url"], facts["database_owner_url"]) == (DATABASES.app, DATABASES.owner)
    assert facts["database_direct_url"] == DATABASES.direct
    assert facts["redis_url"] == "redis://h:6/0"
    assert facts["accounts"] == [account]
    assert facts["demo"] == "loading"


def test_the_address_is_the_same_after_a_restart(state, own_servers, monkeypatch):
    monkeypatch.delenv("PORT")
    first, second = Run(state), Run(State(state.root))
    with first._open_socket():
        pass
    with second._open_socket():
        assert second.address == first.address


def test_accounts_are_shown_as_a_table_and_an_unknown_shape_is_left_to_run_json():
    rows = [{"email": "a@b.example", "password": "p", "role": "buyer", "company": "Bo"}]
    assert introduction(rows) == ["  Demo accounts:", "    a@b.example  p  buyer  Bo"]
    assert introduction({"something": "else"}) == []


def test_each_lane_has_its_worker_and_slow_work_goes_behind_the_pages(tmp_path):
    found = {
        role.name: role for role in roles(Environment(tmp_path), web_socket=7, beat_file=tmp_path / "beat")
    }
    assert list(found) == ["web", "relay", "fast", "slow", "outside", "sweep", "beat"]
    assert "fd://7" in found["web"].command
    assert {name for name, role in found.items() if role.nice} == {"slow", "sweep", "beat"}


def test_processes_get_the_application_s_role_and_only_migration_the_owner_s(tmp_path, state):
    env = django_env(
        Environment(tmp_path), state, databases=DATABASES, redis_url="redis://h/0", base_url="http://x"
    )
    assert env["DATABASE_URL"] == DATABASES.app
    owner = as_owner(env)
    assert owner["DATABASE_URL"] == owner["DATABASE_DIRECT_URL"] == DATABASES.owner
    assert DATABASES.has_two_roles
