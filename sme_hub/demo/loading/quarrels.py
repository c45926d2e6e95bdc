"""Five disputes, each told from the claim to where it stands: `nominating`, `mediating`, `signed`, and `filed` twice.

What is filed goes to the simulated arbitration desk by its own worker, over the desk's wire. It brings the award of the one
under which something is paid; the other, under which goods are sent again, the desk holds for its registrar to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from disputes import services
from disputes.models import Case, Official
from disputes.queries import officials
from disputes.queries.packets import manifest_of, packet_of
from disputes.rules.clauses import Pair, Payment, digest
from disputes.rules.consents import CODES, text_hash
from disputes.services import ClaimMade
from disputes.states import OfficeKind, Remedy, SessionMode, TermsState, Zone
from identity.actors import Member, Staff
from identity.models import User
from orders.models import Order
from sme_hub.demo.files import DATA, rows_of
from sme_hub.demo.loading.asking import end_of_stories
from sme_hub.demo.loading.evidence import evidence_of
from sme_hub.demo.loading.moments import at_work, days_before, later_at_work
from sme_hub.demo.loading.past import live_until, read_what_came

Row = Mapping[str, str]
#: what people were told within this time lies unread
UNREAD_FOR = timedelta(days=2)


@dataclass
class Quarrel:
    row: Row
    claimant: Member
    respondent: Member
    manager: Staff
    mediator: Staff
    #: `cas_…`, once it is opened
    case: str = ""

    @property
    def amount(self) -> Decimal:
        return Decimal(self.row["amount"])

    def fetch(self) -> Case:
        found: Case = Case.objects.fetch(self.case)
        return found


Act = Callable[[Quarrel, datetime], object]


def tell_quarrels(
    owners: Mapping[str, Member], *, manager: Staff, mediator: Staff, rows: Iterable[Row] | None = None
) -> int:
    """The disputes of `rows`, or of cases.csv, between companies among `owners`. Returns how many; those known are left alone."""
    told = 0
    for row in rows_of(DATA / "cases.csv") if rows is None else rows:
        order = Order.objects.filter(
            po_number=row["po_number"], buyer__slug__in=owners, seller__slug__in=owners
        )
        deal = order.select_related("buyer", "seller").first()
        if deal is None or Case.objects.filter(order=deal).exists():
            continue
        claimant, respondent = owners[deal.buyer.slug], owners[deal.seller.slug]
        _tell(Quarrel(row, claimant, respondent, manager, mediator), deal, end_of_stories(timezone.now()))
        told += 1
    # stories of days before the rules gave every wait an end, which the product gives such cases when it starts
    services.wind_up_what_waits(now=timezone.now())
    return told


@transaction.atomic
def _tell(quarrel: Quarrel, deal: Order, now: datetime) -> None:
    """Act by act, what each sets off at its own time; nobody sees the case half-way."""
    at = days_before(now, float(quarrel.row["days_ago"]), quarrel.row["po_number"])
    _open(quarrel, deal, at)
    for number, (hours, act) in enumerate(_acts_to(quarrel.row["reaches"])):
        at = min(later_at_work(at, timedelta(hours=hours), f"{deal.po_number} {number}"), now)
        live_until(at)
        act(quarrel, at)
    lately = now - UNREAD_FOR
    live_until(now)
    read_what_came([deal.buyer_id, deal.seller_id], people=_the_office(), before=lately)


def _the_office() -> QuerySet[User]:
    """Everybody of it: a request is told to every manager, a filing to the arbitration desk."""
    return User.objects.filter(pk__in=[person for kind in OfficeKind for person in officials(kind)])


def _acts_to(state: str) -> list[tuple[int, Act]]:
    """The acts, each so many hours after the one before, until the case is in `state`."""
    stages: dict[str, list[tuple[int, Act]]] = {
        "nominating": [(26, _ask_for_mediation), (18, _serve), (40, _answer)],
        "mediating": [(18, _ask_mediator), (16, _disclose), (20, _accept), (20, _consent), (2, _talk)],
        "signed": [(70, _draft), (20, _lock), (18, _sign)],
        "filed": [(22, _file)],
    }
    acts: list[tuple[int, Act]] = []
    for reached, more in stages.items():
        acts += more
        if reached == state:
            return acts
    raise ValueError(f"no story leads to {state}")


# --- the acts ------------------------------------------------------------------------------------------------------


def _open(quarrel: Quarrel, deal: Order, now: datetime) -> None:
    row = quarrel.row
    claim = ClaimMade(
        kind=row["kind"], amount=quarrel.amount, remedy=row["remedy"], statement=row["statement"]
    )
    photograph = evidence_of("Photograph of the goods", [deal.reference, row["po_number"]])
    quarrel.case = services.open_case(
        actor=quarrel.claimant,
        order=deal.public_id,
        claim=claim,
        files=[(photograph, "photograph.png")],
        now=now,
    ).public_id


def _ask_for_mediation(quarrel: Quarrel, now: datetime) -> None:
    services.request_mediation(actor=quarrel.claimant, case=quarrel.case, urgent=True, now=now)


def _serve(quarrel: Quarrel, now: datetime) -> None:
    services.serve_request(actor=quarrel.manager, case=quarrel.case, now=now)


def _answer(quarrel: Quarrel, now: datetime) -> None:
    services.answer_case(
        actor=quarrel.respondent,
        case=quarrel.case,
        takes_part=True,
        answer=quarrel.row["answer"],
        now=now,
    )


def _ask_mediator(quarrel: Quarrel, now: datetime) -> None:
    seat = Official.objects.get(user=quarrel.mediator.user)
    services.ask_mediator(actor=quarrel.manager, case=quarrel.case, mediator=seat.public_id, now=now)


def _disclose(quarrel: Quarrel, now: datetime) -> None:
    words = "I have never worked for either party. 本人与双方均无任何业务往来。"
    services.disclose(actor=quarrel.mediator, case=quarrel.case, disclosure=words, now=now)


def _accept(quarrel: Quarrel, now: datetime) -> None:
    for party in (quarrel.respondent, quarrel.claimant):
        services.accept_mediator(actor=party, case=quarrel.case, now=now)


def _consent(quarrel: Quarrel, now: datetime) -> None:
    for party in (quarrel.claimant, quarrel.respondent):
        services.give_consent(actor=party, case=quarrel.case, ticks=CODES, text_seen=text_hash(), now=now)


def _talk(quarrel: Quarrel, now: datetime) -> None:
    """Everybody's first words, one private word each, and a session two working days on."""
    said: tuple[tuple[Member | Staff, Zone, str], ...] = (
        (
            quarrel.mediator,
            Zone.JOINT,
            "Welcome. Please say what matters most to you. 欢迎，请双方说明各自最关心的问题。",
        ),
        (quarrel.claimant, Zone.JOINT, "我们希望尽快了结，货品已影响使用。"),
        (quarrel.respondent, Zone.JOINT, "We want to keep this customer and to understand what happened."),
        (quarrel.claimant, Zone.CAUCUS_A, "私下说明：如能在本月内解决，金额可以再谈。"),
        (quarrel.respondent, Zone.CAUCUS_B, "In confidence: we could go up to half of the claim."),
    )
    for writer, zone, words in said:
        services.leave_message(
            actor=writer, case=quarrel.case, zone=zone, words=words, meant_for=zone, now=now
        )
    services.set_session(
        actor=quarrel.mediator,
        case=quarrel.case,
        zone=Zone.JOINT,
        mode=SessionMode.ONLINE,
        starts_at=at_work(now + timedelta(days=2)),
        minutes=90,
        place="Video room of the case office 案件办公室视频会议室",
        now=now,
    )


