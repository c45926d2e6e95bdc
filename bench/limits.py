"""What is measured and what it may be."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

#: a list may cost so many floors of as many rows, a page about one thing so many floors of one row
LIST, ONE = 6.0, 8.0
#: rare and middling searches at 100,000 products against 10,000
SAME = 0.20
#: broad ones
BROAD = 1.5
STATEMENTS = 6 + 3
#: of a page of the case office
CONSOLE_STATEMENTS = 10
ORDERS_A_SECOND = 60.0
#: seconds in which the clock, which comes every five minutes, counts a year of everybody's trade
COUNTED = 60.0
#: a list comes in: what it is compared with, and what that may take of one worker
SCREENED_COMPANIES, SCREENED_ENTRIES = 10_000, 20_000
SCREENING_SECONDS, SCREENING_MEGABYTES = 120, 300


#: milliseconds of app CPU that coming back from an issuer costs beside its cryptography
CALLBACK_MS = 15.0
#: milliseconds of app CPU by which a door may tell apart whether somebody has an address
DOORS_MS = 10.0


@dataclass(frozen=True)
class Page:
    """A page to measure. `growth` names the rule for the larger catalogue."""

    name: str
    path: str
    floor: str = "20"
    growth: str = ""

    @property
    def limit(self) -> float:
        return LIST if self.floor == "20" else ONE


def pages(facts: dict) -> list[Page]:  # type: ignore[type-arg]
    """The pages of the marketplace's two main jobs, in both languages."""
    terms = [
        Page(
            f"search, {width}, {('English', 'Chinese')[at]}",
            f"/{('en', 'zh-hans')[at]}/search/?q={quote(word)}",
            growth="broad" if width == "broad" else "same",
        )
        for width, words in facts["terms"].items()
        for at, word in enumerate(words)
    ]
    return [
        Page("all goods", "/en/search/", growth="broad"),
        Page("a family", "/en/search/?category=safety", growth="broad"),
        *terms,
        Page("broad, by price", "/en/search/?q=stainless&sort=price", growth="broad"),
        Page("storefront", f"/en/sellers/{facts['seller']}/", growth="broad"),
        Page("home", "/en/", growth="broad"),
        Page("product", f"/en/products/{facts['product']}/", floor="1", growth="same"),
        Page("product, Chinese", f"/zh-hans/products/{facts['product']}/", floor="1", growth="same"),
    ]


#: whose home is measured, with the lists of their work: a busy company's people
HOMES = {
    "seller seller": ("home", "orders", "cases", "inbox", "listings", "imports", "talk", "thread", "papers"),
    "seller finance": ("home", "orders", "offers", "inbox"),
    "seller logistics": ("home",),
    "buyer buyer": (
        *("home", "purchases", "cases", "inbox"),
        *("papers", "talk", "saved", "searches"),
    ),
    "buyer approver": ("home", "approvals"),
    "buyer finance": ("home",),
    "buyer logistics": ("home",),
    "bank": ("home", "files"),
    "officer": ("home", "inbox"),
    "operator": ("front",),
    "case manager": ("home", "cases"),
    "mediator": ("home", "cases"),
    "registrar": ("home", "filings"),
}
#: pages of which statements alone are counted: the consoles' tables, and the search through everything at once
BESIDE = {
    "buyer buyer": ("find",),
    "officer": ("claims", "companies"),
    "operator": ("events", "deliveries"),
}
#: pages about one thing
_ONE = {"thread"}
_LISTS = {
    "home": "/c/{slug}/",
    "orders": "/c/{slug}/orders/?side=selling",
    "purchases": "/c/{slug}/orders/?side=buying",
    "cases": "/c/{slug}/cases/",
    "approvals": "/c/{slug}/approvals/",
    "offers": "/c/{slug}/finance/",
    "files": "/c/{slug}/financing/",
    "inbox": "/inbox/",
    "listings": "/c/{slug}/listings/",
    "imports": "/c/{slug}/imports/",
    "papers": "/c/{slug}/papers/",
    "talk": "/c/{slug}/talk/",
    "thread": "/c/{slug}/talk/{thread}/",
    "saved": "/c/{slug}/saved/",
    "searches": "/c/{slug}/saved/?show=searches",
    "find": "/c/{slug}/find/?q=bench",
    "front": "/operator/",
    "events": "/operator/kernel/event/",
    "deliveries": "/operator/kernel/delivery/",
    "claims": "/operator/identity/claim/",
    "companies": "/operator/identity/company/",
}
_OFFICES = {
    ("officer", "home"): "/programme/",
    **{(who, "home"): "/mediation/" for who in ("case manager", "mediator", "registrar")},
    **{(who, "cases"): "/mediation/disputes/case/" for who in ("case manager", "mediator")},
    ("registrar", "filings"): "/mediation/disputes/filing/",
}


def homes(people: dict[str, dict[str, str]]) -> dict[str, list[Page]]:
    """The pages of each person of a year's trade (`bench.year`)."""
    return _pages_of(HOMES, people)


def beside(people: dict[str, dict[str, str]]) -> dict[str, list[Page]]:
    """Those of which statements alone are counted."""
    return _pages_of(BESIDE, people)


def _pages_of(wanted: dict[str, tuple[str, ...]], people: dict[str, dict[str, str]]) -> dict[str, list[Page]]:
    return {
        who: [
            Page(
                f"{which} of {who}",
                _OFFICES.get((who, which)) or _LISTS[which].format(**people[who]),
                floor="1" if which in _ONE else "20",
            )
            for which in shown
        ]
        for who, shown in wanted.items()
    }
