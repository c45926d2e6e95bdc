"""What lies beside a year of orders: conversations, files of listings, what buyers keep, claims at the desk, work that was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench.filling import fill

if TYPE_CHECKING:
    from bench.year import Cast

#: messages of a conversation
SAID = 4
IMPORTS, FAVOURITES, SEARCHES = 500, 480, 50
TABLES = ("identity_thread", "identity_message", "identity_readmark", "kernel_delivery", "documents_paper")


def written(cursor: Any, cast: Cast) -> None:
    talk(cursor, cast)
    imports(cursor)
    kept(cursor, cast)
    claims(cursor, cast)
    deliveries(cursor)


def talk(cursor: Any, cast: Cast) -> None:
    """About half of the busy companies' orders somebody asked something; the last twentieth is unread."""
    from identity.models import Message, ReadMark, Thread
    from kernel.ids import public_id

    talked = "deal WHERE n % 8 = 0 OR n % 10 = 0"
    last = f"deal.id * {SAID} + {SAID}"
    fill(
        cursor,
        Thread,
        talked,
        id="deal.id",
        kind="'order'",
        matter="deal.uid",
        matter_id="'ord_bench'",
        title_en="'SH-' || n",
        title_zh="'SH-' || n",
        buyer_id="buyer",
        seller_id="seller",
        opened_at="at",
        last_at="at + interval '2 days'",
        last_message_key=last,
        last_company_id="CASE WHEN n % 3 = 0 THEN buyer ELSE seller END",
    )
    fill(
        cursor,
        Message,
        f"generate_series(1, {SAID}) AS said CROSS JOIN {talked}",
        id=f"deal.id * {SAID} + said",
        thread_id="deal.id",
        company_id="CASE WHEN said % 2 = 1 THEN buyer ELSE seller END",
        author_id="(SELECT min(id) FROM identity_user)",
        body="'When does it leave, and with which carrier? We count it on arrival.'",
        at="at + said * interval '12 hours'",
    )
    for user, company, _slug in cast.told:
        fill(
            cursor,
            ReadMark,
            f"deal WHERE (n % 8 = 0 OR n % 10 = 0) AND {company} IN (seller, buyer) AND p < .95",
            thread_id="deal.id",
            user_id=str(user),
            company_id=str(company),
            message_key=last,
            at="at + interval '3 days'",
        )
    for who in cast.sessions.values():
        newest = Thread.objects.filter(seller__slug=who["slug"]).order_by("-pk").first()
        who["thread"] = public_id(Thread.PREFIX, newest.uid) if newest else ""


def imports(cursor: Any) -> None:
    """Of the busy seller."""
    from bench.year import FIRST_SELLER
    from catalog.models import ImportJob

    fill(
        cursor,
        ImportJob,
        f"generate_series(1, {IMPORTS}) AS n",
        company_id=str(FIRST_SELLER),
        file="'imports/bench.csv'",
        file_name="'listings-' || n || '.csv'",
        digest="lpad(n::text, 64, '0')",
        state="'done'",
        rows_total="500",
        rows_done="500",
        rows_changed="480",
        rows_refused="n % 20",
        actor="'member:1'",
        created_at=f"now() - ({IMPORTS} - n) * interval '17 hours'",
        finished_at=f"now() - ({IMPORTS} - n) * interval '17 hours'",
    )


def kept(cursor: Any, cast: Cast) -> None:
    """By the busy buyer, nearly as much as may be kept."""
    from catalog.models import Favourite, SavedSearch

    mine = {"company_id": str(cast.buyer.pk), "saved_by_id": "(SELECT min(id) FROM identity_user)"}
    goods = (
        f"(SELECT id FROM catalog_product WHERE state = 'published' ORDER BY id LIMIT {FAVOURITES}) AS goods"
    )
    fill(cursor, Favourite, goods, **mine, product_id="goods.id", saved_at="now()")
    many = f"generate_series(1, {SEARCHES}) AS n"
    fill(cursor, SavedSearch, many, **mine, name="'Search ' || n", query="'q=steel'", saved_at="now()")


def claims(cursor: Any, cast: Cast) -> None:
    """Of every buyer one that was sent in, and one that waits of every fourth."""
    from identity.models import Claim

    buyers = "identity_company WHERE slug LIKE 'year-buyer-%'"
    fill(
        cursor,
        Claim,
        buyers,
        company_id="id",
        kind="'registration'",
        state="CASE WHEN id % 4 = 0 THEN 'submitted' ELSE 'refused' END",
        statement="'Extract of today'",
        reason="CASE WHEN id % 4 = 0 THEN '' ELSE 'Not the latest' END",
        submitted_at="now() - interval '9 days'",
    )


def deliveries(cursor: Any) -> None:
    """One for every tenth event; some wait, a few are parked."""
    from kernel.models import Delivery

    fill(
        cursor,
        Delivery,
        "kernel_event WHERE id % 10 = 0",
        event_id="id",
        handler="'documents.render_papers'",
        lane="CASE WHEN id % 3 = 0 THEN 'slow' ELSE 'fast' END",
        due_at="at",
        attempts="1",
        done_at="CASE WHEN id % 2000 <> 0 THEN at END",
        parked_at="CASE WHEN id % 20000 = 0 THEN at END",
    )
