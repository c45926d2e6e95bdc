"""What is recognised: of any day, for whoever asks; and how much what somebody has shown counts for an act now.

Denied unless said otherwise: without a policy in force an identity counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils import timezone

from identity.actors import CompanyActor, Member, Token
from identity.models import (
    AssuranceLevel,
    EntityBinding,
    IdentityLink,
    Issuer,
    Membership,
    PolicyDecision,
    Proof,
    PurposeRequirement,
    RecognitionPolicy,
    Suspension,
    TrustFramework,
    User,
)
from identity.queries.enforcement import Asking, asking_at
from identity.states import EntityStatus, LinkState, PolicyDecisionKind, Purpose, SubjectKind
from kernel.errors import NotFound
from kernel.fetching import columns, fetch, take


@dataclass(frozen=True)
class Requirement:
    """What a kind of act asks for on a day."""

    purpose: str
    rank: int
    #: seconds since the identity was shown; none: any time in this session
    max_age_seconds: int | None
    two_persons: bool
    since: date
    source_en: str
    source_zh: str
    asking: Asking = Asking()

    @property
    def label(self) -> str:
        return str(Purpose(self.purpose).label)

    @property
    def max_age_minutes(self) -> int:
        """Rounded up; 0 for any time."""
        return -(-(self.max_age_seconds or 0) // 60)


@dataclass(frozen=True)
class Recognised:
    """One policy in force on a day, beside what its purpose asks for."""

    policy: RecognitionPolicy
    requirement: Requirement | None
    #: the issuer's, if it lasted at that moment
    suspension: Suspension | None

    @property
    def holds(self) -> bool:
        """Whether acts could rest on it."""
        return self.suspension is None

    @property
    def suffices(self) -> bool:
        """Whether what it recognises is enough for the act."""
        asked = self.requirement
        return self.holds and asked is not None and self.policy.recognised_rank >= asked.rank


@dataclass(frozen=True)
class Matrix:
    """Everything that is recognised on a day, and what each kind of act asks for."""

    as_of: date
    rows: list[Recognised]
    requirements: list[Requirement]


def day_of(moment: datetime) -> date:
    """The day on which policies say something, in the platform's own zone, wherever the acting company is."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def issuer_by_code(code: str) -> Issuer:
    """The issuer of this code, with its framework, suspended or not; raises `NotFound`."""
    found = fetch(
        f"SELECT {columns(Issuer, 'issuer')}, {columns(TrustFramework, 'framework')} FROM identity_issuer AS issuer "
        "JOIN identity_trustframework AS framework ON framework.id = issuer.framework_id WHERE issuer.code = %s",
        [code],
    )
    if not found:
        raise NotFound
    issuer, rest = take(Issuer, found[0])
    issuer.framework, _rest = take(TrustFramework, rest)
    return issuer


def standing_issuers() -> list[Issuer]:
    """Issuers with which people may sign in now, with their frameworks, by jurisdiction and name."""
    return list(
        Issuer.objects.standing()
        .select_related("framework")
        .order_by("-framework__jurisdiction", "name_en", "pk")
    )


def policies_to_approve(officer: User, now: datetime) -> QuerySet[RecognitionPolicy]:
    """Drafts that another officer's word would bring further: not ended, not over, and without this officer's own."""
    today = day_of(now)
    decisions = PolicyDecision.objects.filter(policy=OuterRef("pk"))
    approvals = decisions.filter(kind=PolicyDecisionKind.APPROVE)
    drafts: QuerySet[RecognitionPolicy] = (
        RecognitionPolicy.objects.filter(Q(valid_to=None) | Q(valid_to__gt=today))
        .exclude(Exists(approvals.filter(officer=officer)))
        .exclude(Exists(decisions.filter(kind=PolicyDecisionKind.END)))
    )
    approved = drafts.annotate(
        approved=Count("decisions", filter=Q(decisions__kind=PolicyDecisionKind.APPROVE))
    )
    return approved.filter(approved__lt=2)


