from identity.services.addresses import AddressDetails, add_address, edit_address, end_address
from identity.services.assurance import (
    AssuranceNeeded,
    Assured,
    Evidence,
    guard,
    note_proof,
    require_assurance,
)
from identity.services.bank_changes import (
    confirm_bank_change,
    decide_bank_change,
    lapse_bank_change,
    second_persons,
    withdraw_bank_change,
)
from identity.services.banking import end_accounts_never_verified, end_bank_account, set_bank_account
from identity.services.beneficiaries import is_name_of
from identity.services.ceremony import SameSide, consent_to_link, note_refused_link, prove_side, start_link
from identity.services.claims import decide_claim, submit_claim, watch_claims, withdraw_claim
from identity.services.companies import CompanyDetails, edit_company, mark_as_bank, register_company
from identity.services.consents import give_consent, withdraw_consent
from identity.services.disconnecting import end_identity
from identity.services.enforcing import confirm_requirement, ease_requirement, enforce_requirement
from identity.services.enquiries import forget_old_enquiries, send_enquiry
from identity.services.framework_drafts import (
    confirm_framework_draft,
    draft_framework,
    draft_level,
    drop_framework_draft,
)
from identity.services.frameworks import load_frameworks
from identity.services.inbox import Wish, choose_how_told, put_all_back, put_back, read_all, read_notice
from identity.services.issuers import (
    IssuerDetails,
    add_issuer,
    reinstate_framework,
    reinstate_issuer,
    suspend_framework,
    suspend_issuer,
)
from identity.services.keys import hub_keys, own_keys, rotate_keys
from identity.services.letters import send_letter
from identity.services.links import decide_link, revoke_link, undo_link
from identity.services.mailing import send_digests
from identity.services.mandates import give_mandate, revoke_mandate
from identity.services.members import (
    accept_invitation,
    change_roles,
    end_membership,
    invitation_link,
    invite_member,
    revoke_invitation,
)
from identity.services.noting import note_data_taken
from identity.services.people import (
    appoint_officer,
    appoint_operator,
    choose_language,
    forget_never_confirmed,
    free_address,
    register_officer,
    register_user,
)
from identity.services.policies import approve_policy, draft_policy, end_policy
from identity.services.returning import forget_returned_logins, is_first_return
from identity.services.screening import (
    check_not_held,
    decide_candidate,
    forget_old_entries,
    forget_read_files,
    load_list_sources,
    made_up_list,
    receive_list,
    refusal_of,
    refusals_of,
)
from identity.services.sessions import end_session, forget_ended_sessions
from identity.services.standing import reinstate_company, suspend_company
from identity.services.subjects import session_hash, subject_hash
from identity.services.talking import (
    MatterFacts,
    Words,
    ask,
    ask_once,
    mark_thread_read,
    send_message,
    send_once,
)
from identity.services.telling import settle_notices, tell
from identity.services.tokens import issue_token, revoke_token

__all__ = [
    "AddressDetails",
    "AssuranceNeeded",
    "Assured",
    "CompanyDetails",
    "Evidence",
    "IssuerDetails",
    "MatterFacts",
    "SameSide",
    "Wish",
    "Words",
    "accept_invitation",
    "add_address",
    "add_issuer",
    "appoint_officer",
    "appoint_operator",
    "approve_policy",
    "ask",
    "ask_once",
    "change_roles",
    "check_not_held",
    "choose_how_told",
    "choose_language",
    "confirm_bank_change",
    "confirm_framework_draft",
    "confirm_requirement",
    "consent_to_link",
    "decide_bank_change",
    "decide_candidate",
    "decide_claim",
    "decide_link",
    "draft_framework",
    "draft_level",
    "draft_policy",
    "drop_framework_draft",
    "ease_requirement",
    "edit_address",
    "edit_company",
    "end_address",
    "end_accounts_never_verified",
    "end_bank_account",
    "end_identity",
    "end_membership",
    "end_policy",
    "end_session",
    "enforce_requirement",
    "forget_ended_sessions",
    "forget_never_confirmed",
    "forget_old_enquiries",
    "forget_old_entries",
    "forget_read_files",
    "forget_returned_logins",
    "free_address",
    "give_consent",
    "give_mandate",
    "guard",
    "hub_keys",
    "invitation_link",
    "is_first_return",
    "invite_member",
    "is_name_of",
    "issue_token",
    "lapse_bank_change",
    "load_frameworks",
    "load_list_sources",
    "made_up_list",
    "mark_as_bank",
    "mark_thread_read",
    "note_data_taken",
    "note_proof",
    "note_refused_link",
    "own_keys",
    "prove_side",
    "put_all_back",
    "put_back",
    "read_all",
    "read_notice",
    "receive_list",
    "refusal_of",
    "refusals_of",
    "register_company",
    "register_officer",
    "register_user",
    "reinstate_company",
    "reinstate_framework",
    "reinstate_issuer",
    "require_assurance",
    "revoke_invitation",
    "revoke_link",
    "revoke_mandate",
    "revoke_token",
    "rotate_keys",
    "second_persons",
    "send_digests",
    "send_enquiry",
    "send_letter",
    "send_message",
    "send_once",
    "session_hash",
    "set_bank_account",
    "settle_notices",
    "start_link",
    "subject_hash",
    "submit_claim",
    "suspend_company",
    "suspend_framework",
    "suspend_issuer",
    "tell",
    "undo_link",
    "withdraw_bank_change",
    "watch_claims",
    "withdraw_claim",
    "withdraw_consent",
]
