"""What a company's own people are told of orders that need an approver. The seller hears nothing until it is placed."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from identity.models import Company
from identity.rules.notices import Kind
from identity.states import Role
from kernel.events import Occurrence
from kernel.templatetags.look import money
from orders.events import (
    ApprovalAsked,
    ApprovalDeclined,
    ApprovalGiven,
    ApprovalLapsed,
    ApprovalWithdrawn,
)
from orders.queries import approval_in_brief
from sme_hub.telling.rows import Matter, Row

DECIDED = (ApprovalGiven, ApprovalDeclined, ApprovalWithdrawn, ApprovalLapsed)


def approval_of(event: Any, occurrence: Occurrence) -> Matter:
    """The request as it is now, with who asked and who decided."""
    found = approval_in_brief(event.approval_id)
    return Matter(
        about=found.uid,
        row=found,
        event=event,
        now=occurrence.now,
        sides={"buyer": (found.company_id, found.company.slug)},
        params={
            "party": _names(found.seller),
            "total": money(found.total, found.currency),
            "asker": str(found.asked_by),
            "approver": str(found.decided_by or ""),
            "order": found.order.reference if found.order else "",
        },
        respond_by=found.respond_by,
    )


def _names(company: Company) -> dict[str, str]:
    return {"en": company.name_in("en"), "zh": company.name_in("zh-hans")}


def approval_page(matter: Matter, side: str) -> str:
    return reverse("approval", args=[matter.sides[side][1], matter.row.public_id])


def order_page(matter: Matter, side: str) -> str:
    return reverse("order", args=[matter.sides[side][1], matter.row.order.public_id])


def _asker(matter: Matter, side: str) -> list[int]:
    return [matter.row.asked_by_id]


def _row(code: str, words: Any, icon: str, **row: Any) -> Row:
    kind = Kind(code=code, words=words, icon=icon, group="orders")
    return Row(kind=kind, reader=approval_of, to="buyer", **{"path": approval_page, **row})


ROWS = (
    _row(
        "approval.to_give",
        _("%(asker)s asks you to approve an order of %(total)s from %(party)s"),
        "clipboard-check",
        on=(ApprovalAsked,),
        roles=(Role.APPROVER,),
        waits=True,
        when=lambda matter: matter.row.is_waiting and matter.now < matter.row.respond_by,
        until=DECIDED,
    ),
    _row(
        "approval.given",
        _("%(approver)s approved: %(order)s of %(total)s is placed with %(party)s"),
        "circle-check",
        on=(ApprovalGiven,),
        also=_asker,
        or_owners=False,
        path=order_page,
    ),
    _row(
        "approval.declined",
        _("%(approver)s declined the order of %(total)s from %(party)s"),
        "circle-x",
        on=(ApprovalDeclined,),
        also=_asker,
        or_owners=False,
    ),
    _row(
        "approval.lapsed",
        _("Nobody approved the order of %(total)s from %(party)s in time: nothing was ordered"),
        "hourglass",
        on=(ApprovalLapsed,),
        also=_asker,
        or_owners=False,
    ),
)
