"""`python -m bench.year ORDERS`: a year of trade beside the catalogue, written in bulk by the database's owner; prints JSON.

Every fourth order is one company's sale and every fifth another's purchase: what they see is a busy company's year. Twenty
events lie behind each order, an invoice and an offer of money behind each of the seller's, a case behind some of the
buyer's, and two lines in the inbox of each of their people; `bench.year_beside` says what lies beside. For measuring only: no
verb has seen these rows.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import django

from bench import year_beside
from bench.filling import fill

EVENTS = 20
#: of the bench's sellers, the busy one first; buyers are made here
SELLERS, FIRST_SELLER, BUYERS = 55, 900_001, 200
FIRST_ORDER = 5_000_000
#: when each state holds, by how far the year had come (`p`, 0 to 1)
STATE = """CASE WHEN p > .997 THEN 'placed' WHEN p > .99 THEN 'confirmed' WHEN p > .985 THEN 'part_despatched'
    WHEN p > .97 THEN 'despatched' WHEN n % 40 = 0 THEN 'refused' WHEN n % 41 = 0 THEN 'lapsed'
    WHEN n % 43 = 0 THEN 'cancelled' ELSE 'completed' END"""
NAMES = "'{OrderPlaced,PapersNumbered,OrderConfirmed,PaymentReceived,GoodsDespatched,GoodsReceived,OrderCompleted}'::text[]"


def main(orders: int) -> None:
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.utils import timezone

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    began = time.monotonic()
    now = timezone.now()
    cast = Cast(now)
    with connection.cursor() as cursor:
        deals(cursor, cast, orders)
        trade(cursor)
        history(cursor)
        money(cursor, cast)
        quarrels(cursor, cast)
        inboxes(cursor, cast)
        year_beside.written(cursor, cast)
        for table in (
            "orders_order",
            "orders_orderline",
            "kernel_event",
            "identity_notice",
            "financing_offer",
            *year_beside.TABLES,
        ):
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("ANALYZE")
    written = time.monotonic() - began
    from financing.services import count_files
    from orders.services import count_figures

    began = time.monotonic()
    count_figures(now=now)
    count_files(now=now)
    counted = time.monotonic() - began
    print(json.dumps(cast.facts() | {"written": round(written), "counted": round(counted, 1)}))  # noqa: T201


class Cast:
    """A busy seller and a busy buyer with somebody for every role, an officer, the case office and a bank."""

    def __init__(self, now: Any) -> None:
        from financing.models import Bank
        from identity import services
        from identity.models import Company
        from identity.states import Role

        self.now = now
        self.sessions: dict[str, dict[str, str]] = {}
        self.told: list[tuple[int, int, str]] = []
        self.seller = Company.objects.get(pk=FIRST_SELLER)
        buyers = [self._buyer(number) for number in range(BUYERS)]
        self.buyer, self.others = buyers[0], buyers[1:]
        for role in (Role.SELLER, Role.FINANCE, Role.LOGISTICS):
            self._person(f"seller {role}", self.seller, role)
        for role in (Role.BUYER, Role.APPROVER, Role.FINANCE, Role.LOGISTICS):
            self._person(f"buyer {role}", self.buyer, role)
        officer = services.register_officer(
            email="officer@bench.example", password=None, name="Bench Officer", now=now
        )
        self._enters("officer", officer, "")
        operator = services.register_user(
            email="operator@bench.example", password=None, name="Bench Operator", now=now
        )
        services.people.appoint_operator(user=operator)
        self._enters("operator", operator, "")
        self.manager, self.mediator, _registrar = (
            self._official(who, kind)
            for who, kind in (("case manager", "manager"), ("mediator", "mediator"), ("registrar", "scia"))
        )
        lender = self._buyer(BUYERS)
        lender.is_bank, lender.buys = True, False
        lender.save()
        self.bank = Bank.objects.create(company=lender, code="bench", joined_at=now)
        self._person("bank", lender, Role.FINANCE)

    def _buyer(self, number: int) -> Any:
        from identity.models import Company

        return Company.objects.create(
            slug=f"year-buyer-{number}",
            legal_name=f"Bench Buyer {number} Ltd.",
            name_zh=f"试验{number}号买家",
            country="CN",
            registration_kind="other",
            registration_number=f"YEAR{number:05}",
            currency="SGD",
            time_zone="Asia/Shanghai",
            buys=True,
            sells=False,
            created_at=self.now,
        )

    def _person(self, code: str, company: Any, role: str) -> None:
        from datetime import timedelta

        from identity import services
        from identity.models import Membership

        email = f"{code.replace(' ', '-')}@bench.example"
        user = services.register_user(email=email, password=None, name=f"Bench {code}", now=self.now)
        Membership.objects.create(
            company=company, user=user, roles=[role], valid_from=self.now - timedelta(days=400)
        )
        self.told.append((user.pk, company.pk, company.slug))
        self._enters(code, user, company.slug)

    def _official(self, who: str, kind: str) -> Any:
        from disputes.services import appoint_official
        from identity import services

        email, name = f"{kind}@bench.example", f"Bench {who}"
        user = services.register_user(email=email, password=None, name=name, now=self.now)
        self._enters(who, user, "")
        return appoint_official(user=user, kind=kind, name_en=name, now=self.now)

    def _enters(self, code: str, user: Any, slug: str) -> None:
        from bench.people import session_of

        self.sessions[code] = {"session": session_of(user, slug), "slug": slug}

    def facts(self) -> dict[str, Any]:
        return {"people": self.sessions}


def deals(cursor: Any, cast: Cast, orders: int) -> None:
    """Who deals with whom, when, and how it stands: what every table below is made from."""
    cursor.execute(
        f"""
        CREATE TEMP TABLE deal AS
        SELECT n, p, {FIRST_ORDER} + n AS id, gen_random_uuid() AS uid, {STATE} AS state,
            now() - (1 - p) * interval '360 days' - interval '1 hour' AS at,
            CASE WHEN n % 5 = 0 THEN {cast.buyer.pk} ELSE (%(others)s::bigint[])[1 + n % {len(cast.others)}] END AS buyer,
            CASE WHEN n % 4 = 0 THEN {FIRST_SELLER} ELSE {FIRST_SELLER} + 1 + n % {SELLERS - 1} END AS seller
        FROM (SELECT n, n::float / {orders} AS p FROM generate_series(1, {orders}) AS n) AS numbered
        """.replace("n % ", "n %% "),
        {"others": [company.pk for company in cast.others]},
    )
    cursor.execute("CREATE INDEX ON deal (seller); CREATE INDEX ON deal (buyer); ANALYZE deal")


BOUND = "state IN ('confirmed', 'part_despatched', 'despatched', 'completed')"


def trade(cursor: Any) -> None:
    """Orders and their three lines."""
    from orders.models import Order, OrderLine

    party = (
        "jsonb_build_object('legal_name', '{0} ' || deal.{0}, 'name_en', '{0} ' || deal.{0}, 'name_zh', '')"
    )
    fill(
        cursor,
        Order,
        "deal",
        id="deal.id",
        uid="deal.uid",
        reference="'SH-' || lpad(deal.n::text, 10, 'Y')",
        buyer_id="deal.buyer",
        seller_id="deal.seller",
        state="deal.state",
        currency="CASE WHEN n % 3 = 0 THEN 'CNY' ELSE 'SGD' END",
        incoterm="'FCA'",
        incoterm_place="'Singapore'",
        po_number="CASE WHEN n % 2 = 0 THEN 'PO-' || n ELSE '' END",
        payment_terms="'net_30'",
        requested_date="(deal.at + interval '14 days')::date",
        bill_to={},
        ship_to={},
        buyer_party=party.format("buyer"),
        seller_party=party.format("seller"),
        lines_total="100 + n % 4000",
        tax_total="0",
        total="100 + n % 4000",
        placed_at="deal.at",
        placed_by_id="(SELECT min(id) FROM identity_user)",
        respond_by="CASE WHEN state = 'placed' THEN now() + interval '40 hours' ELSE at + interval '72 hours' END",
        confirmed_at=f"CASE WHEN {BOUND} THEN at + interval '3 hours' END",
        payment_due_on=f"CASE WHEN {BOUND} THEN (at + interval '30 days')::date END",
        amount_paid="CASE WHEN state = 'completed' AND (p < .9 OR n % 3 = 0) THEN 100 + n % 4000 ELSE 0 END",
    )
    sent = "CASE WHEN state IN ('despatched', 'completed') THEN 10 WHEN state = 'part_despatched' THEN 4 ELSE 0 END"
    fill(
        cursor,
        OrderLine,
        "deal CROSS JOIN generate_series(1, 3) AS line",
        order_id="deal.id",
        number="line",
        product_id=f"1000000 + (deal.seller - {FIRST_SELLER}) + {SELLERS} * ((n * 3 + line) % 150)",
        sku="'BN-' || n",
        name_en="'Goods of the bench'",
        origin="'SG'",
        unit="'H87'",
        quantity="10",
        tier_min_quantity="1",
        unit_price="3.5",
        line_total="35",
        despatched=sent,
        received="CASE WHEN state = 'completed' THEN 10 ELSE 0 END",
    )


def history(cursor: Any) -> None:
    """Twenty events behind each order; their indexes are built once, which is quicker than keeping them."""
    from kernel.models import Event

    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'kernel_event' AND indexname LIKE 'event_%'"
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    fill(
        cursor,
        Event,
        f"deal CROSS JOIN generate_series(0, {EVENTS - 1}) AS step",
        name=f"({NAMES})[1 + step % 7]",
        actor="'member:1'",
        company_id="CASE WHEN step % 2 = 0 THEN buyer ELSE seller END",
        subject_id="uid",
        about="uid",
        audience="ARRAY[least(buyer, seller), greatest(buyer, seller)]",
        payload={"order_id": 1},
        at="at + step * interval '1 hour'",
    )
    for _name, definition in indexes:
        cursor.execute(definition)


def money(cursor: Any, cast: Cast) -> None:
    """An invoice of the busy seller's every order, a round of asking, and an offer: the last hundred can be accepted, and a
    third of those of the last two months is paid out."""
    from documents.models import Paper, PaperVersion
    from financing.models import Offer, OfferRequest

    source = f"deal WHERE seller = {FIRST_SELLER} AND {BOUND}"
    mine = {"id": "deal.id", "company_id": "seller", "order_id": "deal.id"}
    fill(
        cursor,
        Paper,
        source,
        **mine,
        buyer_id="buyer",
        kind="'commercial_invoice'",
        year="2026",
        number="n",
        issued_on="at::date",
        created_at="at",
    )
    fill(
        cursor,
        PaperVersion,
        source,
        id="deal.id",
        paper_id="deal.id",
        version="1",
        data={},
        actor="'system:bench'",
        created_at="at",
    )
    asked = {"paper_id": "deal.id"}
    paid_out = "n % 3 = 0 AND p BETWEEN .82 AND .985"
    fill(
        cursor,
        OfferRequest,
        source,
        **mine,
        **asked,
        version_id="deal.id",
        asked_at="at",
        answered_at="at",
    )
    fill(
        cursor,
        Offer,
        source,
        **mine,
        **asked,
        request_id="deal.id",
        bank_id=str(cast.bank.pk),
        state=f"CASE WHEN p > .985 THEN 'offered' WHEN {paid_out} THEN 'disbursed'"
        " WHEN n % 7 = 0 THEN 'declined' ELSE 'expired' END",
        firm="true",
        quote_ref="'Q' || n",
        currency="'SGD'",
        invoice_amount="1000",
        advance_percent="80",
        advance_amount="800",
        interest="5",
        fee="3",
        all_in_cost="8",
        net_proceeds="792",
        apr_percent="9.1",
        recourse="'with'",
        repay_on="(at + interval '30 days')::date",
        made_at="at",
        expires_at="CASE WHEN p > .985 THEN now() + interval '2 days' ELSE at + interval '5 days' END",
        accepted_at=f"CASE WHEN {paid_out} THEN at END",
        verdict=f"CASE WHEN {paid_out} THEN 'clear' ELSE '' END",
        disbursed_at=f"CASE WHEN {paid_out} THEN at END",
        facility_ref=f"CASE WHEN {paid_out} THEN 'F' || n ELSE '' END",
        closed_at=f"CASE WHEN p <= .985 AND NOT ({paid_out}) THEN at + interval '5 days' END",
    )


#: of the busy buyer's cases: still open, in mediation, settled and passed to the desk
OPEN, MEDIATED, SETTLED = (
    "p > .98",
    "n % 150 = 0",
    "(n % 100 = 0 AND n % 150 <> 0 AND p > .98 OR n % 200 = 0 AND p <= .98)",
)


def quarrels(cursor: Any, cast: Cast) -> None:
    """A case about every tenth of the busy buyer's orders; the last forty are open, with the manager. A third of them has the
    mediator in it, and of the settled ones the desk has a filing."""
    from disputes.models import Appointment, Case, Filing, Terms

    cases = f"deal WHERE buyer = {cast.buyer.pk} AND n % 50 = 0"
    of_case = {"id": "deal.id", "case_id": "deal.id"}
    fill(
        cursor,
        Case,
        cases,
        id="deal.id",
        number="'MC-' || lpad(n::text, 10, 'Y')",
        order_id="deal.id",
        claimant_id="buyer",
        respondent_id="seller",
        state=f"CASE WHEN {SETTLED} THEN CASE WHEN {OPEN} THEN 'scia_filed' ELSE 'completed' END"
        f" WHEN NOT ({OPEN}) THEN 'closed' WHEN {MEDIATED} THEN 'mediating' ELSE 'awaiting_answer' END",
        kind="'quality'",
        amount="100",
        currency="'SGD'",
        remedy="'refund'",
        statement="'Not as agreed.'",
        opened_at="at",
        opened_by_id="(SELECT min(id) FROM identity_user)",
        rules={},
        evidence={},
        evidence_digest="''",
        manager_id=str(cast.manager.pk),
        mediator_id=f"CASE WHEN {MEDIATED} THEN {cast.mediator.pk} END",
        requested_at="at",
        served_at="at",
        respond_by=f"CASE WHEN {OPEN} AND NOT {SETTLED} THEN now() + interval '5 days' END",
        settled_at=f"CASE WHEN {SETTLED} THEN at + interval '2 days' END",
        ended_at=f"CASE WHEN NOT ({OPEN}) THEN at + interval '30 days' END",
        changed_at="at",
    )
    fill(
        cursor,
        Appointment,
        f"{cases} AND {MEDIATED}",
        **of_case,
        mediator_id=str(cast.mediator.pk),
        state="'confirmed'",
        asked_at="at",
        disclosed_at="at + interval '1 day'",
    )
    fill(
        cursor,
        Terms,
        f"{cases} AND {SETTLED}",
        **of_case,
        version="1",
        state="'signed'",
        governing_language="'en'",
        text_hash="'bench'",
        drafted_at="at",
        locked_at="at",
    )
    fill(
        cursor,
        Filing,
        f"{cases} AND {SETTLED}",
        **of_case,
        terms_id="deal.id",
        state=f"CASE WHEN {OPEN} THEN 'received' ELSE 'awarded' END",
        filed_at="at + interval '3 days'",
        packet={},
        manifest=[],
        manifest_digest="'bench'",
        reference="'SCIA-' || n",
        award_number=f"CASE WHEN {OPEN} THEN '' ELSE 'AW-' || n END",
        awarded_on=f"CASE WHEN NOT ({OPEN}) THEN (at + interval '9 days')::date END",
        answered_at=f"CASE WHEN NOT ({OPEN}) THEN at + interval '9 days' END",
    )


def inboxes(cursor: Any, cast: Cast) -> None:
    """Two lines of each order for each of the busy companies' people; a month lies unread, the last hundred wait."""
    from identity.models import Notice

    for user, company, slug in cast.told:
        fill(
            cursor,
            Notice,
            f"deal CROSS JOIN generate_series(1, 2) AS line WHERE {company} IN (seller, buyer) ORDER BY n",
            user_id=str(user),
            company_id=str(company),
            code="CASE WHEN line = 1 THEN 'order.to_answer' ELSE 'order.payment_noted' END",
            about="uid",
            event_id="deal.id * 2 + line",
            params={
                "order": "SH-1",
                "total": "S$1.00",
                "amount": "S$1.00",
                "party": {"en": "Bench", "zh": "试验"},
            },
            path=f"'/c/{slug}/orders/'",
            waits="line = 1",
            settled_at="CASE WHEN line = 1 AND p < .997 THEN at END",
            at="at",
            read_at="CASE WHEN p < .92 THEN at END",
            mail="'never'",
        )


if __name__ == "__main__":
    main(int(sys.argv[1]))
