"""Two at once: what must stay true of a company stays true."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from identity import provider, services
from identity.connectors.issuers import Attempt
from identity.models import BankAccount, BankAccountChange, Company, ExternalIdentity, Issuer, Membership
from identity.rules.consents import CONNECTING
from identity.services import CompanyDetails
from identity.services.issuers import IssuerDetails
from identity.services.members import secret_of
from identity.sessions import SessionStore
from identity.states import BankChangeState, IssuerState, LinkState, Purpose, Role
from kernel.errors import Refused
from kernel.models import Event
from sme_hub.invariants import check
from tests import factories
from tests.identity import recognised
from tests.identity.test_linking import agreed, both_shown
from tests.identity.test_recognition import ISSUER

pytestmark = pytest.mark.usefixtures("committed_db")


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run the acts in threads that start together; what each was refused with, or nothing."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            start.wait(10)
            act()
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(run, acts))


def test_two_owners_who_send_each_other_away_leave_one() -> None:
    alice = factories.alice()
    other = factories.a_colleague(alice, Role.OWNER)
    hers, theirs = (Membership.objects.get(pk=member.membership_id) for member in (alice, other))
    now = timezone.now()
    answers = at_once(
        lambda: services.end_membership(actor=alice, membership=theirs, now=now),
        lambda: services.end_membership(actor=other, membership=hers, now=now),
    )
    assert answers == ["", "member.last_owner"]
    assert Membership.objects.active(now).filter(company=alice.company).count() == 1


def test_one_company_is_registered_by_one() -> None:
    users = [factories.a_user(f"founder-{number}@race.example") for number in range(4)]
    number = factories.a_uen(202412345)
    answers = at_once(
        *(
            lambda user=user: services.register_company(
                user=user,
                country="SG",
                registration_number=number,
                details=CompanyDetails(legal_name="Race Pte. Ltd."),
                now=timezone.now(),
            )
            for user in users
        )
    )
    assert answers == ["", *["company.registered_before"] * 3]
    assert Company.objects.get().memberships.count() == 1


def test_an_invitation_is_accepted_and_a_change_of_an_account_asked_and_confirmed_once() -> None:
    alice = factories.alice()
    user = factories.a_user("new@colleague.example")
    invitation = services.invite_member(actor=alice, email=user.email, roles=[Role.BUYER], now=timezone.now())
    accept = lambda: services.accept_invitation(  # noqa: E731
        user=user, secret=secret_of(invitation), now=timezone.now()
    )
    assert at_once(accept, accept, accept) == ["", "invitation.gone", "invitation.gone"]
    finance = factories.a_colleague(alice, Role.FINANCE)
    numbers = ["11111", "22222", "33333"]
    asked = at_once(
        *(
            lambda number=number: services.set_bank_account(
                actor=alice,
                currency="SGD",
                beneficiary=alice.company.legal_name,
                bank_name="Harbour Bank",
                bic="HARBSGSG",
                account_number=number,
                now=timezone.now(),
            )
            for number in numbers
        )
    )
    assert BankAccount.objects.standing().filter(company=alice.company, currency="SGD").count() == 1
    assert sorted(asked) == ["", "bank.change_waiting", "bank.change_waiting"]
    change = BankAccountChange.objects.get()
    confirm = lambda: services.confirm_bank_change(  # noqa: E731
        actor=finance, change=change, now=timezone.now()
    )
    withdraw = lambda: services.withdraw_bank_change(  # noqa: E731
        actor=alice, change=change, now=timezone.now()
    )
    answers = at_once(confirm, confirm, withdraw)
    change.refresh_from_db()
    in_force = BankAccount.objects.standing().get(company=alice.company, currency="SGD")
    if change.state == BankChangeState.CONFIRMED:
        assert answers == ["", "", "state.illegal_move"] and in_force == change.account
    else:
        assert answers == ["", *["state.illegal_move"] * 2] and in_force.account_number not in numbers


def test_an_invitation_is_accepted_or_revoked_and_never_both() -> None:
    alice, now = factories.alice(), timezone.now()
    for number in range(5):
        user = factories.a_user(f"new-{number}@colleague.example")
        invitation = services.invite_member(actor=alice, email=user.email, roles=[Role.BUYER], now=now)
        at_once(
            lambda user=user, invitation=invitation: services.accept_invitation(
                user=user, secret=secret_of(invitation), now=now
            ),
            lambda invitation=invitation: services.revoke_invitation(
                actor=alice, invitation=invitation, now=now
            ),
        )
        invitation.refresh_from_db()
        assert (invitation.accepted_at is None) != (invitation.revoked_at is None)


def test_policies_and_issuers_are_decided_once() -> None:
    """Three officers press at the same moment; one of them twice."""
    now, drafted = timezone.now(), recognised.draft(recognised.issuer(), Purpose.ORDER)
    officers = [recognised.officer(name) for name in ("olive", "peter", "olive")]
    approved = at_once(
        *(
            lambda officer=officer: services.approve_policy(actor=officer, policy=drafted, now=now)
            for officer in officers
        )
    )
    assert approved == ["", "", "policy.approved_already"]
    told = Event.objects.filter(name="PolicyApproved").values_list("payload", flat=True)
    assert sorted(payload["in_force"] for payload in told) == [False, True]
    suspended = at_once(
        *(
            lambda officer=officer: services.suspend_issuer(
                actor=officer, issuer=drafted.issuer, reason="Keys lost", now=now
            )
            for officer in officers
        )
    )
    assert suspended == ["", "state.illegal_move", "state.illegal_move"]
    details = IssuerDetails(**ISSUER)
    added = at_once(
        *(
            lambda officer=officer: services.add_issuer(actor=officer, details=details, now=now)
            for officer in officers
        )
    )
    assert added == ["", "issuer.known", "issuer.known"]
    assert [finding.faults for finding in check(quiet=False) if not finding.holds] == []


def test_no_issuer_stands_in_a_framework_that_is_suspended() -> None:
    """One officer reinstates an issuer, or adds one, while another suspends its framework."""
    now, olive, peter = timezone.now(), recognised.officer("olive"), recognised.officer("peter")
    city = recognised.issuer()
    act: dict[str, Any] = {"reason": "Keys lost", "now": now}
    for number in range(4):
        services.suspend_issuer(actor=olive, issuer=city, **act)
        details = IssuerDetails(**(ISSUER | {"code": f"sg-{number}", "iss": f"https://{number}.example"}))
        framework = recognised.issuer().framework
        at_once(
            lambda: services.reinstate_issuer(actor=peter, issuer=city, **act),
            lambda framework=framework: services.suspend_framework(actor=olive, framework=framework, **act),
            lambda details=details: services.add_issuer(actor=peter, details=details, now=now),
        )
        standing = Issuer.objects.filter(framework=framework, state=IssuerState.ACTIVE)
        assert not standing.exists()
        services.reinstate_framework(actor=olive, framework=framework, **act)
        services.reinstate_issuer(actor=olive, issuer=city, **act)


def test_a_consent_is_withdrawn_while_its_identity_is_disconnected_and_its_link_decided() -> None:
    """All in one order: the person is locked first, so that none waits for another in a ring."""
    now, olive = timezone.now(), recognised.officer("olive")
    for number in range(4):
        user = factories.a_user(f"linked-{number}@race.example")
        link = agreed(both_shown(user, sg="Somebody else"))
        identity = ExternalIdentity.objects.get(user=user, issuer__code="cn")
        consent = services.give_consent(
            user=user, notice=CONNECTING, from_jurisdiction="CN", to_jurisdiction="SG", now=now
        )
        ExternalIdentity.objects.filter(pk=identity.pk).update(consent=consent)
        at_once(
            lambda user=user, consent=consent: services.withdraw_consent(user=user, consent=consent, now=now),
            lambda user=user, identity=identity: services.end_identity(identity=identity, user=user, now=now),
            lambda link=link: services.decide_link(
                actor=olive, link=link, accepted=True, reason="Seen", now=now
            ),
        )
        link.refresh_from_db()
        consent.refresh_from_db()
        identity.refresh_from_db()
        assert link.state == LinkState.REVOKED and identity.ended_at and consent.withdrawn_at


def test_a_sign_in_comes_back_once() -> None:
    """Two requests with one state, each with the session as it was before either."""
    user = factories.alice().user
    issuer, now = recognised.issuer(), timezone.now()
    client = Client()
    client.force_login(user)
    session = client.session
    attempt = Attempt.new(issuer, redirect_uri="https://hub.example/back", bound_to="", max_age=None)

    def request() -> Any:
        read = SessionStore(session.session_key)
        read.load()
        return SimpleNamespace(session=read, user=user)

    left = request()
    provider.keep(left, attempt, next_url="", agreed="", now=now)
    left.session.save()
    both = [request(), request(), request()]
    for each in both:
        each.session._get_session()  # read before either came
    answers = at_once(
        *(lambda each=each: provider.take(each, issuer="sg", state=attempt.state, now=now) for each in both)
    )
    assert answers == ["", "issuer.not_this_browser", "issuer.not_this_browser"]
