"""Mandates: once an owner has given one for an act, only owners and whoever holds one do it, within ceiling and dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity import services
from identity.actors import Member, token_actor
from identity.models import Mandate, Membership
from identity.rules.authority import acts_of_roles
from identity.services.assurance import guard
from identity.services.authorising import take_authority
from identity.services.mandates import (
    HolderUnknown,
    MandateDates,
    MandateExceeded,
    MandateNeeded,
    NotACeiling,
    NotMandated,
)
from identity.states import Purpose, Role
from kernel.errors import Forbidden, NotFound
from kernel.models import Event
from tests import factories
from tests.identity import recognised

pytestmark = pytest.mark.django_db

#: everybody of these stories has joined by then
NOW = timezone.now() + timedelta(hours=1)


@dataclass
class Worth:
    """A hundred Singapore dollars, five hundred yuan, and nobody knows how many US dollars."""

    sgd: Decimal = Decimal(100)

    def in_currency(self, code: str) -> Decimal | None:
        return {"SGD": self.sgd, "CNY": self.sgd * 5}.get(code)


@pytest.fixture
def dana() -> Member:
    return factories.a_colleague(factories.alice(), Role.BUYER)


def give(holder: Member, **changes: Any) -> Mandate:
    given: dict[str, Any] = {"act": Purpose.ORDER, "now": NOW} | changes
    member = Membership.objects.get(pk=holder.membership_id).public_id
    return services.give_mandate(actor=given.pop("actor", factories.alice()), holder=member, **given)


def acts(actor: Any, *, worth: Worth | None = None, act: str = Purpose.ORDER, days: float = 0) -> int | None:
    """The mandate on which the act rests."""
    at = NOW + timedelta(days=days)
    assured = guard(actor=actor, purpose=act, worth=worth or Worth(), now=at)
    return assured.mandate and assured.mandate.pk


def test_without_mandates_the_role_decides_and_with_one_only_its_holder_and_owners_act(dana: Member) -> None:
    eve = factories.a_colleague(factories.alice(), Role.BUYER, email="eve@tanjong-bolts.example")
    assert acts(dana) is None and acts(eve) is None
    mandate = give(dana)
    assert acts(dana) == mandate.pk, "any amount, any day"
    assert acts(factories.alice()) is None, "owners need none"
    with pytest.raises(MandateNeeded) as refusal:
        acts(eve)
    assert refusal.value.code == "mandate.needed" and "Place an order, or agree to its freight" in str(
        refusal.value
    )
    assert acts(eve, act=Purpose.ACCEPT_FINANCE) is None, "for other acts the role decides as before"
    assert acts(factories.charlie()) is None and acts(factories.bo()) is None, "one company's own rule"
    told = Event.objects.get(name="MandateGiven")
    assert (told.payload["mandate_id"], told.audience) == (mandate.pk, [dana.company_id])


def test_a_ceiling_holds_in_every_currency_by_the_rate_of_the_day(dana: Member) -> None:
    mandate = give(dana, ceiling=Decimal("100.00"), currency="SGD")
    assert acts(dana) == mandate.pk
    with pytest.raises(MandateExceeded, match="mandate"):
        acts(dana, worth=Worth(Decimal("100.01")))
    yuan = give(dana, ceiling=Decimal("600.00"), currency="CNY")
    assert acts(dana, worth=Worth(Decimal(120))) == yuan.pk, "the one that is wide enough"
    services.revoke_mandate(actor=factories.alice(), mandate=mandate.public_id, now=NOW)
    services.revoke_mandate(actor=factories.alice(), mandate=yuan.public_id, now=NOW)
    give(dana, ceiling=Decimal("9999.00"), currency="USD")
    with pytest.raises(MandateExceeded):  # no rate tells
        acts(dana)


def test_its_dates_hold_and_one_that_is_over_or_revoked_opens_nothing(dana: Member) -> None:
    begins, ends = NOW + timedelta(days=1), NOW + timedelta(days=3)
    mandate = give(dana, valid_from=begins, valid_to=ends)
    assert acts(dana) is None, "until it begins the company works without"
    assert acts(dana, days=1) == mandate.pk
    with pytest.raises(MandateNeeded):
        acts(dana, days=3)
    services.revoke_mandate(actor=factories.alice(), mandate=mandate.public_id, now=NOW)
    with pytest.raises(MandateNeeded):
        acts(dana, days=2)
    again = services.revoke_mandate(
        actor=factories.alice(), mandate=mandate.public_id, now=NOW + timedelta(days=2)
    )
    assert again.revoked_at == NOW and Event.objects.filter(name="MandateRevoked").count() == 1


def test_what_an_issuer_says_of_one_person_binds_nobody_else(dana: Member) -> None:
    city = recognised.issuer()
    said = Mandate.objects.create(
        company=dana.company, holder=dana.user, act=Purpose.ORDER, valid_from=NOW, issuer=city
    )
    eve = factories.a_colleague(factories.alice(), Role.BUYER, email="eve@tanjong-bolts.example")
    assert acts(eve) is None
    give(eve)
    assert acts(dana) == said.pk
    services.suspend_issuer(actor=recognised.officer("olive"), issuer=city, reason="Keys lost", now=NOW)
    with pytest.raises(MandateNeeded):
        acts(dana)


def test_roles_at_an_issuer_become_mandates_that_end_by_themselves_and_never_over_the_owners_word(
    dana: Member,
) -> None:
    """Eve's mandate makes the company work by them; what Dana may comes with her sign-ins in Singapore."""
    city = recognised.issuer()
    identity = recognised.identity(dana.user, city)
    give(factories.a_colleague(factories.alice(), Role.BUYER, email="eve@tanjong-bolts.example"))
    day, week = NOW + timedelta(days=1), NOW + timedelta(days=7)

    def shows(*roles: tuple[str, date | None], now: datetime = NOW) -> dict[str, datetime | None]:
        wanted = {
            act: last and datetime(last.year, last.month, last.day, tzinfo=UTC)
            for act, last in acts_of_roles(roles).items()
        }
        take_authority(company=dana.company, identity=identity, wanted=wanted, now=now)
        return wanted

    shows(("Buyer", week.date()), ("approver", day.date()), ("lion tamer", None))
    said = Mandate.objects.get(holder=dana.user)
    assert (said.act, said.valid_to.date(), said.issuer) == (Purpose.ORDER, week.date(), city)
    assert acts(dana) == said.pk
    shows(("buyer", week.date()))
    assert Mandate.objects.filter(holder=dana.user).count() == 1, "the same again is the same mandate"
    with pytest.raises(MandateNeeded):
        acts(dana, days=8)  # it has run out, whether or not anybody has come by since
    shows(("seller", None), now=day)
    with pytest.raises(MandateNeeded):
        acts(dana, days=1)
    assert acts(dana, act=Purpose.ISSUE_DOCUMENT, days=1) is None, "nobody works by mandates for this"
    shows(("buyer", None), now=day)
    anew = Mandate.objects.get(holder=dana.user, act=Purpose.ORDER, valid_to=None)
    assert acts(dana, days=1) == anew.pk
    # her own owner has the last word: a ceiling, and then nothing
    narrow = give(dana, ceiling=Decimal("99.00"), currency="SGD", now=day)
    with pytest.raises(MandateExceeded):
        acts(dana, days=1, worth=Worth())
    for mandate in (narrow, anew):
        services.revoke_mandate(actor=factories.alice(), mandate=mandate.public_id, now=day)
    shows(("buyer", None), now=day + timedelta(hours=1))
    with pytest.raises(MandateNeeded):
        acts(dana, days=2)
    assert Mandate.objects.filter(holder=dana.user, act=Purpose.ORDER).count() == 3, "nor is it given again"
    shows(("finance", None), now=day + timedelta(hours=2))
    services.end_identity(identity=identity, user=dana.user, now=week)
    lasting = Mandate.objects.filter(holder=dana.user, revoked_at=None).exclude(
        valid_to__lte=week + timedelta(seconds=1)
    )
    assert not lasting.exists(), "disconnected, it says nothing any more"


