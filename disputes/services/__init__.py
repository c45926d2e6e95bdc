"""The verbs of disputes. `case` is always a public id (`cas_…`): fetching is authorising."""

from disputes.services.answering import answer_case, serve_request, take_case
from disputes.services.assigning import (
    accept_mediator,
    ask_mediator,
    decline_appointment,
    disclose,
    object_to_mediator,
    replace_mediator,
)
from disputes.services.calendars import import_notice, load_calendars, load_rule_sets
from disputes.services.clock import look_for_default, run_out
from disputes.services.consenting import give_consent
from disputes.services.ending import close_case, end_mediation, leave_mediation
from disputes.services.extending import ask_longer
from disputes.services.filing import (
    admit_filing,
    ask_desk_again,
    file_settlement,
    keep_answer,
    keep_silence,
    perform_without_award,
    send_filing_back,
)
from disputes.services.meeting import cancel_session, set_session
from disputes.services.office import appoint_official, end_office
from disputes.services.opening import (
    ClaimMade,
    open_case,
    open_case_once,
    request_mediation,
    say_settled,
    withdraw_case,
)
from disputes.services.performing import (
    begin_after_award,
    confirm_performance,
    contest_performance,
    receive_instalment,
    report_performance,
)
from disputes.services.reading import note_reading
from disputes.services.recounting import recount_provisional, wind_up_what_waits
from disputes.services.settling import draft_terms, lock_terms, sign_terms
from disputes.services.talking import leave_message, leave_message_once, mark_read

__all__ = [
    "ClaimMade",
    "accept_mediator",
    "admit_filing",
    "answer_case",
    "appoint_official",
    "ask_desk_again",
    "ask_longer",
    "ask_mediator",
    "begin_after_award",
    "cancel_session",
    "close_case",
    "confirm_performance",
    "contest_performance",
    "decline_appointment",
    "disclose",
    "draft_terms",
    "end_mediation",
    "end_office",
    "file_settlement",
    "give_consent",
    "import_notice",
    "keep_answer",
    "keep_silence",
    "leave_mediation",
    "leave_message",
    "leave_message_once",
    "load_calendars",
    "load_rule_sets",
    "lock_terms",
    "look_for_default",
    "mark_read",
    "note_reading",
    "object_to_mediator",
    "open_case",
    "open_case_once",
    "perform_without_award",
    "receive_instalment",
    "recount_provisional",
    "replace_mediator",
    "report_performance",
    "request_mediation",
    "run_out",
    "say_settled",
    "send_filing_back",
    "serve_request",
    "set_session",
    "sign_terms",
    "take_case",
    "wind_up_what_waits",
    "withdraw_case",
]
