"""Orders through the API: how many a second, and whether 200 buyers of 100 pieces get exactly 100."""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bench.client import Client

PATH = "/api/v1/orders/"


def rate(port: int, facts: Mapping[str, Any], *, buyers: int, seconds: float) -> tuple[float, Counter[int]]:
    """Three-line orders a second by `buyers` at once over 1,000 products, and the answers by status."""
    answers: Counter[int] = Counter()
    guard = threading.Lock()
    placed_at: list[float] = []
    begin = time.monotonic() + 0.3
    end = begin + seconds

    def buy(buyer: Mapping[str, str], seed: int) -> None:
        chance = random.Random(seed)
        client = _client(port, buyer)
        time.sleep(max(0.0, begin - time.monotonic()))
        while time.monotonic() < end:
            status = _place(client, buyer, *_three_lines(facts, chance))
            with guard:
                answers[status] += 1
                if status == 201:
                    placed_at.append(time.monotonic())

    _together([partial(buy, buyer, number) for number, buyer in enumerate(facts["buyers"][:buyers])])
    took = max(placed_at, default=end) - begin
    return len(placed_at) / took, answers


def race(port: int, facts: Mapping[str, Any], *, buyers: int) -> Counter[int]:
    """Each of `buyers` orders one piece of what there are 100 of, all at once. The answers by status."""
    answers: Counter[int] = Counter()
    guard = threading.Lock()
    ready = threading.Barrier(buyers)
    scarce = facts["scarce"]

    def buy(buyer: Mapping[str, str]) -> None:
        client = _client(port, buyer)
        ready.wait()
        status = _place(client, buyer, scarce["seller"], [{"product": scarce["product"], "quantity": "1"}])
        with guard:
            answers[status] += 1

    known = facts["buyers"]
    _together([partial(buy, known[number % len(known)]) for number in range(buyers)])
    return answers


def _three_lines(facts: Mapping[str, Any], chance: random.Random) -> tuple[str, list[dict[str, str]]]:
    shop = chance.choice(facts["shops"])
    return shop["seller"], [
        {"product": product, "quantity": moq} for product, moq in chance.sample(shop["products"], 3)
    ]


def _place(client: Client, buyer: Mapping[str, str], seller: str, lines: list[dict[str, str]]) -> int:
    order = {
        "seller": seller,
        "lines": lines,
        "currency": "SGD",
        "incoterm": "EXW",
        "place": "Singapore",
        "bill_to": buyer["address"],
        "ship_to": buyer["address"],
    }
    status, body = client.post(PATH, order, Idempotency_Key=str(uuid.uuid4()))
    if status >= 500 or status in (400, 401, 403):
        raise RuntimeError(f"an order was answered {status}: {body[:400]!r}")
    if status not in (201, 409, 422):
        raise RuntimeError(f"an order was answered {status}: {json.loads(body)}")
    return status


def _client(port: int, buyer: Mapping[str, str]) -> Client:
    return Client(port, {"Authorization": f"Bearer {buyer['token']}"})


def _together(acts: list[Callable[[], None]]) -> None:
    failures: list[BaseException] = []

    def run(act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(act,), daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
