"""Doing a thing once: the same key gets the same answer, whatever it was."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refused
from kernel.models import Event, IdempotencyKey
from kernel.services import once, record
from kernel.services.idempotency import KeyMissing, KeyReused
from tests.kernel.bells import BellRang, Ringer

RINGER = Ringer()


class TooLoud(Refused):
    code = "bell.too_loud"
    message = _("At most %(most)d decibels.")
    field = "tone"


class Bell:
    """Counts how often it was really rung; each ring leaves an event."""

    def __init__(self, clock, *, refuse: bool = False) -> None:
        self.rung = 0
        self.clock, self.refuse = clock, refuse

    def __call__(self) -> dict[str, int]:
        self.rung += 1
        record(BellRang(), actor=RINGER, now=self.clock())
        if self.refuse:
            raise TooLoud(most=90, lines=[{"line": 2, "code": "bell.cracked", "message": "cracked"}])
        return {"rung": self.rung}

    def ring(self, key: str = "k1", body: object = "c", actor: Ringer = RINGER) -> dict[str, int]:
        return once(actor=actor, verb="ring", key=key, body=body, now=self.clock(), act=self)


@pytest.mark.django_db
class TestOnce:
    def test_the_same_key_gets_the_first_answer(self, clock):
        bell = Bell(clock)
        assert bell.ring() == bell.ring() == {"rung": 1}
        assert bell.rung == Event.objects.count() == 1

    def test_another_key_rings_again(self, clock):
        bell = Bell(clock)
        bell.ring("k1")
        assert bell.ring("k2") == {"rung": 2}

    def test_another_actor_has_keys_of_their_own(self, clock):
        bell = Bell(clock)
        bell.ring()
        bell.ring(actor=Ringer(key="member:8"))
        bell.ring(actor=Ringer(company_id=8))
        assert bell.rung == 3

    def test_another_body_under_the_key_is_a_conflict(self, clock):
        bell = Bell(clock)
        bell.ring(body={"tone": "c", "to": [1]})
        bell.ring(body={"to": [1], "tone": "c"})
        with pytest.raises(KeyReused) as caught:
            bell.ring(body={"tone": "d", "to": [1]})
        assert caught.value.status == 409
        assert bell.rung == 1

    def test_a_refusal_is_remembered_word_for_word_and_leaves_no_trace(self, clock):
        bell = Bell(clock, refuse=True)
        with pytest.raises(TooLoud):
            bell.ring()
        bell.refuse = False
        with pytest.raises(Refused) as again:
            bell.ring()
        assert (again.value.code, again.value.status, again.value.field) == ("bell.too_loud", 422, "tone")
        assert str(again.value) == "At most 90 decibels."
        assert again.value.lines[0]["code"] == "bell.cracked"
        assert bell.rung == 1
        assert not Event.objects.exists()

    def test_what_came_too_soon_is_asked_anew(self, clock):
        bell = Bell(clock, refuse=True)
        with pytest.raises(TooLoud), pytest.MonkeyPatch.context() as patch:
            patch.setattr(TooLoud, "status", 429)
            bell.ring()
        bell.refuse = False
        assert bell.ring() == bell.ring(), "and once it is answered, it is remembered"

    def test_a_bug_is_not_remembered(self, clock):
        def breaks():
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            once(actor=RINGER, verb="ring", key="k1", body="c", now=clock(), act=breaks)
        assert Bell(clock).ring() == {"rung": 1}

    @pytest.mark.parametrize("key", ["", "x" * 201])
    def test_a_key_is_needed(self, clock, key):
        bell = Bell(clock)
        with pytest.raises(KeyMissing):
            bell.ring(key)
        assert bell.rung == 0
        assert not IdempotencyKey.objects.exists()


def test_at_once_and_still_once(committed_db, clock):
    """Eight requests with one key at the same moment: one rings, all hear the same."""
    bell, start = Bell(clock), threading.Barrier(8)

    def request(_number: int) -> dict[str, int]:
        start.wait()
        try:
            return bell.ring()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(request, range(8)))
    assert answers == [{"rung": 1}] * 8
    assert bell.rung == Event.objects.count() == 1
