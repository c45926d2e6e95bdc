"""What people of the demo do to an order: each part entered by one click, each act pressed, each result read."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

# --- from hand to hand ---------------------------------------------------------------------------------------------


def the_buyer_orders_again(visitor: Visitor) -> str:
    visitor.becomes("buyer")
    visitor.opens_order("DEMO-002")
    visitor.presses("Order again")
    visitor.sees_text(visitor.says("In the cart, at today’s prices. Products: %d") % 3)
    visitor.is_pictured("cart")
    visitor.follows("Check out")
    visitor.fills_in(
        incoterm="CIF", place="Yantian, Shenzhen (CNYTN)", payment_terms="prepaid", po_number="HAND"
    )
    visitor.is_pictured("checkout")
    visitor.presses("Place order")
    visitor.page.wait_for_url("**/orders/ord_*/")
    reference = visitor.page.locator("h1").inner_text()
    visitor.sees("The order %(reference)s is placed.", reference=reference)
    return reference


def sales_offer_freight(visitor: Visitor, reference: str) -> None:
    visitor.becomes("sales")
    visitor.takes_up("answer", reference)
    visitor.fills_in(amount="95.00")
    visitor.presses("Offer freight")
    visitor.sees("The freight is offered. The buyer has 72 hours to agree.")


def the_buyer_agrees(visitor: Visitor, reference: str) -> None:
    visitor.becomes("buyer")
    visitor.takes_up("agree", reference)
    visitor.sees_text("95.00")
    visitor.sends_to("agree")
    visitor.sees("The order is confirmed.")


def the_buyers_finance_says_that_it_paid(visitor: Visitor, reference: str) -> None:
    visitor.becomes("buyer-finance")
    visitor.takes_up("pay", reference)
    visitor.sees("Pay by bank transfer to")
    visitor.follows("Ask the seller")
    visitor.ticks("paid")
    visitor.fills_in(body=f"{reference} 2026-11")
    visitor.presses("Send the message")
    visitor.sees("The payment has been sent; the transfer slip is attached or follows.")
    visitor.is_pictured("thread")


def the_sellers_finance_records_it(visitor: Visitor, reference: str) -> None:
    visitor.becomes("seller-finance")
    visitor.takes_up("note_payment", reference)
    visitor.follows("Record a payment")
    visitor.is_pictured("payment")
    visitor.presses("Record the payment")
    visitor.sees("The payment is recorded.")
    visitor.opens("Messages")
    visitor.sees_text(f"{reference} 2026-11")


def the_sellers_logistics_ship(visitor: Visitor, reference: str, *, tracking: str) -> None:
    visitor.becomes("seller-logistics")
    visitor.takes_up("send", reference)
    visitor.follows("Record a shipment")
    visitor.fills_in(carrier="Straits Container Line", tracking_number=tracking)
    visitor.is_pictured("despatch")
    visitor.presses("Record the shipment")
    visitor.sees("The shipment is recorded.")


def the_buyers_logistics_count(visitor: Visitor, reference: str, *, tracking: str) -> None:
    """Line by line, a pair of the first damaged."""
    visitor.becomes("buyer-logistics")
    visitor.takes_up("receive", reference)
    visitor.sees_text(tracking)
    visitor.follows("Count shipment %(number)s", number=1)
    visitor.fills_in(damaged__1="1", note="一箱受潮")
    visitor.is_pictured("receive")
    visitor.presses("Record what arrived")
    visitor.sees("What arrived is recorded.")
    visitor.sees("Everything has arrived and is paid.")


def fill_lines(visitor: Visitor) -> None:
    """One piece of the first line, nothing of the others."""
    fields = visitor.page.locator("main [name^='line-']")
    fields.first.wait_for()  # the page is on its way
    for number, field in enumerate(fields.all()):
        field.fill("0" if number else "1")


# --- over the limit, and money for its invoice ---------------------------------------------------------------------


def the_purchaser_asks(visitor: Visitor, *, again: str) -> None:
    visitor.becomes("purchaser")
    visitor.opens_order(again)
    visitor.presses("Order again")
    ask_at_checkout(visitor)


def ask_at_checkout(visitor: Visitor) -> None:
    visitor.follows("Check out")
    visitor.fills_in(payment_terms="net_30", incoterm="FOB", place="Port of Singapore (SGSIN)")
    visitor.presses("Ask for approval")
    visitor.sees("The approvers of your company are asked. Nothing is ordered yet.")


def the_approver_declines_the_newest(visitor: Visitor) -> None:
    visitor.becomes("approver")
    visitor.opens("Approvals")
    visitor.is_pictured("approvals")
    visitor.page.locator("main table tbody a").first.click()
    visitor.is_pictured("approval")
    visitor.confirms("decline", "下月预算 Next month’s budget")
    visitor.sees("Declined. Nothing was ordered.")


def the_purchaser_asks_once_more(visitor: Visitor) -> None:
    """From the inbox, where the answer and its reason are."""
    visitor.becomes("purchaser")
    visitor.page.locator("header a.tool[data-live]").click()
    visitor.is_pictured("inbox")
    visitor.page.locator("main .inbox a").first.click()
    visitor.sees_text("下月预算 Next month’s budget")
    visitor.presses("Into the cart again")
    ask_at_checkout(visitor)


def the_approver_approves_the_oldest(visitor: Visitor) -> str:
    """From the panel that heads their home."""
    visitor.becomes("approver")
    visitor.page.locator(".panel-ranking a[href*='/approvals/apr_']").first.click()
    visitor.sends_to("give")
    visitor.page.wait_for_url("**/orders/ord_*/")
    reference = visitor.page.locator("h1").inner_text()
    visitor.sees("Approved. The order %(reference)s is placed.", reference=reference)
    return reference


def the_seller_accepts(visitor: Visitor, reference: str) -> None:
    """And sees, without reload, what a bank offers for the invoice."""
    visitor.becomes("seller")
    visitor.takes_up("answer", reference)
    visitor.presses("Accept the order")
    visitor.sees("The order is confirmed.")
    expect(visitor.page.locator("#finance")).to_contain_text(visitor.says("You get now"))
    visitor.is_pictured("order-with-offer")


def the_sellers_finance_accepts_the_offer(visitor: Visitor, reference: str) -> None:
    visitor.becomes("seller-finance")
    visitor.opens("Invoice finance")
    visitor.looks_for(reference)
    visitor.page.locator("main table tbody a").first.click()
    visitor.sees("All-in cost as a yearly rate")
    visitor.is_pictured("offer")
    visitor.fills_in(sure=True)
    visitor.page.locator("main form.form button.button-main").click()
    visitor.sees("The offer is accepted. The bank is being told.")


def the_bank_pays_out(visitor: Visitor, reference: str) -> None:
    visitor.becomes("bank")
    visitor.opens("Financing files")
    visitor.looks_for(reference)
    visitor.page.locator("main table tbody a").first.click()
    visitor.sees("Digest of the signed pack")
    visitor.is_pictured("bank-file")
    visitor.presses("Pay out")
    expect(visitor.page.locator(".page-head")).to_contain_text(visitor.says("Paid out"))