def matrix(as_of: date, *, now: datetime) -> Matrix:
    """What is recognised on `as_of`: past days as they were, days to come as decided by now. Four statements."""
    asking = asking_at(_end_of(as_of) if as_of != day_of(now) else now)
    requirements = {
        purpose: replace(row, asking=asking.get(purpose, row.asking))
        for purpose, row in requirements_on(as_of).items()
    }
    policies = list(
        RecognitionPolicy.objects.in_force(as_of)
        .select_related("issuer__framework", "min_level")
        .order_by("issuer__framework__jurisdiction", "issuer__name_en", "issuer_id", "pk")
    )
    lasting = _suspensions_on(as_of, now)
    order = {purpose: number for number, purpose in enumerate(Purpose.values)}
    policies.sort(
        key=lambda policy: (
            policy.issuer.framework.jurisdiction,
            policy.issuer.name_en,
            policy.issuer_id,
            order[policy.purpose],
            policy.relying_jurisdiction,
            policy.recognised_rank,
        )
    )
    rows = [
        Recognised(policy, requirements.get(policy.purpose), lasting.get(policy.issuer_id))
        for policy in policies
    ]
    return Matrix(as_of, rows, [requirements[code] for code in order if code in requirements])


def requirements_on(day: date) -> dict[str, Requirement]:
    """By purpose, the row in force on `day`: the last one begun. One statement."""
    rows = (
        PurposeRequirement.objects.filter(valid_from__lte=day)
        .order_by("purpose", "-valid_from")
        .distinct("purpose")
    )
    return {row.purpose: _requirement(row) for row in rows}


def requirement_on(purpose: str, day: date) -> Requirement | None:
    """What `purpose` asks for on `day`; None where nothing was laid down, and nobody may."""
    row = (
        PurposeRequirement.objects.filter(purpose=purpose, valid_from__lte=day)
        .order_by("-valid_from")
        .first()
    )
    if row is None:
        return None
    return _requirement(row)


def _requirement(row: PurposeRequirement) -> Requirement:
    return Requirement(
        row.purpose,
        row.rank,
        row.max_age_seconds,
        row.two_persons,
        row.valid_from,
        row.source_en,
        row.source_zh,
    )


def effective_rank(proofs: Iterable[Proof], purpose: str, jurisdiction: str, at: datetime) -> int:
    """The highest rank that any of `proofs` counts as, for `purpose` where `jurisdiction` relies on it; 0 for none."""
    policy = policy_counted(proofs, purpose, jurisdiction, at)
    return policy.recognised_rank if policy else 0


def policy_counted(
    proofs: Iterable[Proof], purpose: str, jurisdiction: str, at: datetime
) -> RecognitionPolicy | None:
    """The policy by which they count most; None where they count for nothing.

    A proof counts by the policies in force on the day of `at` whose least level it reaches, while its issuer stands and
    the identity has not ended. Proofs carry `identity` and `level`.
    """
    shown = [proof for proof in proofs if proof.identity.ended_at is None]
    if not shown:
        return None
    policies = _relied_on(purpose, jurisdiction, at).filter(
        issuer__in={proof.identity.issuer_id for proof in shown}
    )
    counted = (
        policy
        for policy in policies
        if any(
            proof.identity.issuer_id == policy.issuer_id and _reaches(proof.level, policy.min_level)
            for proof in shown
        )
    )
    return max(counted, key=lambda policy: (policy.recognised_rank, -policy.pk), default=None)


def issuers_for(purpose: str, jurisdiction: str, rank: int, at: datetime) -> list[Issuer]:
    """Who could give somebody `rank` for `purpose`: the issuers that stand and are recognised for it, one's own city's first."""
    policies = _relied_on(purpose, jurisdiction, at).filter(recognised_rank__gte=rank)
    found = {policy.issuer_id: policy.issuer for policy in policies.select_related("issuer__framework")}
    return sorted(
        found.values(),
        key=lambda issuer: (
            issuer.framework.jurisdiction != jurisdiction,
            issuer.framework.jurisdiction,
            issuer.name_en,
        ),
    )


def proofs_of(member: Member, *, now: datetime, max_age_seconds: int | None = None) -> list[Proof]:
    """What the person has shown in this session that counts for the acting company, the newest first.

    An identity counts for a company that an issuer has bound it to, or bound another identity to that is linked with it.
    One of a person alone counts where the company itself is bound by somebody's.
    """
    if not member.session:
        return []
    shown = Proof.objects.filter(session=member.session)
    if max_age_seconds is not None:
        shown = shown.filter(auth_time__gte=now - timedelta(seconds=max_age_seconds))
    return _counting(shown, member, now)


