"""Every page of a workspace × every role of a member: who reads it and who acts there.

An address of a workspace without a row fails, and so does one that answers otherwise than its row says. Deny by default:
a role reads or does what its work needs. What a role may not see at all is not found (404); what it sees and may not do is
refused by a page that says so (403).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.roof.crowd import MEMBERS, Crowd, roles_of, rows
from tests.roof.test_everybody import ours
from tests.roof.world import asked

#: In the seller's workspace, where the order was confirmed and partly sent, a case is in mediation and a bank has offered.
#: “–”: there is no such method. “nobody”: the other side's. The others are refused (403), or what the last column says.
SELLERS = """
#                       reads                               acts                                the others
workspace               all                                 –
find                    all                                 –

orders                  all                                 –
orders_export           all                                 –
order_lines_export      all                                 –
order                   all                                 –
order_print             all                                 –
order_accept            –                                   seller
order_refuse            –                                   seller
order_freight           –                                   seller
order_payment           finance                             finance
order_despatch          seller, logistics                   seller, logistics
order_agree             –                                   nobody
order_cancel            –                                   nobody
order_again             –                                   nobody
order_receive           nobody                              nobody

approvals               buyer, approver                     –
approvals_export        buyer, approver                     –
spending_limit          owner                               owner
approval                nobody                              –                                   404
approval_give           –                                   nobody                              404
approval_decline        –                                   nobody                              404
approval_withdraw       –                                   nobody                              404
approval_again          –                                   nobody                              404

papers                  all                                 –
papers_export           all                                 –
order_papers            all                                 –
paper                   all                                 seller, finance, logistics
paper_file              all                                 –

cart                    all                                 –
cart_set                –                                   buyer
cart_remove             –                                   buyer
cart_currency           –                                   buyer
quick_order             buyer                               buyer
checkout                buyer                               buyer
saved                   all                                 –
saved_export            all                                 –
saved_product           –                                   all
saved_seller            –                                   all
saved_search_new        –                                   all
saved_search_rename     –                                   all
saved_search_remove     –                                   all

talk                    all                                 –
talk_export             all                                 –
talk_ask                all                                 all
thread                  all                                 all
thread_news             all                                 –

cases                   seller, buyer, approver, finance    –
cases_export            seller, buyer, approver, finance    –
case_new                seller, buyer, approver, finance    seller, buyer, approver, finance
case                    seller, buyer, approver, finance    –                                   404
case_room               seller, buyer, approver, finance    –                                   404
case_record             nobody                              –                                   404     # until it is over
case_file               seller, buyer, approver, finance    –                                   404
case_session            seller, buyer, approver, finance    –                                   404
case_act                –                                   seller, buyer, approver, finance    404

order_finance           seller, finance                     –                                   404
finance_ask             –                                   finance
finance                 finance                             –
finance_export          finance                             –
finance_preference      –                                   finance
finance_offer           finance                             finance
finance_decline         –                                   finance
finance_withdraw        –                                   finance
financing               nobody                              –                                   404
financing_export        nobody                              –                                   404
financing_file          nobody                              –                                   404
financing_act           –                                   nobody                              404

listings                seller                              –
listings_export         seller                              –
listings_act            –                                   seller
listing                 seller                              –
listing_new             seller                              seller
listing_edit            seller                              seller
listing_attributes      seller                              –
listing_hs              seller                              –
listing_publish         –                                   seller
listing_pause           –                                   seller
listing_end             –                                   seller
listing_stock           seller                              seller
listing_pictures        seller                              seller
listing_picture_act     –                                   seller
listing_sheets          seller                              seller
listing_sheet_remove    –                                   seller
imports                 seller                              –
imports_export          seller                              –
import_new              seller                              seller
import_template         seller                              –
import                  seller                              –
import_problems         seller                              –
import_run              –                                   seller

