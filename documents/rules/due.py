"""Which papers an order calls for as it stands; they are numbered moments after it came to stand so."""

from __future__ import annotations

from documents.states import PaperKind
from orders.states import BINDING, OrderState

_SHIPPED = frozenset({OrderState.PART_DESPATCHED, OrderState.DESPATCHED, OrderState.COMPLETED})


def due_kinds(state: str) -> set[str]:
    kinds: set[str] = {PaperKind.ORDER_CONFIRMATION}
    if state in BINDING:
        kinds |= {PaperKind.COMMERCIAL_INVOICE, PaperKind.PLANNED_PACKING_LIST}
    if state in _SHIPPED:
        kinds.add(PaperKind.PACKING_LIST)
    return kinds
