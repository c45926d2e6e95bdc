"""Which verbs ask who somebody is: found in the source, and held against the table of what is tried of each.

Every verb of the rooms in which companies deal stands in one of two lists: guarded, or open for a reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from identity.services.enforcing import GUARDED
from tests.architecture.house import ROOF, ROOT, STACK, imports, sources, tree
from tests.roof.guarded import ROWS

#: raise `AssuranceNeeded`
ASKING = ("identity.services.assurance.guard", "identity.services.assurance.require_assurance")
#: ask without doing anything: the page that says what is asked for
LOOKS = {"identity.views.showing.show_who"}
DEALING = ("orders", "documents", "financing", "disputes")

#: verbs that ask nobody who they are, and why not
OPEN = {
    "looks, asks or answers, and binds nobody": """
        orders.approving: ask_approval ask_once changes_since put_back
        orders.carting: put_in_cart set_quantity choose_currency merge_basket
        orders.pasting: put_in_by_sku
        orders.repeating: order_again
        financing.asking: ask_again
        financing.banks: set_preference
        disputes.answering: answer_case
        disputes.extending: ask_longer
        disputes.opening: open_case open_case_once request_mediation
        disputes.reading: note_reading
        disputes.talking: leave_message leave_message_once mark_read
    """,
    "steps back, or says no: the other side is left as it was": """
        orders.answering: refuse_order cancel_order
        orders.approving: decline_approval withdraw_approval
        financing.accepting: decline_offer withdraw_acceptance
        disputes.assigning: object_to_mediator
        disputes.ending: leave_mediation close_case
        disputes.opening: say_settled withdraw_case
    """,
    "says what has happened with goods or money, against one's own interest or for the other side to check": """
        orders.despatching: receive receive_once
        orders.paying: record_payment record_payment_once
        disputes.performing: begin_after_award receive_instalment confirm_performance report_performance contest_performance
    """,
    "for owners, about their own people": """
        orders.limiting: set_spending_limit
    """,
    "the mediator's and the office's: people whom the programme appointed": """
        financing.banks: enrol_bank
        disputes.answering: serve_request take_case
        disputes.assigning: ask_mediator disclose decline_appointment replace_mediator accept_mediator
        disputes.ending: end_mediation
        disputes.filing: ask_desk_again examine_filing admit_filing send_filing_back
        disputes.meeting: set_session cancel_session
        disputes.settling: draft_terms lock_terms reopen_draft
    """,
    "follows from acts that asked, or from the clock": """
        orders.holding: hold_payment release_hold
        documents.issuing: issue_confirmation issue_invoice issue_packing_list announce
        documents.rendering: keep_renditions
        financing.accepting: withdraw_open_offers
        financing.asking: keep_answers
        financing.disputing: hold_for_dispute release_from_dispute follow_hold
        financing.fetching: tell
        financing.telling: instruct_bank
        disputes.answering: serve_by_itself
        disputes.consenting: begin_if_both_consented
        disputes.ending: end close_by_itself
        disputes.fetching: await_until await_end await_by_rule wind tell
        disputes.meeting: call_off_what_is_ahead
        disputes.filing: give_up_desk
        disputes.performing: begin_performance await_performance count_as_performed watch
    """,
}


def test_every_guarded_verb_is_tried_and_nothing_is_tried_that_is_not_guarded() -> None:
    tried = {verb for row in ROWS for verb in row.verbs}
    assert guarded() == tried
    assert {row.purpose for row in ROWS} == set(GUARDED), "officers can ask for just what verbs ask"


def test_every_verb_of_a_deal_is_guarded_or_open_for_a_reason() -> None:
    listed = [verb for verbs in OPEN.values() for verb in _read(verbs)]
    assert len(listed) == len(set(listed))
    of_deals = {verb for verb in verbs() if verb.split(".")[0] in DEALING}
    assert set(listed) & guarded() == set(), "what asks is not open"
    missing = of_deals - guarded() - _with_their_once(set(listed))
    assert missing == set(), "say whether it binds the company: guard it, or list it with the reason"
    assert set(listed) - of_deals == set(), "verbs that are no more"


def _read(text: str) -> Iterator[str]:
    for line in text.strip().splitlines():
        module, names = line.split(":")
        room, file = module.strip().split(".")
        yield from (f"{room}.services.{file}.{name}" for name in names.split())


def _with_their_once(listed: set[str]) -> set[str]:
    """And verbs that only do what another does, under a key: they are guarded by it."""
    return listed | {name for name in verbs() if name.endswith("_once") and _wraps(name) in guarded()}


def _wraps(name: str) -> str:
    return name.removesuffix("_once")


# --- the source ------------------------------------------------------------------------------------------------------


def guarded() -> set[str]:
    """Verbs from which a call leads to what asks, through any helpers, up to the first verb; and what else asks."""
    found: set[str] = set()
    seen, ahead = set(ASKING), list(ASKING)
    while ahead:
        callee = ahead.pop()
        callers = [name for name, calls in _functions().items() if callee in calls]
        for caller in callers:
            if caller in verbs():
                found.add(caller)
            elif caller not in seen:
                seen.add(caller)
                ahead.append(caller)
        if not callers and callee not in LOOKS:
            raise AssertionError(f"{callee} asks, and no verb calls it")
    return found - set(ASKING)


@cache
def verbs() -> frozenset[str]:
    """Public functions of services that are told who acts, and when."""
    return frozenset(
        name
        for name, node in _definitions().items()
        if ".services" in name
        and name not in ASKING
        and not name.rsplit(".", 1)[1].startswith("_")
        and {"actor", "now"} <= {argument.arg for argument in node.args.kwonlyargs}
    )


@cache
def _definitions() -> dict[str, ast.FunctionDef]:
    return {
        f"{_module(path)}.{node.name}": node
        for room in (*STACK, ROOF)
        for path in sources(room)
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
    }


@cache
def _functions() -> dict[str, set[str]]:
    """By function, all that it names: what is called there, also where it is only handed on. By where it is defined."""
    by_name: dict[str, set[str]] = {}
    for name in _definitions():
        by_name.setdefault(name.rsplit(".", 1)[1], set()).add(name)
    found: dict[str, set[str]] = {}
    for room in (*STACK, ROOF):
        for path in sources(room):
            module = _module(path)
            imported = {name for _line, _from, names in imports(path) for name in names}
            for node in tree(path).body:
                if isinstance(node, ast.FunctionDef):
                    found[f"{module}.{node.name}"] = set(_named(node, module, imported, by_name))
    return found


def _named(
    function: ast.FunctionDef, module: str, imported: set[str], by_name: dict[str, set[str]]
) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            own = f"{module}.{node.id}"
            if own in by_name.get(node.id, ()):
                yield own
            elif node.id in imported:
                yield from by_name.get(node.id, ())
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "services"
        ):
            yield from by_name.get(node.attr, ())


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
