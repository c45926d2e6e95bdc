"""Which guides there are, for whom, in which order, and which pages they are about."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Guide:
    """One task. `about` names the pages that lead here by their “How this works”; its steps are taken there, on pages that the
    guide links to, and `on` further ones: what it quotes stands on one of them.
    """

    code: str
    about: tuple[str, ...] = ()
    on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shelf:
    """The guides of one role."""

    code: str
    words: Any
    icon: str
    guides: tuple[Guide, ...]


SHELVES = (
    Shelf(
        "everybody",
        _("For everybody"),
        "users",
        (
            Guide("register-a-company", ("company_new", "member_invite", "members", "company")),
            Guide("follow-what-waits", ("inbox", "inbox_preferences")),
            Guide("talk-to-the-other-side", ("talk", "thread", "talk_ask"), on=("product", "order", "case")),
            Guide(
                "secure-your-account",
                ("security", "usersessions_list", "mfa_list_webauthn"),
                on=(
                    "mfa_activate_totp",
                    "mfa_view_recovery_codes",
                    "account_login",
                    "account_request_login_code",
                ),
            ),
            Guide("show-who-you-are", ("show_who", "recognition"), on=("checkout",)),
            Guide("link-your-two-cities", ("identities", "linking")),
            Guide("know-your-data", ("my_data", "privacy"), on=("orders",)),
            Guide("give-mandates", ("mandates", "mandate_new")),
        ),
    ),
    Shelf(
        "sellers",
        _("For sellers"),
        "store",
        (
            Guide("list-a-product", ("listings", "listing", "listing_new", "listing_edit")),
            Guide("import-a-file", ("imports", "import", "import_new")),
            Guide("ask-for-a-check", ("claims", "claim_submit")),
            Guide("answer-an-order", on=("order",)),
            Guide("send-goods-in-parts", ("order_despatch",), on=("order", "papers")),
            Guide("take-an-offer-of-money", ("finance", "finance_offer", "bank", "bank_set"), on=("order",)),
        ),
    ),
    Shelf(
        "buyers",
        _("For buyers"),
        "shopping-cart",
        (
            Guide("find-and-order", ("search", "product", "basket", "cart", "checkout"), on=("show_who",)),
            Guide("keep-what-you-need", ("saved", "quick_order"), on=("search",)),
            Guide("have-orders-approved", ("approvals", "approval", "spending_limit")),
            Guide("follow-an-order", ("order", "orders", "papers", "paper")),
            Guide("pay-and-prove-it", ("order_payment",), on=("order", "bank")),
            Guide("count-what-arrives", ("order_receive",)),
        ),
    ),
    Shelf(
        "disputes",
        _("For the parties of a dispute"),
        "scale",
        (
            Guide("open-a-case", ("cases", "case_new"), on=("case", "case_record", "thread")),
            Guide("settle-in-mediation", ("case",), on=("workspace",)),
        ),
    ),
    Shelf(
        "mediators",
        _("For mediators and case managers"),
        "handshake",
        (
            Guide("mediate-a-case", ("mediation:index", "mediation:case")),
            Guide(
                "assign-a-mediator",
                ("mediation:disputes_appointment_changelist", "mediation:disputes_filing_changelist"),
                on=("mediation:case",),
            ),
        ),
    ),
    Shelf(
        "officers",
        _("For programme officers"),
        "shield-check",
        (
            Guide(
                "verify-a-company",
                (
                    "programme",
                    "admin:identity_claim_changelist",
                    "admin:identity_claim_decide",
                    "admin:identity_claim_change",
                ),
            ),
            Guide(
                "compare-with-lists",
                (
                    "admin:identity_candidate_changelist",
                    "admin:identity_candidate_decide",
                    "admin:identity_candidate_change",
                    "admin:identity_listsnapshot_changelist",
                    "admin:identity_listsnapshot_change",
                    "admin:identity_listsnapshot_import",
                ),
            ),
            Guide(
                "suspend-a-company", ("admin:identity_company_changelist", "admin:identity_company_change")
            ),
            Guide(
                "recognise-identities",
                (
                    "admin:identity_issuer_changelist",
                    "admin:identity_recognitionpolicy_changelist",
                    "admin:identity_recognitionpolicy_add",
                ),
            ),
            Guide("ask-for-identities", ("admin:identity_purposerequirement_changelist",)),
        ),
    ),
    Shelf(
        "operators",
        _("For operators"),
        "wrench",
        (
            Guide("watch-the-hub", ("admin:index", "admin:kernel_event_changelist")),
            Guide(
                "replay-a-parked-delivery",
                ("admin:kernel_delivery_changelist", "admin:kernel_delivery_change"),
            ),
            Guide("back-up-and-restore"),
            Guide("connect-an-issuer", ("admin:identity_issuer_add",)),
            Guide("rotate-keys", ("tokens", "token_new")),
        ),
    ),
)


@functools.cache
def all_guides() -> tuple[Guide, ...]:
    """In the order in which one would read them."""
    return tuple(guide for shelf in SHELVES for guide in shelf.guides)


def shelf_of(guide: Guide) -> Shelf:
    return next(shelf for shelf in SHELVES if guide in shelf.guides)


def guide_named(code: str) -> Guide | None:
    return next((guide for guide in all_guides() if guide.code == code), None)


@functools.cache
def _by_page() -> dict[str, str]:
    return {page: guide.code for guide in all_guides() for page in guide.about}


def guide_about(page: str) -> str:
    """Code of the guide about a page, by the name of its address; empty where there is none."""
    return _by_page().get(page, "")


def beside(guide: Guide) -> tuple[Guide | None, Guide | None]:
    """The one before and the one after."""
    guides = all_guides()
    place = guides.index(guide)
    before = guides[place - 1] if place else None
    after = guides[place + 1] if place + 1 < len(guides) else None
    return before, after
