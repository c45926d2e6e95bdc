"""`python -m bench.screening stock COMPANIES ENTRIES` and `… work`: companies against a list; prints one line of JSON.

`stock` writes made-up companies and receives a list in OFAC's format, of which some entries are some of the companies
written otherwise. `work` is a worker: it reads the list and compares every company with it, and tells what that took.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from typing import Any

import django

#: entries that are one of the companies, written otherwise
PLANTED = 200
_ONE = "ba be bo da de do fa fe ga go ha ji ka ki ko la li lo ma mi mo na ni no pa po ra ri ro sa se so ta ti to va vi wa ya zo"
_HANZI = "安宝昌达东丰福广海恒宏华汇嘉建江金锦精凯科力联龙美明南宁鹏普启强庆荣瑞润盛顺泰天通威祥新信兴旭雅阳益永裕远悦云泽正志中"
_TRADES = ("Trading", "Technology", "Industries", "Engineering", "International", "Logistics", "Holdings")
_HAN_TRADES = ("科技", "贸易", "实业", "电子", "机械", "国际物流", "进出口")


class Names:
    """As many companies as one likes, a third of them in Shenzhen; few share a name, many share its words."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def words(self) -> str:
        syllables = _ONE.split()
        return " ".join(
            "".join(self.random.choices(syllables, k=self.random.randint(2, 4))).title()
            for _ in range(self.random.randint(1, 2))
        )

    def hanzi(self) -> str:
        return "".join(self.random.choices(_HANZI, k=self.random.randint(3, 4)))

    def latin(self) -> str:
        return f"{self.words()} {self.random.choice(_TRADES)}"

    def chinese(self) -> str:
        return f"深圳市{self.hanzi()}{self.random.choice(_HAN_TRADES)}有限公司"


def stock(companies: int, entries: int) -> dict[str, Any]:
    """Nobody hears of these companies' registering: they were all here before the list came."""
    import io

    from django.utils import timezone

    from identity.actors import System
    from identity.models import Company, ListSource
    from identity.services import receive_list

    now, names = timezone.now(), Names(1)
    made = [_company(Company, number, names, now) for number in range(companies)]
    Company.objects.bulk_create(made, batch_size=1000)
    rows = [*_planted(made), *_others(entries - PLANTED)]
    content = "".join(
        f'{at},"{name}",{kind},"MADE] [UP"' + ",-0- " * 8 + "\r\n" for at, (name, kind) in enumerate(rows, 1)
    )
    receive_list(
        actor=System(reason="bench"),
        source=ListSource.objects.get(code="ofac_sdn"),
        file=io.BytesIO(content.encode()),
        file_name="sdn.csv",
        as_of=timezone.localdate(now),
        now=now,
    )
    return {"companies": companies, "entries": entries}


def _company(model: Any, number: int, names: Names, now: Any) -> Any:
    mainland = number % 3 == 0
    legal = names.chinese() if mainland else f"{names.latin()} Pte. Ltd."
    return model(
        slug=f"screened-{number}",
        legal_name=legal,
        name_en=f"{names.latin()} Co., Ltd." if mainland else legal,
        name_zh=legal if mainland else "",
        country="CN" if mainland else "SG",
        registration_kind="other",
        registration_number=f"S{number:09}",
        created_at=now,
    )


def _planted(companies: list[Any]) -> Iterator[tuple[str, str]]:
    """In capitals, in pinyin, or with its words the other way round."""
    from pypinyin import lazy_pinyin

    for at in range(PLANTED):
        name = companies[at * (len(companies) // PLANTED)].legal_name
        if name.startswith("深圳"):
            yield " ".join(lazy_pinyin(name.removesuffix("有限公司"))).upper() + " CO LTD", "-0- "
        else:
            yield ", ".join(reversed(name.removesuffix(" Pte. Ltd.").upper().split())), "-0- "


def _others(count: int) -> Iterator[tuple[str, str]]:
    names = Names(2)
    for number in range(count):
        match number % 5:
            case 0:
                yield names.chinese(), "-0- "
            case 1 | 2:
                yield f"{names.words()}, {names.words()}".upper(), "individual"
            case _:
                yield names.latin().upper() + " LLC", "-0- "


def work() -> dict[str, Any]:
    """In one process, as a worker of the slow lane has it."""
    from identity.models import Candidate, ListSnapshot
    from kernel.services import drain
    from sme_hub.celery import app

    app.finalize()
    began = time.monotonic()
    while drain("slow", seconds=60):
        pass
    took = time.monotonic() - began
    snapshot = ListSnapshot.objects.get()
    planted = {str(number) for number in range(1, PLANTED + 1)}
    found = set(Candidate.objects.filter(ref__in=planted).values_list("ref", flat=True))
    return {
        "seconds": round(took, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "screened": snapshot.companies_screened,
        "rows": snapshot.rows,
        "missed": len(planted - found),
        "candidates": Candidate.objects.count(),
    }


def main(asked: str, *counts: str) -> None:
    django.setup()
    told = stock(*(int(count) for count in counts)) if asked == "stock" else work()
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
