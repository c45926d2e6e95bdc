"""What waits for officers beside claims: one statement for all kinds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from identity.models import User
from identity.queries.enforcement import DRAFT_LIFE
from identity.queries.recognition import day_of
from identity.states import BankChangeState, CandidateState, LinkState, PolicyDecisionKind
from kernel.prepared import fetch_prepared

#: candidates are counted no further: a new list may bring thousands
MOST_CANDIDATES = 1000


@dataclass(frozen=True)
class OfficeWork:
    """How many wait, and since when the oldest does."""

    count: int = 0
    since: datetime | None = None


#: for each kind how many and since when; what it finds is that of `policies_to_approve` and `drafts_at`
_WORK = """
SELECT 'candidates', count(*), min(found_at) FROM identity_candidate WHERE id IN (
    SELECT id FROM identity_candidate WHERE ended_at IS NULL AND state = %(open)s
    ORDER BY state, score DESC, id LIMIT %(most)s)
UNION ALL
SELECT 'policies', count(*), min(drafted_at) FROM identity_recognitionpolicy AS policy
WHERE (valid_to IS NULL OR valid_to > %(today)s)
    AND NOT EXISTS (SELECT 1 FROM identity_policydecision AS decision WHERE decision.policy_id = policy.id
        AND (decision.kind = %(end)s OR decision.kind = %(approve)s AND decision.officer_id = %(officer)s))
    AND (SELECT count(*) FROM identity_policydecision AS decision
        WHERE decision.policy_id = policy.id AND decision.kind = %(approve)s) < 2
UNION ALL
SELECT 'requirements', count(*), min(at) FROM identity_enforcement AS draft
WHERE confirms_id IS NULL AND at > %(alive)s AND at <= %(now)s AND officer_id <> %(officer)s
    AND NOT EXISTS (SELECT 1 FROM identity_enforcement AS later WHERE later.purpose = draft.purpose AND later.id > draft.id)
UNION ALL
SELECT 'frameworks', count(*), min(drafted_at) FROM identity_frameworkdraft
WHERE decided_at IS NULL AND drafted_by_id <> %(officer)s
UNION ALL
SELECT 'links', count(*), min(started_at) FROM identity_identitylink
WHERE state = %(matched)s AND decided_by_1_id IS DISTINCT FROM %(officer)s
UNION ALL
SELECT 'bank_changes', count(*), min(asked_at) FROM identity_bankaccountchange WHERE by_office AND state = %(waiting)s
"""


def work_of_office(officer: User, now: datetime) -> dict[str, OfficeWork]:
    """By kind; what a second officer decides only where the first was another."""
    asked = {
        "officer": officer.pk,
        "now": now,
        "today": day_of(now),
        "alive": now - DRAFT_LIFE,
        "most": MOST_CANDIDATES,
        "open": CandidateState.OPEN.value,
        "approve": PolicyDecisionKind.APPROVE.value,
        "end": PolicyDecisionKind.END.value,
        "matched": LinkState.MATCHED.value,
        "waiting": BankChangeState.WAITING.value,
    }
    return {kind: OfficeWork(count, since) for kind, count, since in fetch_prepared(_WORK, asked)}