company                 all                                 –
company_edit            owner                               owner
claims                  all                                 –
claims_export           all                                 –
claim_submit            owner                               owner
claim_withdraw          –                                   owner
bank                    all                                 –                                   # printed on every invoice
bank_set                finance                             finance
bank_change             finance                             finance                                     # a second one confirms
bank_change_withdraw    –                                   finance
bank_end                –                                   finance
members                 all                                 –
members_export          all                                 –
member_invite           owner                               owner
member_roles            owner                               owner
mandates                owner                               –
mandates_export         owner                               –
mandate_new             owner                               owner
mandate_revoke          –                                   owner
member_end              –                                   owner                               # and everybody their own
invitation_revoke       –                                   owner
addresses               all                                 –
addresses_export        all                                 –
address_new             seller, buyer, finance, logistics   seller, buyer, finance, logistics
address_edit            seller, buyer, finance, logistics   seller, buyer, finance, logistics
address_end             –                                   seller, buyer, finance, logistics
tokens                  all                                 –                                   # their own; an owner all
tokens_export           all                                 –                                   # their own; an owner all
token_new               all                                 all                                 # of roles that they have
token_revoke            –                                   owner                               404
"""
#: The same deal in the buyer's workspace.
BUYERS = """
order                   all                                 –
order_print             all                                 –
order_accept            –                                   nobody
order_refuse            –                                   nobody
order_freight           –                                   nobody
order_payment           nobody                              nobody
order_despatch          nobody                              nobody
order_agree             –                                   buyer, approver
order_cancel            –                                   buyer
order_again             –                                   buyer
approval                buyer, approver                     –
approval_give           –                                   approver
approval_decline        –                                   approver
approval_withdraw       –                                   buyer
approval_again          –                                   buyer
order_receive           buyer, logistics                    buyer, logistics
order_papers            all                                 –
paper                   all                                 nobody
paper_file              all                                 –
talk_ask                all                                 all
thread                  all                                 all
thread_news             all                                 –
case_new                seller, buyer, approver, finance    seller, buyer, approver, finance
case                    seller, buyer, approver, finance    –                                   404
case_room               seller, buyer, approver, finance    –                                   404
case_record             nobody                              –                                   404     # until it is over
case_file               seller, buyer, approver, finance    –                                   404
case_session            seller, buyer, approver, finance    –                                   404
case_act                –                                   seller, buyer, approver, finance    404
order_finance           nobody                              –                                   404
"""
#: In the workspace of the bank that made the offer.
BANKS = """
financing               finance                             –
financing_export        finance                             –
financing_file          finance                             –
financing_act           –                                   finance
order                   nobody                              –                                   404
order_finance           nobody                              –                                   404
order_papers            nobody                              –                                   404
paper                   nobody                              nobody                              404
case                    nobody                              –                                   404
"""
#: filled in well enough for the verb to be asked, which says who may
SENT = {
    "order_refuse": {"reason": "Out of stock"},
    "order_cancel": {"reason": "Ordered twice"},
    "order_freight": {"amount": "9.00"},
    "order_agree": {"freight_seen": "9.00"},
    "approval_decline": {"reason": "Too many"},
    "cart_currency": {"currency": "SGD"},
    "paper": {"reason": "Another number", "po_number": "PO-77"},
    "financing_act": {"ask": "reserve"},
    "saved_search_new": {"name": "Tape", "query": "q=tape"},
    "message": {"zone": "joint", "meant_for": "joint", "words": "Hello."},
}
WORKSPACES = {"alice": rows(SELLERS), "bo": rows(BUYERS), "bank": rows(BANKS)}
#: what is told to who may: the page, on to another, a conflict with how things stand, something to mend
READ, DONE = {200, 302}, {200, 302, 409, 422}


def test_every_page_of_a_workspace_has_a_row() -> None:
    assert sorted(WORKSPACES["alice"]) == sorted(route.name for route in ours() if "company" in route.parts)


@pytest.mark.parametrize("company", WORKSPACES)
def test_roles_read_what_the_table_says(crowd: Crowd, company: str) -> None:
    wrong = []
    for name, (reads, _acts, *others) in WORKSPACES[company].items():
        address = crowd.address(name, company)
        for role in MEMBERS if reads != "–" else MEMBERS[:1]:
            answer = asked(crowd.client(f"{company} {role}"), "GET", address)
            if (said := _amiss(answer, role, reads, READ, others)) is not None:
                wrong.append(f"{name} for {role}: {said}")
    assert wrong == []


@pytest.mark.parametrize("company", WORKSPACES)
def test_roles_do_what_the_table_says(crowd: Crowd, company: str) -> None:
    wrong = []
    for name, (_reads, acts, *others) in WORKSPACES[company].items():
        address, sent = crowd.address(name, company), _sent(crowd, name)
        for role in MEMBERS if acts != "–" else MEMBERS[:1]:
            answer = crowd.posted(f"{company} {role}", address, sent)
            if (said := _amiss(answer, role, acts, DONE, others)) is not None:
                wrong.append(f"{name} for {role}: {said}")
    assert wrong == []


def test_everybody_may_leave(crowd: Crowd) -> None:
    for role in MEMBERS[1:]:
        member = crowd.people[f"alice {role}"]
        own = crowd.world.alice.company.memberships.get(user=member.user).public_id
        answer = crowd.posted(f"alice {role}", crowd.address("member_end", "alice", member=own))
        assert (answer.status_code, answer["Location"]) == (302, "/desk/"), role


# --- who is no member, and what is not theirs -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "who", ["former", "clerk", "head", "operator", "mediator", "manager", "desk", "bank owner"]
)
def test_who_is_no_member_finds_no_workspace(crowd: Crowd, who: str) -> None:
    """Whatever they oversee or settle: pages of a company are for its members."""
    wrong = []
    for name, (reads, acts, *_others) in WORKSPACES["alice"].items():
        for method in ["GET"] * (reads != "–") + ["POST"] * (reads == "–" or who == "former" and acts != "–"):
            found = asked(crowd.client(who), method, crowd.address(name, "alice")).status_code
            if found != 404:
                wrong.append(f"{method} {name}: {found}")
    assert wrong == []


#: of addresses that name a thing, those that name what everybody may name: goods on sale, sellers, kinds, formats
PUBLIC_THINGS = {
    *("saved_product", "saved_seller", "checkout", "claim_submit", "claim_withdraw", "bank_set"),
    *("listings_export", "import_template", "orders_export", "order_lines_export", "papers_export"),
    *("cases_export", "approvals_export", "imports_export", "finance_export", "talk_export", "saved_export"),
    *("members_export", "mandates_export", "addresses_export", "tokens_export", "claims_export"),
}


#: the bank made the offer, so it sees what is the seller's to say
SEEN = {("bank", "POST finance_decline"), ("bank", "POST finance_withdraw")}


@pytest.mark.parametrize("company", ["charlie", "bo", "bank"])
def test_things_of_others_are_not_found_in_ones_own_workspace(crowd: Crowd, company: str) -> None:
    """A known id of Alice's company is no way to it: not even for an owner, under the address of their own company."""
    who = company if company == "charlie" else f"{company} owner"
    wrong = []
    for name in sorted(set(_naming()) - PUBLIC_THINGS - set(WORKSPACES.get(company, ()))):
        address, client = crowd.address(name, company), crowd.client(who)
        answers = {
            "GET": asked(client, "GET", address),
            "POST": crowd.posted(who, address, _sent(crowd, name)),
        }
        for method, answer in answers.items():
            right = {403} if (company, f"{method} {name}") in SEEN else {404, 405}
            if answer.status_code not in right:
                wrong.append(f"{method} {name}: {answer.status_code}")
    assert wrong == []


def _naming() -> Iterator[str]:
    for route in ours():
        if "company" in route.parts and len(route.parts) > 1:
            yield route.name


def _sent(crowd: Crowd, name: str) -> dict:
    things = {"cart_set": {"quantity": "10"}, "cart_remove": {}}
    if name in things:
        return {"product": crowd.world.ids["alice"]["product"], **things[name]}
    return SENT["message"] if name == "case_act" else SENT.get(name, {})


def _amiss(answer, role: str, cell: str, right: set[int], others: list[str]) -> str | None:
    """What is wrong with an answer; None where it is as the table says."""
    found = answer.status_code
    if cell == "–":
        return None if found == 405 else f"{found} instead of 405"
    if role in roles_of(cell):
        return None if found in right else f"{found} instead of {right}"
    wanted = int(others[0]) if others else 403
    if found != wanted:
        return f"{found} instead of {wanted}"
    return None if 'class="error-page"' in answer.content.decode() else "no page that says so"