def proofs_in(session: str) -> bool:
    """Whether anything was shown in this session, whatever it counts for."""
    return bool(session) and Proof.objects.filter(session=session).exists()


def proofs_carried(token: Token, *, now: datetime) -> list[Proof]:
    """What the token's maker had shown in the session that made it, if it still counts for the acting company."""
    if token.proof_id is None:
        return []
    return _counting(Proof.objects.filter(pk=token.proof_id), token, now)


def _counting(shown: QuerySet[Proof], actor: CompanyActor, now: datetime) -> list[Proof]:
    shown = shown.filter(user_id=actor.user_id, auth_time__lte=now, identity__ended_at__isnull=True)
    linked = IdentityLink.objects.filter(state=LinkState.ACTIVE)
    theirs, its = OuterRef(OuterRef("identity")), OuterRef("identity")
    kind = ExpressionWrapper(OuterRef("identity__issuer__subject_kind"), output_field=CharField())
    resting = (
        standing_bindings(actor.company_id, now)
        .annotate(shown_by=kind)
        .filter(
            Q(identity=OuterRef("identity"))
            | Exists(linked.filter(first=theirs, second=its))
            | Exists(linked.filter(second=theirs, first=its))
            | Q(shown_by=SubjectKind.PERSON)
        )
        .order_by("pk")
    )
    return list(
        shown.filter(Exists(resting))
        .annotate(rests_on=ArraySubquery(resting.values("pk")))  # type: ignore[no-redef]
        .select_related("identity", "level")
        .order_by("-auth_time", "-pk")
    )


def standing_bindings(company_id: int, now: datetime) -> QuerySet[EntityBinding]:
    """What proves a company now: registered, not ended, its roles not over, by an issuer that stands, shown by a member."""
    members = Membership.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=now), company_id=company_id, user=OuterRef("identity__user")
    )
    return EntityBinding.objects.standing().filter(
        Exists(members),
        Q(valid_to__isnull=True) | Q(valid_to__gt=now),
        ~Exists(Suspension.objects.at(now).filter(issuer=OuterRef("identity__issuer"))),
        company_id=company_id,
        entity_status=EntityStatus.REGISTERED,
        identity__ended_at__isnull=True,
    )


@dataclass(frozen=True)
class PolicyStanding:
    """Where a policy is in its life, for the officers' desk."""

    approvals: int
    ended_on: date | None
    in_force: bool


def standing_of(policy: RecognitionPolicy, day: date) -> PolicyStanding:
    """By its decisions, which may be prefetched."""
    decisions: list[PolicyDecision] = list(policy.decisions.all())
    officers = {
        one.officer_id
        for one in decisions
        if one.kind == PolicyDecisionKind.APPROVE and one.effective_on <= day
    }
    ends = [one.effective_on for one in decisions if one.kind == PolicyDecisionKind.END]
    ended_on = min(ends, default=None)
    begun = policy.valid_from <= day and (policy.valid_to is None or day < policy.valid_to)
    in_force = begun and len(officers) >= 2 and (ended_on is None or day < ended_on)
    return PolicyStanding(len(officers), ended_on, in_force)


def _relied_on(purpose: str, jurisdiction: str, at: datetime) -> QuerySet[RecognitionPolicy]:
    """Policies in force on the day of `at` whose issuer stood at that moment."""
    return (
        RecognitionPolicy.objects.in_force(day_of(at))
        .filter(
            ~Exists(Suspension.objects.at(at).filter(issuer=OuterRef("issuer"))),
            purpose=purpose,
            relying_jurisdiction=jurisdiction,
        )
        .select_related("min_level")
    )


def _reaches(level: AssuranceLevel, least: AssuranceLevel) -> bool:
    return level.framework_id == least.framework_id and level.rank >= least.rank


def _suspensions_on(day: date, now: datetime) -> dict[int, Suspension]:
    """By issuer, what lasted at the end of a past day, and now for today and later."""
    return {row.issuer_id: row for row in Suspension.objects.at(min(_end_of(day), now))}


def _end_of(day: date) -> datetime:
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time())
    return timezone.make_aware(midnight, timezone.get_default_timezone()) - timedelta(microseconds=1)