def test_a_program_acts_by_its_makers_mandate(dana: Member) -> None:
    def program(maker: Member) -> Any:
        token, _secret = services.issue_token(
            actor=maker, name="ERP", roles=["buyer"], expires_at=NOW + timedelta(days=9), now=NOW
        )
        return token_actor(timezone.now(), pk=token.pk)

    danas, alices = program(dana), program(factories.alice())
    mandate = give(dana, ceiling=Decimal("100.00"), currency="SGD")
    assert acts(danas) == mandate.pk and acts(alices) is None
    with pytest.raises(MandateExceeded):
        acts(danas, worth=Worth(Decimal(101)))
    services.revoke_mandate(actor=factories.alice(), mandate=mandate.public_id, now=NOW)
    with pytest.raises(MandateNeeded):
        acts(danas)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"act": Purpose.BROWSE}, NotMandated),
        ({"ceiling": Decimal(5)}, NotACeiling),
        ({"currency": "SGD"}, NotACeiling),
        ({"ceiling": Decimal(-1), "currency": "SGD"}, NotACeiling),
        ({"ceiling": Decimal("NaN"), "currency": "SGD"}, NotACeiling),
        ({"ceiling": Decimal("1.001"), "currency": "SGD"}, NotACeiling),
        ({"ceiling": Decimal(5), "currency": "EUR"}, NotACeiling),
        ({"valid_from": NOW - timedelta(days=1)}, MandateDates),
        ({"valid_to": NOW}, MandateDates),
    ],
)
def test_a_mandate_that_makes_no_sense_is_refused(
    dana: Member, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        give(dana, **changes)
    assert not Mandate.objects.exists()


def test_owners_give_and_revoke_them_to_their_own_people(dana: Member) -> None:
    with pytest.raises(Forbidden):
        give(dana, actor=dana)
    with pytest.raises(HolderUnknown):
        give(factories.bo())
    mandate = give(dana)
    with pytest.raises(Forbidden):
        services.revoke_mandate(actor=dana, mandate=mandate.public_id, now=NOW)
    with pytest.raises(NotFound):
        services.revoke_mandate(actor=factories.charlie(), mandate=mandate.public_id, now=NOW)
    assert Mandate.objects.get().revoked_at is None


def test_an_owner_gives_and_revokes_one_on_a_page(client: Client, dana: Member) -> None:
    alice = factories.alice()
    factories.show_again(factories.sign_in(client, alice))
    page, new = (reverse(name, args=[alice.company.slug]) for name in ("mandates", "mandate_new"))
    assert "No mandate yet" in client.get(page).content.decode()
    form = client.get(new).content.decode()
    holder = Membership.objects.get(pk=dana.membership_id).public_id
    own = Membership.objects.get(pk=alice.membership_id).public_id
    assert holder in form and own not in form, "owners need none"
    sent = {
        "holder": holder,
        "act": "order",
        "ceiling": "2500.50",
        "currency": "SGD",
        "last_day": "2020-01-01",
    }
    assert "ends after it begins" in client.post(new, sent).content.decode()
    last_day = (timezone.localdate() + timedelta(days=30)).isoformat()
    assert client.post(new, sent | {"last_day": last_day})["Location"] == page
    mandate = Mandate.objects.get()
    assert (mandate.holder, mandate.ceiling, mandate.currency) == (dana.user, Decimal("2500.50"), "SGD")
    assert "2,500.50" in client.get(page).content.decode()
    client.post(reverse("mandate_revoke", args=[alice.company.slug, mandate.public_id]))
    assert Mandate.objects.get().revoked_at and "Revoked" in client.get(page).content.decode()
