"""The whole demo behind the first page: every company, every catalogue, every drawing, some orders."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from identity.actors import Member
from sme_hub.demo.files import DATA, rows_of
from sme_hub.demo.loading import desks, people, shelves, trades
from sme_hub.demo.loading.cast import BUYERS, SELLERS, cast_sellers
from sme_hub.demo.loading.pictures import hang_pictures

Tell = Callable[[str], None]


def load_everything(*, tell: Tell, pictures: bool = True) -> None:
    """After the cast: the others. What is there already is left alone.

    Drawings come first where shelves stand already, and otherwise last, the newest listings before the others: those are
    what the home page shows.
    """
    if pictures:
        hang_pictures(cast_sellers(timezone.now()), tell=tell)
    sellers, buyers = load_companies(tell=tell)
    owners = list(sellers.values())
    load_catalogues(owners, tell=tell)
    load_orders(sellers, buyers, tell=tell)
    load_desks(sellers, buyers, tell=tell)
    if pictures:
        hang_pictures(reversed(owners), tell=tell)


def load_companies(*, tell: Tell) -> tuple[dict[str, Member], dict[str, Member]]:
    """All sellers and all buyers by their codes, verified as far as luck has it."""
    now = timezone.now()
    officer = people.officer(now)
    sellers, buyers = {}, {}
    for row in rows_of(DATA / "sellers.csv"):
        code = row["code"]
        sellers[code] = people.seller_company(row, may_sign_in=code in SELLERS, now=now)
        people.verify(sellers[code], people.claims_to_verify(code, sells=True), by=officer, now=now)
    tell(f"sellers: {len(sellers)}")
    for row in rows_of(DATA / "buyers.csv"):
        code = row["code"]
        buyers[code] = people.buyer_company(row, may_sign_in=code in BUYERS, now=now)
        people.verify(buyers[code], people.claims_to_verify(code, sells=False), by=officer, now=now)
    tell(f"buyers: {len(buyers)}")
    return sellers, buyers


def load_catalogues(owners: list[Member], *, tell: Tell) -> None:
    """All files are handed in at once, so that workers may take them side by side."""
    now = timezone.now()
    for job in [shelves.send_catalogue(owner, now) for owner in owners]:
        shelves.finish(job, tell=tell)
    for owner in owners:
        shelves.pause_listings(owner)


def load_orders(sellers: dict[str, Member], buyers: dict[str, Member], *, tell: Tell) -> None:
    """Seller by seller, those of the cast first; each season is one transaction, so that an interrupted load goes on."""
    now = timezone.now()
    rows = rows_of(DATA / "orders.csv")
    codes = dict.fromkeys([*SELLERS, *(row["seller"] for row in rows)])
    for code in codes:
        season = [row for row in rows if row["seller"] == code]
        told = trades.tell_season(season, buyers=buyers, seller=sellers[code], now=now)
        if told:
            tell(f"{code}: {told} orders told")


def load_desks(sellers: dict[str, Member], buyers: dict[str, Member], *, tell: Tell) -> None:
    tell(f"claims sent in: {desks.submit_claims(sellers | buyers)}")
    tell(f"carts filled: {desks.fill_carts(buyers)}")
    if desks.send_flawed_file(sellers[SELLERS[0]]):
        tell(f"{desks.FLAWED_NAME}: looked through")
