"""A made-up list that companies are compared with, two that are like it, and what an officer says of one of them.

It says of itself that it is made up; the lists of real publishers are left to whoever brings them in. None of the cast is
like an entry, and nothing of theirs is held.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from identity.actors import System
from identity.models import Candidate, Company, ListSnapshot, ListSource
from identity.services import decide_candidate, made_up_list, receive_list
from identity.services.screening import compare_part, plan_comparison, read_next
from sme_hub.demo.files import DATA, rows_of
from sme_hub.demo.loading import people

OFFICE = System(reason="demonstration")
FILE = "made_up_list.csv"
#: the company of which an officer has said that it is somebody else
CLEARED = "telok-lantern"
WHY = (
    "Looked at by name, number and owners: registered in Singapore in 2018 by two residents; the entry names no country and "
    "no owner, and its business is another. 经核对名称、编号及股东：并非同一主体。"
)


def bring_in_made_up_list(now: datetime) -> int:
    """The list with the companies that are like it, compared with everybody. Returns how many were found; 0 where it is
    here already.

    In force and compared in one moment: no worker has a part of it, and no act waits for its company to be compared.
    """
    source = made_up_list()
    if ListSnapshot.objects.filter(source=source).exists():
        return 0
    for row in rows_of(DATA / "screened.csv"):
        people.buyer_company(row, now=now)
    officer, *_others = people.officers(now)
    with transaction.atomic():
        _compare(_received(source, now), now)
        standing = Candidate.objects.standing().filter(source=source)
        for like in standing.filter(company__slug=CLEARED):
            decide_candidate(actor=officer, candidate=like, confirmed=False, reason=WHY, now=now)
        return int(standing.count())


def _received(source: ListSource, now: datetime) -> ListSnapshot:
    day = timezone.localdate(now)
    with (DATA / FILE).open("rb") as file:
        return receive_list(actor=OFFICE, source=source, file=file, file_name=FILE, as_of=day, now=now)


def _compare(snapshot: ListSnapshot, now: datetime) -> None:
    """What the workers would do; they find it done. Joins the caller's transaction."""
    read = read_next(snapshot.pk, 0, actor=OFFICE, now=now)
    if read is not None:
        read()
    plan_comparison(snapshot.pk, actor=OFFICE, now=now)
    last = Company.objects.aggregate(last=Max("pk"))["last"]
    compared = compare_part(snapshot.pk, 0, last, actor=OFFICE, now=now)
    if compared is not None:
        compared()
