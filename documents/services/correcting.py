"""Correcting a paper: the number stays, a new version says what it says now, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models import Paper, PaperVersion
from documents.services.contents import Contents, bank_details
from documents.services.issuing import announce
from identity.actors import Actor, require
from identity.services import guard
from identity.states import Purpose, Role
from kernel.errors import Conflict, Forbidden, Refused
from tariffs.queries import Worth


class NotTheIssuer(Forbidden):
    code = "paper.not_the_issuer"
    message = _("Only the seller, who issued it, corrects a paper.")


class ReasonMissing(Refused):
    code = "paper.reason_missing"
    message = _("Say what is corrected: it is printed on the paper.")
    field = "reason"


class NothingChanged(Conflict):
    code = "paper.nothing_changed"
    message = _("The new version would say what the latest one says: there is nothing to correct.")


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What a seller may put right. Prices, quantities and parties are the order's: another deal is another order."""

    #: printed and kept: what is corrected
    reason: str
    po_number: str = ""
    #: free words under the table, such as shipping marks or a licence number
    remarks: str = ""


#: what says nothing by itself
_OWN = ("version", "reason")


@transaction.atomic
def reissue(*, actor: Actor, paper: str, correction: Correction, now: datetime) -> PaperVersion:
    """Issue `paper` (`pap_…`) again under its number, as the next version.

    Bank details that were missing are read from the seller's account of today; those once printed never change. A mandate's
    ceiling is held against the whole order, whichever of its papers it is.
    Raises `NothingChanged` where the new version would say what the latest does.
    """
    seen: Paper = Paper.objects.visible_to(actor).select_for_update(of=("self",)).fetch(paper)
    if seen.company_id != actor.company_id:
        raise NotTheIssuer
    issuer = require(actor, Role.SELLER, Role.FINANCE, Role.LOGISTICS)
    worth = Worth(seen.order.total, seen.order.currency, timezone.localdate(now))
    assured = guard(actor=issuer, purpose=Purpose.ISSUE_DOCUMENT, worth=worth, now=now)
    reason = correction.reason.strip()[:200]
    if not reason:
        raise ReasonMissing
    latest = seen.versions.latest("version")
    contents = _corrected(latest.data, correction, seen)
    if contents == {name: value for name, value in latest.data.items() if name not in _OWN}:
        raise NothingChanged
    version = PaperVersion.objects.create(
        paper=seen,
        version=latest.version + 1,
        data=contents | {"version": latest.version + 1, "reason": reason},
        reason=reason,
        actor=issuer.key,
        created_at=now,
    )
    announce([version], order=seen.order, actor=issuer, now=now, assured=assured)
    return version


def _corrected(data: Contents, correction: Correction, paper: Paper) -> Contents:
    contents = {name: value for name, value in data.items() if name not in _OWN}
    contents["po_number"] = correction.po_number.strip()[:60]
    contents["remarks"] = correction.remarks.strip()[:1000]
    if contents.get("bank") == {}:
        contents["bank"] = bank_details(paper.order)
    return contents
