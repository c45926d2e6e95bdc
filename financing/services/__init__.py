from financing.services.accepting import (
    accept_offer,
    accept_once,
    decline_offer,
    expire_offer,
    withdraw_acceptance,
    withdraw_open_offers,
)
from financing.services.answering import receive_notice, refuse_message, take_standing
from financing.services.asking import Asked, ask_again, ask_banks, keep_answers
from financing.services.banks import enrol_bank, refresh_capabilities, set_preference
from financing.services.counting import count_files
from financing.services.disputing import follow_hold, hold_for_dispute, release_from_dispute
from financing.services.telling import carry_out, instruct_bank, poll_banks

__all__ = [
    "Asked",
    "accept_offer",
    "accept_once",
    "ask_again",
    "ask_banks",
    "carry_out",
    "count_files",
    "decline_offer",
    "enrol_bank",
    "expire_offer",
    "follow_hold",
    "hold_for_dispute",
    "instruct_bank",
    "keep_answers",
    "poll_banks",
    "receive_notice",
    "refresh_capabilities",
    "refuse_message",
    "release_from_dispute",
    "set_preference",
    "take_standing",
    "withdraw_acceptance",
    "withdraw_open_offers",
]
