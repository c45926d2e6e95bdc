"""The demo's own list: it shows the officers' work, says that it is made up, and holds nobody of the cast."""

from __future__ import annotations

import pytest
from django.utils import timezone

from identity.models import BankAccount, Candidate, Company, ListSnapshot, ListSource
from identity.queries import bank_account_for
from identity.services.screening import holds_on
from identity.services.screening.comparing import compare
from identity.states import CandidateState, ClaimKind, ScreenedAct
from kernel.services import drain
from sme_hub.demo.files import DATA, rows_of
from sme_hub.demo.loading import people
from sme_hub.demo.loading.lists import CLEARED, bring_in_made_up_list
from sme_hub.demo.parts import FIRST_SELLER
from tests.demo.test_loading import row_of

pytestmark = pytest.mark.django_db


def test_one_waits_for_an_officer_one_is_cleared_with_a_reason_and_the_cast_is_free() -> None:
    now = timezone.now()
    seller = people.seller_company(row_of("sellers.csv", FIRST_SELLER), now=now)
    assert bring_in_made_up_list(now) == 2
    assert bring_in_made_up_list(now) == 0
    open_one, cleared = Candidate.objects.order_by("-state")
    assert (open_one.state, cleared.state, cleared.company.slug) == ("open", CandidateState.CLEARED, CLEARED)
    assert cleared.reason and cleared.decided_by
    assert "demonstration" in ListSource.objects.get(pk=open_one.source_id).name_en
    for act in ScreenedAct:
        assert holds_on(act, [seller.company_id, cleared.company_id], now) == []
    assert [hold.standing for hold in holds_on(ScreenedAct.BIND, [open_one.company_id], now)] == ["open"]
    _nobody_else_is_like_it(ListSnapshot.objects.get())
    drain("slow", seconds=10)
    assert Candidate.objects.count() == 2, "workers find it done"
    # a company that comes later is compared before it is verified
    another = people.seller_company(row_of("sellers.csv", "novena-gloves"), now=now)
    officer, *_others = people.officers(now)
    people.verify(another, [ClaimKind.REGISTRATION], by=officer, now=now)
    assert isinstance(bank_account_for(another.company_id, "SGD"), BankAccount)
    assert holds_on(ScreenedAct.ACCEPT_FINANCE, [another.company_id], now) == []


def _nobody_else_is_like_it(snapshot: ListSnapshot) -> None:
    rows = [*rows_of(DATA / "sellers.csv"), *rows_of(DATA / "buyers.csv")]
    cast = [
        Company(pk=at, legal_name=row["name_en"], name_en=row["name_en"], name_zh=row["name_zh"])
        for at, row in enumerate(rows)
    ]
    assert compare(snapshot, cast, since_base=(), day=timezone.localdate()) == []
