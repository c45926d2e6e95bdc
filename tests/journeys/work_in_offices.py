"""What the offices of the demo do: cases are assigned, taken, written in and passed on; claims and policies are decided."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, expect

from disputes.models import Case, Official
from identity.models import AssuranceLevel, Issuer
from sme_hub.demo.loading import offices
from tests.journeys.visitor import Visitor
from tests.stack import Stack

# --- the case office -----------------------------------------------------------------------------------------------


def case_number(po_number: str) -> str:
    return str(Case.objects.get(order__po_number=po_number).number)


def the_manager_asks_the_mediator(visitor: Visitor, *cases: str) -> None:
    seat: Any = Official.objects.get(user__email=offices.MEDIATOR)
    visitor.becomes("manager")
    for case in cases:
        visitor.task(case).click()
        visitor.is_pictured("manager-case")
        visitor.fills_in(mediator=seat.public_id)
        visitor.presses("Ask to disclose")
        visitor.sees("The mediator is asked.")
        visitor.page.locator("nav.tabs a[href$='/mediation/']").click()


def the_mediator_declines(visitor: Visitor, case: str) -> None:
    visitor.becomes("mediator")
    visitor.task(case).click()
    visitor.is_pictured("mediator-asked")
    visitor.confirms("decline", "本月无暇 No time this month")
    visitor.sees("You have declined.")
    expect(visitor.page.locator("main")).not_to_contain_text(case)


def the_mediator_discloses(visitor: Visitor, case: str) -> None:
    visitor.task(case).click()
    visitor.fills_in(disclosure="与双方均无往来 No dealings with either")
    visitor.presses("Disclose and accept")
    visitor.sees("The parties read your disclosure.")


def the_mediator_writes_to_both(visitor: Visitor, case: str) -> None:
    visitor.becomes("mediator")
    visitor.task(case).click()
    visitor.page.locator("#words-joint").fill(f"周四见 See you on Thursday ({visitor.language})")
    visitor.presses("Send to: %(room)s", room=visitor.says("Joint room"))
    visitor.sees("Sent.")
    visitor.is_pictured("mediator-room")


def the_buyer_passes_the_settlement_on(visitor: Visitor, case: str) -> None:
    visitor.becomes("buyer")
    visitor.opens_case(case)
    visitor.is_pictured("case-signed")
    visitor.presses("Pass it on")
    visitor.sees("The settlement is on its way to the desk.")


def the_registrar_looks_at_what_is_held(visitor: Visitor, case: str) -> None:
    """Nothing is to be paid under it: the desk lets a person look first."""
    visitor.becomes("registrar")
    visitor.task(case).click()
    visitor.sees("What was passed on")
    visitor.is_pictured("registrar-case")
    visitor.presses("Put it before the arbitrator")
    visitor.sees("It goes before the arbitrator. Look again in a moment.")


def the_registrar_reads_the_award(visitor: Visitor, case: str, demo: Stack) -> str:
    """What the desk has decided meanwhile; its number."""
    visitor.becomes("registrar")
    visitor.page.locator("main").get_by_role("link", name=case).first.click()
    award = visitor.page.locator("main").get_by_text(re.compile("^SIM-SCIA-"))
    demo.wait_until(lambda: visitor.looks_again() or award.count(), what="the desk decides")
    return award.first.inner_text()


# --- the programme office ------------------------------------------------------------------------------------------


def claims_of(visitor: Visitor) -> Locator:
    """The claims on an officer's home, below what else waits there."""
    return visitor.page.locator("section:has(#waiting) ul.tasks")


def the_first_claim(visitor: Visitor, **decision: str) -> str:
    """Decided, from the home of the officer; whose it was."""
    claim = claims_of(visitor).locator("li a").first
    company = claim.locator("b").inner_text()
    claim.click()
    visitor.is_pictured("claim")
    visitor.fills_in(**decision)
    visitor.presses("Record the decision")
    visitor.sees("The decision is recorded; the owners are told by mail.")
    return company


def the_officer_drafts(visitor: Visitor, jurisdiction: str) -> None:
    """And approves, which alone has no force."""
    page = visitor.page
    visitor.goes_to("/programme/")
    visitor.follows("All records")
    page.locator("a.addlink[href*=recognitionpolicy]").click()
    issuer = Issuer.objects.get(code="corppass-demo")
    level = AssuranceLevel.objects.filter(framework=issuer.framework).order_by("rank").first()
    assert level is not None
    visitor.fills_in(issuer=issuer.pk, min_level=level.pk)
    visitor.fills_in(
        recognised_rank="1", relying_jurisdiction=jurisdiction, purpose="browse", legal_note="演示 Demo"
    )
    visitor.is_pictured("draft")
    visitor.presses("Save")
    visitor.sees("Drafted. It has no force until two officers have approved it.")
    approve_the_newest(visitor)
    expect(page.locator("#result_list tbody tr").first).to_contain_text(
        visitor.says("%(count)d of 2 approvals", count=1)
    )


def approve_the_newest(visitor: Visitor) -> None:
    visitor.page.locator("#result_list tbody tr").first.locator("[name=_selected_action]").check()
    visitor.page.locator("select[name=action]").select_option("approve")
    visitor.is_pictured("policies")
    visitor.page.locator("#changelist-form button[name=index]").click()
    visitor.presses("Record the decision")
