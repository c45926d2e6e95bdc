"""The whole demo behind the first page: every company, every catalogue, every drawing, every order."""

from __future__ import annotations

from collections.abc import Callable, Container
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from financing.services import count_files
from identity.actors import Member
from kernel.models.deliveries import Lane
from kernel.services import drain
from orders.services import count_figures
from sme_hub.demo.files import DATA, rows_of
from sme_hub.demo.loading import (
    asking,
    desks,
    identities,
    money,
    offices,
    people,
    quarrels,
    saving,
    shelves,
    talks,
    trades,
)
from sme_hub.demo.loading.cast import BUYERS, SELLERS, cast_sellers, load_cast
from sme_hub.demo.loading.lists import bring_in_made_up_list
from sme_hub.demo.loading.past import read_what_came
from sme_hub.demo.loading.pictures import hang_pictures

Tell = Callable[[str], None]


def load_everything(*, tell: Tell, pictures: bool = True) -> None:
    """After the cast: the others. What is there already is left alone.

    Whom a visitor may be comes first: their orders and desks, then drawings where shelves stand already. The other drawings
    come last, the newest listings before the others: those are what the home page shows.
    """
    load_life_of_the_cast(tell=tell)
    if pictures:
        hang_pictures(cast_sellers(timezone.now()), tell=tell)
    sellers, buyers = load_companies(tell=tell)
    owners = list(sellers.values())
    load_catalogues(owners, tell=tell)
    load_orders(sellers, buyers, tell=tell)
    tell(f"carts filled: {desks.fill_carts(buyers)}")
    load_words_between(sellers | buyers, tell=tell)
    read_old_news([owner.company_id for owner in (sellers | buyers).values()])
    tell(f"companies like an entry of a made-up list: {bring_in_made_up_list(timezone.now())}")
    draw_papers(tell=tell)
    if pictures:
        hang_pictures(reversed(owners), tell=tell)


def load_cast_at_work(accounts: Path, *, tell: Tell) -> None:
    """A small demo: whom a visitor may be, three sellers' shelves and what lies on the cast's desks, without drawings."""
    for seller in load_cast(accounts):
        shelves.stock_shelves(seller, tell=tell)
    load_life_of_the_cast(tell=tell)
    tell(f"companies like an entry of a made-up list: {bring_in_made_up_list(timezone.now())}")


def load_life_of_the_cast(*, tell: Tell) -> None:
    """The orders of the cast's sellers, with those who placed them; a file for one of them to mend; the officers' queue."""
    now = timezone.now()
    if not money.open_bank(offices.banker(now)):
        tell("no bank is connected: there will be no offers of money")
    sellers = {owner.company.slug: owner for owner in cast_sellers(now)}
    customers = {row["buyer"] for row in _orders_of(sellers)}
    claimants = desks.claimants()
    buyers = {
        row["code"]: people.buyer_company(row, may_sign_in=row["code"] in BUYERS, now=now)
        for row in rows_of(DATA / "buyers.csv")
        if row["code"] in customers | claimants
    }
    others = {
        row["code"]: people.seller_company(row, now=now)
        for row in rows_of(DATA / "sellers.csv")
        if row["code"] in claimants
    }
    tell(f"companies around the first sellers: {len(buyers) + len(others)}")
    tell(f"claims sent in: {desks.submit_claims(buyers | others)}")
    if desks.send_flawed_file(sellers[SELLERS[0]]):
        tell(f"{desks.FLAWED_NAME}: looked through")
    load_orders(sellers, buyers, tell=tell)
    tell(f"orders to approve: {desks.ask_for_approval(sellers, buyers)}")
    tell(f"companies that keep goods and searches: {saving.keep_for_later(buyers)}")
    load_words_between(sellers | buyers, tell=tell)
    if settings.BANKS and money.accept_one(sellers[money.SELLER]):
        tell("an offer of money: accepted")
    count_files(now=timezone.now())
    if settings.ISSUERS:
        tell(f"people bound to their companies by their city’s identity: {identities.show_identities()}")
        accounts = Path(settings.STATE_DIR) / "accounts.json"
        tell(f"kinds of acts that ask for it from now on: {asking.ask_from_now_on(accounts)}")
    read_old_news([owner.company_id for owner in (sellers | buyers | others).values()])


def load_words_between(owners: dict[str, Member], *, tell: Tell) -> None:
    """Conversations and disputes among these companies."""
    tell(f"conversations: {talks.hold_talks(owners)}")
    office = offices.officials(timezone.now())
    manager, mediator = office[offices.MANAGER], office[offices.MEDIATOR]
    tell(f"disputes: {quarrels.tell_quarrels(owners, manager=manager, mediator=mediator)}")


def load_companies(*, tell: Tell) -> tuple[dict[str, Member], dict[str, Member]]:
    """All sellers and all buyers by their codes, verified as far as luck has it."""
    now = timezone.now()
    officer, *_others = people.officers(now)
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
    """Seller by seller; each season is one transaction, so that an interrupted load goes on where it was."""
    now = asking.end_of_stories(timezone.now())
    rows = _orders_of(sellers)
    for code in dict.fromkeys(row["seller"] for row in rows):
        season = [row for row in rows if row["seller"] == code]
        told = trades.tell_season(season, buyers=buyers, seller=sellers[code], now=now)
        if told:
            tell(f"{code}: {told} orders told")
    count_figures(now=timezone.now())


def read_old_news(companies: list[int]) -> None:
    """The members of these companies, and the officers, have read what they were told until two days ago."""
    now = timezone.now()
    officers = [officer.user for officer in people.officers(now)]
    read_what_came(companies, people=officers, before=now - trades.UNREAD_FOR)


def draw_papers(*, tell: Tell) -> None:
    """Take part in the work of the slow lane until nothing waits there: with workers running and without."""
    drawn = 0
    while done := drain(Lane.SLOW, seconds=5.0):
        drawn += done
        tell(f"papers drawn here: {drawn}")


def _orders_of(sellers: Container[str]) -> list[dict[str, str]]:
    return [row for row in rows_of(DATA / "orders.csv") if row["seller"] in sellers]
