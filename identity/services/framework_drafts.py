"""Frameworks of trust and their levels: one officer drafts what is to be written, another one confirms it.

What stands already is corrected in its words only. Where a framework holds and for how much a level counts is fixed: policies
and past acts rest on it. Who needs another, drafts another.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor, Staff
from identity.events import FrameworkConfirmed, FrameworkDraftDropped, FrameworkDrafted
from identity.models import AssuranceLevel, FrameworkDraft, TrustFramework
from identity.models.recognition import HIGHEST_RANK, LOWEST_RANK
from identity.services.enforcing import OwnDraft
from identity.services.governing import governing, governing_with
from identity.states import Jurisdiction
from kernel.errors import Conflict, Refused
from kernel.services import record


class NamesMissing(Refused):
    code = "framework.names_missing"
    message = _("Give its name in both languages: everybody reads it.")
    field = "name_en"


class JurisdictionFixed(Refused):
    code = "framework.jurisdiction_fixed"
    message = _(
        "There is a framework with this code, and it holds elsewhere. Where one holds is never changed."
    )
    field = "jurisdiction"


class RankFixed(Refused):
    code = "framework.rank_fixed"
    message = _(
        "There is a level with this code, of rank %(rank)s. For how much one counts is never changed."
    )
    field = "rank"


class OffTheScale(Refused):
    code = "framework.rank_off_the_scale"
    message = _("Ranks go from 1 to 4.")
    field = "rank"


class FrameworkUnknown(Refused):
    code = "framework.unknown"
    message = _("There is no such framework.")
    field = "framework"


class DraftedAlready(Conflict):
    code = "framework.drafted_already"
    message = _("A draft of this waits already: it is confirmed or taken back first.")


class DraftOver(Conflict):
    code = "framework.draft_over"
    message = _("This draft has been decided.")


@transaction.atomic
def draft_framework(
    *,
    actor: Actor,
    code: str,
    name_en: str,
    name_zh: str,
    jurisdiction: str,
    regulator_en: str,
    regulator_zh: str,
    legal_basis_url: str,
    reason: str,
    now: datetime,
) -> FrameworkDraft:
    """A new framework, or other words for the one of this code. Nothing is written until another officer confirms it."""
    officer = governing_with(actor, reason)
    draft = FrameworkDraft(
        framework_code=code,
        name_en=name_en.strip(),
        name_zh=name_zh.strip(),
        jurisdiction=Jurisdiction(jurisdiction),
        regulator_en=regulator_en.strip(),
        regulator_zh=regulator_zh.strip(),
        legal_basis_url=legal_basis_url,
    )
    return _drafted(draft, officer, reason, now)


@transaction.atomic
def draft_level(
    *,
    actor: Actor,
    framework: TrustFramework,
    code: str,
    rank: int,
    name_en: str,
    name_zh: str,
    reason: str,
    now: datetime,
) -> FrameworkDraft:
    """A new level of a framework, or other words for the one of this code. It counts once another officer confirms it."""
    officer = governing_with(actor, reason)
    draft = FrameworkDraft(
        framework_code=framework.code,
        level_code=code.strip(),
        rank=rank,
        name_en=name_en.strip(),
        name_zh=name_zh.strip(),
    )
    return _drafted(draft, officer, reason, now)


@transaction.atomic
def confirm_framework_draft(*, actor: Actor, draft: FrameworkDraft, now: datetime) -> FrameworkDraft:
    """It is written. Issuers of a new framework and policies about a new level may be added from now on."""
    officer, locked = governing(actor), _locked(draft)
    if locked.drafted_by_id == officer.user_id:
        raise OwnDraft
    _check(locked)
    if locked.level_code:
        _write_level(locked)
    else:
        _write_framework(locked)
    return _decided(locked, officer, now, confirmed=True)


@transaction.atomic
def drop_framework_draft(*, actor: Actor, draft: FrameworkDraft, now: datetime) -> FrameworkDraft:
    """Taken back by who drafted it, or turned down by another. One officer is enough: nothing changes."""
    officer, locked = governing(actor), _locked(draft)
    return _decided(locked, officer, now, confirmed=False)


def _drafted(draft: FrameworkDraft, officer: Staff, reason: str, now: datetime) -> FrameworkDraft:
    _check(draft)
    draft.reason, draft.drafted_by, draft.drafted_at = reason.strip()[:500], officer.user, now
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError as error:
        raise DraftedAlready from error
    record(FrameworkDrafted(draft_id=draft.pk), actor=officer, now=now, subject=draft)
    return draft


def _decided(draft: FrameworkDraft, officer: Staff, now: datetime, *, confirmed: bool) -> FrameworkDraft:
    draft.decided_by, draft.decided_at, draft.confirmed = officer.user, now, confirmed
    draft.save(update_fields=["decided_by", "decided_at", "confirmed"])
    happened = FrameworkConfirmed if confirmed else FrameworkDraftDropped
    record(happened(draft_id=draft.pk), actor=officer, now=now, subject=draft)
    return draft


def _check(draft: FrameworkDraft) -> None:
    """When it is drafted, and again when it is written: something else may have been in between."""
    if not (draft.name_en and draft.name_zh):
        raise NamesMissing
    framework = TrustFramework.objects.filter(code=draft.framework_code).first()
    if not draft.level_code:
        if framework is not None and framework.jurisdiction != draft.jurisdiction:
            raise JurisdictionFixed
        return
    if draft.rank is None or not LOWEST_RANK <= draft.rank <= HIGHEST_RANK:
        raise OffTheScale
    if framework is None:
        raise FrameworkUnknown
    known = framework.levels.filter(code=draft.level_code).first()
    if known is not None and known.rank != draft.rank:
        raise RankFixed(rank=known.rank)


def _write_framework(draft: FrameworkDraft) -> None:
    words = ("name_en", "name_zh", "jurisdiction", "regulator_en", "regulator_zh", "legal_basis_url")
    TrustFramework.objects.update_or_create(
        code=draft.framework_code, defaults={name: getattr(draft, name) for name in words}
    )


def _write_level(draft: FrameworkDraft) -> None:
    assert draft.rank is not None  # a constraint of the table: a draft of a level has one
    AssuranceLevel.objects.update_or_create(
        framework=TrustFramework.objects.get(code=draft.framework_code),
        code=draft.level_code,
        defaults={"rank": draft.rank, "name_en": draft.name_en, "name_zh": draft.name_zh},
    )


def _locked(draft: FrameworkDraft) -> Any:
    """Of two officers who decide at once the second finds it decided."""
    locked = FrameworkDraft.objects.select_for_update(no_key=True).get(pk=draft.pk)
    if locked.decided_at is not None:
        raise DraftOver
    return locked
