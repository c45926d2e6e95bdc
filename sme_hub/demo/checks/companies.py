"""The demo's companies: numbers that a register could have given out, addresses in both languages, nobody's real mail."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from stdnum.cn import uscc
from stdnum.sg import uen

from sme_hub.demo.checks.findings import Finding

FEWEST = {("seller", "SG"): 50, ("seller", "CN"): 5, ("buyer", "SG"): 10, ("buyer", "CN"): 30}
#: administrative division of Shenzhen, in the third to sixth digits of a unified social credit code
SHENZHEN = "4403"

Row = Mapping[str, str]


def check_companies(sellers: Sequence[Row], buyers: Sequence[Row]) -> list[Finding]:
    """Everything wrong with the companies of both files."""
    return [
        *_counted("seller", sellers),
        *_counted("buyer", buyers),
        *_registered_once([*sellers, *buyers]),
        *(finding for row in (*sellers, *buyers) for finding in _company(row)),
        *(finding for row in buyers for finding in _members(row)),
    ]


def _counted(kind: str, rows: Sequence[Row]) -> Iterable[Finding]:
    found = Counter(row["country"] for row in rows)
    for (wanted, country), fewest in FEWEST.items():
        if wanted == kind and found[country] < fewest:
            yield Finding(f"{kind}s", "", f"{found[country]} in {country}, fewer than {fewest}")


def _registered_once(rows: Sequence[Row]) -> Iterable[Finding]:
    for column in ("code", "registration", "name_en", "name_zh"):
        for value, count in Counter(row[column] for row in rows).items():
            if count > 1:
                yield Finding(value, column, f"is given {count} times")


def _company(row: Row) -> Iterable[Finding]:
    number = row["registration"]
    if row["country"] == "SG" and not uen.is_valid(number):
        yield Finding(row["code"], "registration", f"{number} is no valid UEN")
    if row["country"] == "CN" and not (uscc.is_valid(number) and number[2:6] == SHENZHEN):
        yield Finding(row["code"], "registration", f"{number} is no valid credit code of Shenzhen")
    if not re.fullmatch(r"\d{6}", row["postal_code"]):
        yield Finding(row["code"], "postal_code", "has six digits in both cities")
    for column in ("name_zh", "address_zh"):
        if not re.search(r"[\u4e00-\u9fff]", row[column]):
            yield Finding(row["code"], column, "holds no Chinese")
    if "email" in row and not row["email"].endswith(".example"):
        yield Finding(row["code"], "email", "could be somebody’s: use a reserved domain")


def _members(row: Row) -> Iterable[Finding]:
    """Members are written `hanzi:Pinyin:address:role+role`, separated by |."""
    for member in row["members"].split("|"):
        parts = member.split(":")
        if len(parts) != 4 or not all(parts):
            yield Finding(row["code"], "members", f"“{member}” is not written as name:Name:mail:roles")
        elif not parts[2].endswith(".example"):
            yield Finding(row["code"], "members", f"{parts[2]} could be somebody’s: use a reserved domain")
