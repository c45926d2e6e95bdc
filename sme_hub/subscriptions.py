"""The business's table of contents: who hears of what. The only module that knows both ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog import handlers as catalog
from catalog.events import ImportPartRead, ImportReceived
from disputes import handlers as disputes
from disputes.events import DeadlineSet, FilingAwaited, InstalmentWatched, SettlementFiled
from documents import handlers as documents
from documents.events import PapersNumbered
from financing import handlers as financing
from financing.events import BankInstructed, BankSilent, OfferAccepted, OfferMade, OffersWanted
from identity import handlers as identity
from identity.events import (
    BankAccountEnded,
    BankAccountSet,
    BankChangeAsked,
    ClaimDecided,
    CompanyEdited,
    CompanyRegistered,
    CompanyReinstated,
    CompanySuspended,
    EnquirySent,
    EntityBound,
    IdentityConnected,
    IdentityEnded,
    ListPartTaken,
    ListReady,
    ListReceived,
    MemberInvited,
    NoticeGiven,
    ScreeningWanted,
)
from kernel.events import BusinessEvent
from kernel.subscriptions import Subscription, fast, only, outside, slow, when
from orders import handlers as orders
from orders.events import (
    ApprovalAsked,
    FreightOffered,
    GoodsDespatched,
    OrderConfirmed,
    OrderPlaced,
    PaymentHeld,
    PaymentReceived,
    PaymentReleased,
)
from sme_hub import handlers as hub
from sme_hub.telling import told_by

#: what follows by itself; whom people hear of it from stands in `sme_hub.telling`
FOLLOWS: Mapping[type[BusinessEvent], Sequence[Subscription]] = {
    CompanyRegistered: [slow(identity.compare_company)],
    CompanyEdited: [only(identity.changes_names, slow(identity.compare_company))],
    ListReceived: [slow(identity.read_list)],
    ListPartTaken: [slow(identity.read_list)],
    ListReady: [slow(identity.compare_list), when("stale_at", fast(identity.note_stale))],
    ScreeningWanted: [slow(identity.compare_companies)],
    EnquirySent: [outside(identity.mail_enquiry)],
    IdentityConnected: [outside(identity.mail_identity)],
    IdentityEnded: [outside(identity.mail_identity)],
    MemberInvited: [outside(identity.mail_invitation)],
    ClaimDecided: [
        only(identity.verifies_a_name, fast(identity.end_accounts_never_verified)),
        outside(identity.mail_claim_decision),
    ],
    EntityBound: [fast(identity.end_accounts_never_verified), slow(identity.compare_bound)],
    CompanySuspended: [
        fast(catalog.clear_shelf),
        slow(catalog.fill_shelf),
        outside(identity.mail_standing),
    ],
    CompanyReinstated: [slow(catalog.fill_shelf), outside(identity.mail_standing)],
    BankAccountEnded: [outside(identity.mail_bank_account_ended)],
    BankAccountSet: [outside(identity.mail_bank_account_set)],
    BankChangeAsked: [
        outside(identity.mail_bank_change_asked),
        when("respond_by", fast(identity.lapse_bank_change)),
    ],
    ImportReceived: [slow(catalog.read_import)],
    ImportPartRead: [slow(catalog.import_part)],
    OrderPlaced: [fast(documents.number_confirmation), when("respond_by", fast(orders.lapse))],
    ApprovalAsked: [when("respond_by", fast(orders.lapse_approval))],
    FreightOffered: [when("respond_by", fast(orders.lapse))],
    OrderConfirmed: [fast(documents.number_invoice)],
    GoodsDespatched: [fast(documents.number_packing_list)],
    PapersNumbered: [
        slow(documents.render_papers),
        only(financing.holds_an_invoice, outside(financing.seek_offers)),
    ],
    PaymentReceived: [fast(financing.withdraw_when_paid)],
    PaymentHeld: [fast(financing.follow_hold)],
    PaymentReleased: [fast(financing.follow_hold)],
    OffersWanted: [outside(financing.seek_offers_again)],
    OfferMade: [when("expires_at", fast(financing.expire))],
    OfferAccepted: [outside(financing.tell_bank)],
    BankInstructed: [outside(financing.instruct_bank)],
    BankSilent: [when("ask_at", outside(financing.ask_bank_again))],
    DeadlineSet: [when("respond_by", fast(disputes.run_out))],
    SettlementFiled: [outside(disputes.file_with_scia)],
    FilingAwaited: [when("ask_at", outside(disputes.ask_scia))],
    InstalmentWatched: [when("late_at", fast(disputes.look_for_default))],
    NoticeGiven: [
        when("mail_at", outside(identity.mail_notice)),
        when("remind_at", outside(identity.remind)),
    ],
}
TOLD = told_by(hub.tell)

SUBSCRIPTIONS: Mapping[type[BusinessEvent], Sequence[Subscription]] = {
    event: [*FOLLOWS.get(event, ()), *TOLD.get(event, ())] for event in {**FOLLOWS, **TOLD}
}
