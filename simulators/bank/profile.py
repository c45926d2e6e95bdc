"""How the simulated bank behaves: well, unless configuration or a test's control says otherwise."""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Settings:
    #: seconds before each act, by act
    latency: dict[str, float] = field(default_factory=dict)
    #: acts before which it hangs, and acts after which it says nothing although it has done them
    hang_before: tuple[str, ...] = ()
    hang_after: tuple[str, ...] = ()
    #: acts that it does, and dies of before it answers (kill -9)
    die_after: tuple[str, ...] = ()
    #: acts that end in HTTP 500
    fail: tuple[str, ...] = ()
    #: acts whose answers are signed for another request
    forge: tuple[str, ...] = ()
    #: code by which every request and acceptance is declined
    declines: str = ""
    #: everything waits for an officer
    reviews_all: bool = False
    #: how long an offer stands, seconds
    stands_for: float = 48 * 3600.0
    #: figures that replace the right ones
    figures: dict[str, Any] = field(default_factory=dict)
    #: whether it sends messages by itself
    sends: bool = True


class Failing(Exception):
    """The fault that was asked for."""


class Profile:
    HANGS_FOR = 60.0

    def __init__(self, text: str = "{}") -> None:
        self.settings = Settings()
        self.change(json.loads(text or "{}"))

    def change(self, said: dict[str, Any]) -> None:
        """From now on it behaves like this; what is not named behaves well."""
        named: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in said.items()
        }
        self.settings = replace(Settings(), **named)

    def before(self, act: str) -> None:
        time.sleep(self.settings.latency.get(act, 0))
        if act in self.settings.hang_before:
            time.sleep(self.HANGS_FOR)
        if act in self.settings.fail:
            raise Failing(act)

    def after(self, act: str) -> None:
        if act in self.settings.die_after:
            os.kill(os.getpid(), signal.SIGKILL)
        if act in self.settings.hang_after:
            time.sleep(self.HANGS_FOR)

    def forges(self, act: str) -> bool:
        return act in self.settings.forge

    @property
    def declines(self) -> str:
        return self.settings.declines

    @property
    def reviews_all(self) -> bool:
        return self.settings.reviews_all

    @property
    def stands_for(self) -> float:
        return self.settings.stands_for

    @property
    def figures(self) -> dict[str, Any]:
        return self.settings.figures
