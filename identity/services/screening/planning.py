"""An import is compared with every company, some thousand a delivery; one company with every list, when it is new or renamed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from identity.actors import Actor, System
from identity.events import CandidatesChanged, ListReady, ScreeningWanted
from identity.models import Company, ListSnapshot, ListSource, Screening
from identity.services.screening.comparing import Found, all_names_of, compare, with_proved_names
from identity.services.screening.finding import keep_found
from identity.services.screening.receiving import in_force
from identity.states import SnapshotState
from kernel.errors import Forbidden
from kernel.services import record
from kernel.subscriptions import Effect

COMPANIES_PER_DELIVERY = 2_000


def plan_comparison(snapshot_id: int, *, actor: Actor, now: datetime) -> None:
    """Part the companies into deliveries, once. Joins the caller's transaction."""
    snapshot = _locked(snapshot_id)
    if snapshot.planned_at is not None:
        return
    keys = list(Company.objects.order_by("pk").values_list("pk", flat=True))
    after = 0
    for at in range(0, len(keys), COMPANIES_PER_DELIVERY):
        upto = keys[min(at + COMPANIES_PER_DELIVERY, len(keys)) - 1]
        wanted = ScreeningWanted(snapshot_id=snapshot.pk, after=after, upto=upto)
        record(wanted, actor=actor, now=now, subject=snapshot, about=snapshot.source)
        after = upto
    snapshot.planned_at = now
    snapshot.screened_at = None if keys else now
    snapshot.save(update_fields=["planned_at", "screened_at"])


@transaction.atomic
def compare_again(*, actor: Actor, source: ListSource, now: datetime) -> ListSnapshot | None:
    """Every company with all of the copy in force: after another threshold, or another way to read names.

    Until a company's turn has come it does not count as clear. What was decided stays. None where no copy is in force.
    For commands only.
    """
    if not isinstance(actor, System):
        raise Forbidden
    standing = in_force(source)
    if standing is None:
        return None
    snapshot = _locked(standing.pk)
    Screening.objects.filter(snapshot=snapshot).delete()
    snapshot.base, snapshot.planned_at, snapshot.screened_at, snapshot.companies_screened = (
        None,
        None,
        None,
        0,
    )
    snapshot.save(update_fields=["base", "planned_at", "screened_at", "companies_screened"])
    record(ListReady(snapshot_id=snapshot.pk), actor=actor, now=now, subject=snapshot, about=source)
    return snapshot


def compare_part(snapshot_id: int, after: int, upto: int, *, actor: Actor, now: datetime) -> Effect | None:
    """The companies of this part that have not been compared with the copy yet; None where all have."""
    snapshot = ListSnapshot.objects.select_related("source").get(pk=snapshot_id)
    companies = list(_without(snapshot, _named().filter(pk__gt=after, pk__lte=upto)))
    if not companies or not _is_in_force(snapshot):
        return None
    before = Screening.objects.filter(
        snapshot_id=snapshot.base_id, company_id__gt=after, company_id__lte=upto
    )
    since_base = set(before.values_list("company_id", flat=True)) if snapshot.base_id else set()
    found = compare(snapshot, companies, since_base=since_base, day=timezone.localdate(now))
    return partial(_keep_part, snapshot, companies, found, actor=actor, now=now)


def compare_company(company_id: int, *, actor: Actor, at: datetime, now: datetime) -> Effect | None:
    """The company as it and its issuers call it now, with every list in force. `at` is when it came to be called so."""
    company = _named().get(pk=company_id)
    lists = list(ListSnapshot.objects.in_force().select_related("source"))
    day = timezone.localdate(now)
    found = {snapshot: compare(snapshot, [company], since_base=(), day=day) for snapshot in lists}
    if not found:
        return None
    return partial(_keep_company, company, found, actor=actor, at=at, now=now)


def _keep_part(
    snapshot: ListSnapshot,
    companies: Sequence[Company],
    found: Sequence[Found],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Joins the caller's transaction. Who was compared by itself meanwhile is left as that was."""
    snapshot = _locked(snapshot.pk)
    if not _is_in_force(snapshot):
        return
    left = set(
        _without(snapshot, Company.objects.filter(pk__in=[c.pk for c in companies])).values_list(
            "pk", flat=True
        )
    )
    mine = [company for company in companies if company.pk in left]
    of_mine = [one for one in found if one.company_id in left]
    changed = keep_found(snapshot, mine, of_mine, whole=False, at=now, now=now)
    ListSnapshot.objects.filter(pk=snapshot.pk).update(companies_screened=F("companies_screened") + len(mine))
    if changed:
        _say_changed(snapshot, actor, now)
    if not _without(snapshot, Company.objects.filter(created_at__lte=snapshot.imported_at)).exists():
        ListSnapshot.objects.filter(pk=snapshot.pk, screened_at__isnull=True).update(screened_at=now)


def _keep_company(
    company: Company, found: dict[ListSnapshot, list[Found]], *, actor: Actor, at: datetime, now: datetime
) -> None:
    """Joins the caller's transaction. Renamed again since: that change has a delivery of its own."""
    locked = _named().select_for_update(no_key=True).get(pk=company.pk)
    if all_names_of(locked) != all_names_of(company):
        return
    for snapshot, of_list in sorted(found.items(), key=lambda pair: pair[0].pk):
        snapshot = _locked(snapshot.pk)
        if _is_in_force(snapshot) and keep_found(snapshot, [company], of_list, whole=True, at=at, now=now):
            _say_changed(snapshot, actor, now)


def _say_changed(snapshot: ListSnapshot, actor: Actor, now: datetime) -> None:
    """No company hears of it: who may be on a list is not told so."""
    record(CandidatesChanged(source_id=snapshot.source_id), actor=actor, now=now, subject=snapshot.source)


def _locked(snapshot_id: int) -> ListSnapshot:
    snapshots = ListSnapshot.objects.select_for_update(of=("self",)).select_related("source")
    snapshot: ListSnapshot = snapshots.get(pk=snapshot_id)
    return snapshot


def _is_in_force(snapshot: ListSnapshot) -> bool:
    """Another copy may have come since; it looks after whom this one has not reached."""
    standing = ListSnapshot.objects.in_force().filter(source_id=snapshot.source_id).first()
    return snapshot.state == SnapshotState.READY and standing is not None and standing.pk == snapshot.pk


def _named() -> QuerySet[Company]:
    named = Company.objects.only(
        "legal_name", "name_en", "name_zh", "registration_kind", "registration_number"
    )
    return with_proved_names(named).order_by("pk")


def _without(snapshot: ListSnapshot, companies: QuerySet[Company]) -> QuerySet[Company]:
    """Those that have not been compared with this copy."""
    compared = Screening.objects.filter(snapshot=snapshot, company=OuterRef("pk"))
    return companies.filter(~Exists(compared))
