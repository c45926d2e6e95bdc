"""What officers who govern recognition are told: that a policy, a framework or a level waits for the word of another one of them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from identity.actors import GOVERN
from identity.events import (
    FrameworkConfirmed,
    FrameworkDraftDropped,
    FrameworkDrafted,
    PolicyApproved,
    PolicyDrafted,
    PolicyEnded,
)
from identity.models import FrameworkDraft, RecognitionPolicy
from identity.models.recognition import APPROVALS
from identity.queries import officers_who_may
from identity.queries.recognition import day_of
from identity.rules.notices import Kind
from identity.states import PolicyDecisionKind
from kernel.events import Occurrence
from sme_hub.telling.rows import Matter, Row, no_deadline


def policy_of(event: Any, occurrence: Occurrence) -> Matter:
    """The policy, with the officers who have said nothing on it; `row` is whether it waits for them."""
    policy = RecognitionPolicy.objects.select_related("issuer").get(pk=event.policy_id)
    said = list(policy.decisions.values_list("kind", "officer_id"))
    approved = {officer for kind, officer in said if kind == PolicyDecisionKind.APPROVE}
    over = policy.valid_to is not None and policy.valid_to <= day_of(occurrence.now)
    return Matter(
        about=policy.uid,
        row=len(approved) == len(said) and len(approved) < APPROVALS and not over,
        event=event,
        now=occurrence.now,
        params={"issuer": {"en": policy.issuer.name_en, "zh": policy.issuer.name_zh}},
        users=[officer for officer in officers_who_may(GOVERN) if officer not in approved],
    )


def framework_of(event: Any, occurrence: Occurrence) -> Matter:
    """The draft, with the officers who did not write it; `row` is whether it waits."""
    draft = FrameworkDraft.objects.get(pk=event.draft_id)
    return Matter(
        about=draft.uid,
        row=draft.decided_at is None,
        event=event,
        now=occurrence.now,
        params={"name": {"en": draft.name_en, "zh": draft.name_zh}},
        users=[officer for officer in officers_who_may(GOVERN) if officer != draft.drafted_by_id],
    )


ROWS = (
    Row(
        kind=Kind(
            code="framework.to_confirm",
            words=_(
                "The draft of a trust framework or a level, %(name)s, waits for another officer to confirm it"
            ),
            icon="shield-check",
            group="office",
        ),
        reader=framework_of,
        path=lambda matter, side: reverse("admin:identity_frameworkdraft_changelist"),
        on=(FrameworkDrafted,),
        to="staff",
        waits=True,
        when=lambda matter: matter.row,
        until=(FrameworkConfirmed, FrameworkDraftDropped),
        respond_by=no_deadline,
    ),
    Row(
        kind=Kind(
            code="policy.to_approve",
            words=_("A policy that recognises %(issuer)s waits for officers to approve it"),
            icon="shield-check",
            group="office",
        ),
        reader=policy_of,
        path=lambda matter, side: reverse("admin:identity_recognitionpolicy_changelist"),
        on=(PolicyDrafted,),
        to="staff",
        waits=True,
        when=lambda matter: matter.row,
        until=(PolicyApproved, PolicyEnded),
        respond_by=no_deadline,
    ),
)
