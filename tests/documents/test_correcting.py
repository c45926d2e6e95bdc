"""Correcting a paper: the number stays, the version grows, and it says why."""

from __future__ import annotations

import pytest

from documents.models import PaperVersion
from documents.services import Correction, reissue
from documents.services.correcting import NothingChanged, NotTheIssuer, ReasonMissing
from documents.services.rendering import render
from identity.states import Role
from kernel.errors import Forbidden, NotFound
from tests import factories as people
from tests.documents.factories import an_invoice, deliver
from tests.documents.test_rendering import text_of
from tests.orders.factories import NOW

pytestmark = pytest.mark.django_db
WRONG_PO = Correction(reason="Wrong purchase order number", po_number="PO-99")


def correct(paper, actor=None, correction=WRONG_PO) -> PaperVersion:
    return reissue(actor=actor or people.alice(), paper=paper.public_id, correction=correction, now=NOW)


def test_a_correction_is_a_new_version_under_the_same_number():
    invoice = an_invoice()
    before = invoice.versions.get().data
    second = correct(invoice)
    assert (second.version, second.reason, second.actor) == (2, WRONG_PO.reason, people.alice().key)
    assert second.data["number"] == before["number"] == invoice.printed_number
    assert second.data["po_number"] == "PO-99"
    assert invoice.versions.get(version=1).data == before


def test_it_is_rendered_and_says_what_it_replaces():
    invoice = an_invoice()
    second = correct(invoice)
    deliver()
    assert second.renditions.count() == 3
    text = text_of(render(second.data, "en"))
    assert "replaces version 1: Wrong purchase order number" in text


def test_amounts_and_parties_stay():
    invoice = an_invoice()
    before, after = invoice.versions.get().data, correct(invoice).data
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"po_number", "version", "reason"}


def test_a_reason_is_needed():
    invoice = an_invoice()
    with pytest.raises(ReasonMissing):
        correct(invoice, correction=Correction(reason="  ", po_number="PO-99"))
    assert invoice.versions.count() == 1


def test_a_correction_corrects_something():
    invoice = an_invoice()
    correct(invoice)
    with pytest.raises(NothingChanged):
        correct(invoice, correction=Correction(reason="Again", po_number="PO-99"))
    assert invoice.versions.count() == 2


def test_the_buyer_does_not_correct_the_sellers_papers():
    invoice = an_invoice()
    with pytest.raises(NotTheIssuer):
        correct(invoice, actor=people.bo())
    assert invoice.versions.count() == 1


def test_a_stranger_does_not_know_of_it():
    invoice = an_invoice()
    with pytest.raises(NotFound):
        correct(invoice, actor=people.charlie())
    assert invoice.versions.count() == 1


def test_a_colleague_without_the_role_does_not():
    invoice = an_invoice()
    with pytest.raises(Forbidden):
        correct(invoice, actor=people.a_colleague(people.alice(), Role.APPROVER))
    assert invoice.versions.count() == 1
