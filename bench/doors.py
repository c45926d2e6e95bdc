"""`python -m bench.doors KNOCKS`: what each door costs for an address that somebody has and for one that nobody has; prints
JSON, medians in milliseconds. Whoever could tell them apart by it would learn who has an account.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django

PASSWORD = "lantern in the harbour 7"
#: by door: its address, and what is sent; # is the address that is tried
DOORS = {
    "sign-in": ("account_login", {"login": "#", "password": "not this one"}),
    "sign-up": (
        "account_signup",
        {"name": "Bench", "email": "#", "password1": PASSWORD, "password2": PASSWORD},
    ),
    "reset": ("account_reset_password", {"email": "#"}),
    "code by mail": ("account_request_login_code", {"email": "#"}),
}
#: the first few read templates and words
WARMING = 3


def main(knocks: int) -> None:
    django.setup()
    from django.test.utils import override_settings

    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        print(json.dumps({door: measured(door, knocks) for door in DOORS}))  # noqa: T201


def measured(door: str, knocks: int) -> dict[str, dict[str, float]]:
    """Each knock at the door by another visitor from another address, turn by turn."""
    from django.test import Client
    from django.urls import reverse

    name, form = DOORS[door]
    path = reverse(name)
    spent: dict[str, list[tuple[float, float]]] = {"known": [], "unknown": []}
    for number in range(knocks + WARMING):
        for kind, found in spent.items():
            email = f"{kind}-{name}-{number}@bench.example"
            if kind == "known":
                _an_account(email)
            sent = {field: email if value == "#" else value for field, value in form.items()}
            client = Client(SERVER_NAME="127.0.0.1", REMOTE_ADDR=f"10.{number % 250}.{len(name)}.{len(kind)}")
            found.append(_spent(lambda client=client, sent=sent: client.post(path, sent)))
    return {kind: _median(found[WARMING:]) for kind, found in spent.items()}


def _an_account(email: str) -> None:
    from django.utils import timezone

    from identity import services

    services.register_user(email=email, password=PASSWORD, name="Bench", now=timezone.now())


def _spent(act: Callable[[], Any]) -> tuple[float, float]:
    """CPU of this thread, and the time on the wall."""
    cpu, wall = time.thread_time(), time.perf_counter()
    answer = act()
    spent = (time.thread_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000
    if answer.status_code not in (200, 302):
        raise SystemExit(f"a door answered {answer.status_code}")
    return spent


def _median(found: list[tuple[float, float]]) -> dict[str, float]:
    return {
        "cpu": statistics.median(cpu for cpu, _wall in found),
        "wall": statistics.median(wall for _cpu, wall in found),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