def _draft(quarrel: Quarrel, now: datetime) -> None:
    """Half of what was claimed is paid, or the goods are sent again, within thirty days."""
    due = timezone.localdate(now) + timedelta(days=30)
    again = quarrel.row["remedy"] == Remedy.REPLACE
    clauses, payments = _goods_again(due) if again else _half_paid(quarrel, due)
    services.draft_terms(
        actor=quarrel.mediator,
        case=quarrel.case,
        clauses=clauses,
        payments=payments,
        governing="en",
        now=now,
    )


def _half_paid(quarrel: Quarrel, due: date) -> tuple[list[Pair], list[Payment]]:
    currency, amount = quarrel.fetch().currency, (quarrel.amount / 2).quantize(Decimal("0.01"))
    pays = Pair(
        f"The seller pays the buyer {currency} {amount} by {due.isoformat()}.",
        f"卖方应于{due.year}年{due.month}月{due.day}日前向买方支付 {currency} {amount}。",
    )
    settles = Pair("With this payment the claim is settled.", "付款后本争议了结。")
    return [pays, settles], [Payment("b", amount, currency, due)]


def _goods_again(due: date) -> tuple[list[Pair], list[Payment]]:
    sends = Pair(
        f"The seller sends the missing goods by {due.isoformat()} at its own cost.",
        f"卖方应于{due.year}年{due.month}月{due.day}日前自费补发短少的货物。",
    )
    return [sends, Pair("With their arrival the claim is settled.", "货物送达后本争议了结。")], []


def _lock(quarrel: Quarrel, now: datetime) -> None:
    services.lock_terms(actor=quarrel.mediator, case=quarrel.case, now=now)


def _sign(quarrel: Quarrel, now: datetime) -> None:
    seen = quarrel.fetch().terms.get(state=TermsState.LOCKED).text_hash
    for party in (quarrel.respondent, quarrel.claimant):
        services.sign_terms(actor=party, case=quarrel.case, name=party.user.name, text_seen=seen, now=now)


def _file(quarrel: Quarrel, now: datetime) -> None:
    case = quarrel.fetch()
    manifest = manifest_of(packet_of(case, case.terms.get(state=TermsState.SIGNED)))
    services.file_settlement(
        actor=quarrel.claimant, case=quarrel.case, manifest_seen=digest(manifest), now=now
    )
