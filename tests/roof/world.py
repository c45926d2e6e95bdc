"""A small world in which every address of the product leads somewhere, and all addresses there are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from unittest import mock

from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from PIL import Image as Pillow

from catalog import services as catalog
from disputes import services as disputes
from disputes.models import Case, CaseFile, Session
from disputes.states import CaseState, Zone
from documents.models import Paper, Rendition
from identity import services as identity
from identity.acting import LAST_COMPANY
from identity.actors import Member, Staff
from identity.models import BankAccountChange, IdentityLink, Membership, Notice
from identity.services.members import secret_of
from identity.services.sessions import SESSION_SEAL, note_session
from identity.states import Role
from kernel.sealing import seal
from sme_hub.matters import matter_of
from tests import factories as people
from tests.catalog.factories import a_product
from tests.disputes.factories import a_case_in, mediator, said
from tests.documents.factories import deliver
from tests.financing.factories import an_offer_on_its_own
from tests.identity import recognised
from tests.orders import factories as deals

#: pages of others, tested by their makers
NOT_OURS = ("allauth.", "django.contrib.admin", "disputes.admin")
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@dataclass(frozen=True)
class Route:
    name: str
    pattern: URLPattern
    #: what its address asks for: `company`, `order`, …
    parts: tuple[str, ...]

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api_")


@cache
def routes() -> list[Route]:
    """Every named address of ours."""
    return sorted(_routes(get_resolver(), ()), key=lambda route: route.name)


def _routes(resolver: URLResolver, above: tuple[str, ...]) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        parts = (*above, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, parts)
        elif not (pattern.callback.__module__ or "").startswith(NOT_OURS) and not _is_admin(pattern):
            yield Route(pattern.name or f"unnamed {pattern.pattern}", pattern, parts)


def _is_admin(pattern: URLPattern) -> bool:
    return hasattr(pattern.callback, "admin_site") or hasattr(pattern.callback, "model_admin")


@dataclass
class World:
    """Alice's shop, Bo's order under way, and Charlie, who has nothing to do with either."""

    alice: Member
    bo: Member
    charlie: Member
    #: what fills the gaps of an address, for `alice` and for `bo` as the acting company
    ids: dict[str, dict[str, str]]
    tokens: dict[str, str]
    #: a session for each of them
    sessions: dict[str, str]

    def address(self, name: str, /, of: str = "alice", **other: str) -> str:
        known = self.ids[of] | other
        route = next(route for route in routes() if route.name == name)
        return reverse(name, kwargs={part: known[part] for part in route.parts})

    def client(self, who: str, **kwargs: Any) -> Client:
        """A new browser: `anonymous`, or with the person's session. Quicker than to sign in anew."""
        client = Client(**kwargs)
        if who != "anonymous":
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    def program(self, who: str) -> Client:
        """`anonymous`, or a program with a token of that company."""
        if who == "anonymous":
            return Client()
        return Client(headers={"Authorization": f"Bearer {self.tokens[who]}"})


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is undone, so that whoever asks next meets the same world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(client: Client, method: str, address: str, **more: Any) -> Any:
    """The answer to a request, which is undone."""
    with undone():
        return client.generic(method, address, **more)


def a_world() -> World:
    now = timezone.now()
    alice, bo, charlie = people.alice(), people.bo(), people.charlie()
    product = a_product(seller=alice)
    picture = catalog.add_image(actor=alice, product=product, file=_picture(), now=now)
    details = catalog.SheetDetails(kind="tds", title="Sheet", language="en", expires_on=None)
    sheet = catalog.add_sheet(actor=alice, product=product, file=io.BytesIO(PDF), details=details, now=now)
    job = catalog.receive_import(
        actor=alice, file=io.BytesIO(b"sku,name_en\nA-1,Bolt\n"), file_name="a.csv", dry_run=True, now=now
    )
    approval = deals.an_approval(product)
    deals.a_limit(None)  # other orders of Bo's people are theirs alone
    order = deals.a_confirmed_order(product)
    offer = an_offer_on_its_own()
    sent = deals.a_despatch(order, {1: 4})
    case, file, meeting = a_case()
    with mock.patch("documents.services.rendering.render", return_value=PDF):
        deliver()
    invitation = identity.invite_member(actor=alice, email="dana@example.com", roles=[Role.SELLER], now=now)
    token, _secret = identity.issue_token(
        actor=alice, name="ERP", roles=[Role.SELLER], expires_at=now + timedelta(days=9), now=now
    )
    search = catalog.save_search(actor=alice, name="Gloves", query="q=gloves", now=now)
    paper = Paper.objects.filter(order=order).earliest("pk")
    asked = identity.ask(
        actor=bo,
        matter=matter_of(bo, order.public_id),
        words=identity.Words(body="When?", files=[(io.BytesIO(PDF), "list.pdf")]),
        now=now,
    )
    link = a_link_begun(alice)
    shared = {
        "matter": order.public_id,
        "thread": asked.thread.public_id,
        "file": asked.files.get().public_id,
        "approval": approval.public_id,
        "case": case.public_id,
        "attachment": file.public_id,
        "meeting": meeting.public_id,
        "zone": "joint",
        "act": "message",
        "seller": alice.company.slug,
        "guide": "list-a-product",
        "product": product.public_id,
        "order": order.public_id,
        "despatch": sent.public_id,
        "paper": paper.public_id,
        "offer": offer.public_id,
        "bank": offer.bank.code,
        "rendition": Rendition.objects.filter(version__paper=paper).earliest("pk").public_id,
        "picture": picture.public_id,
        "sheet": sheet.public_id,
        "job": job.public_id,
        "search": search.public_id,
        "form": "csv",
        # of an issuer of identities; what real ones answer is for test_issuer_attacks
        "code": "no-such-issuer",
        "identity": link.first.public_id,
        "link": link.public_id,
        "key": "nothing-waits",
        "mandate": identity.give_mandate(
            actor=alice,
            holder=Membership.objects.get(pk=alice.membership_id).public_id,
            act="change_bank_account",
            valid_from=now + timedelta(days=30),  # it binds nobody here
            now=timezone.now(),
        ).public_id,
        "kind": "registration",
        "version": "connect-2026-11",
        "consent": "cns_0",
        "currency": "SGD",
        "change": a_bank_change(alice).public_id,
        "invitation": invitation.public_id,
        "secret": secret_of(invitation),
        "token": token.public_id,
        "notice": Notice.objects.filter(user=alice.user).latest("pk").public_id,
        "name": picture.file.name,
        "session": seal(SESSION_SEAL, _a_session(alice).pk),
    }
    return World(
        alice,
        bo,
        charlie,
        {"alice": shared | _own(alice), "bo": shared | _own(bo)},
        {who: _token(of) for who, of in (("alice", alice), ("bo", bo), ("charlie", charlie))},
        {who: session_of(of) for who, of in (("alice", alice), ("bo", bo), ("charlie", charlie))},
    )


def a_bank_change(of: Member) -> BankAccountChange:
    """Of the dollar account: the same one as long as it waits."""
    known = BankAccountChange.objects.filter(company=of.company, currency="USD", state="waiting").first()
    if known is not None:
        return known
    change = identity.set_bank_account(
        actor=of,
        currency="USD",
        beneficiary=of.company.legal_name,
        bank_name="Other Bank",
        bic="OTHRSGSG",
        account_number="5550001112",
        now=timezone.now(),
    )
    assert isinstance(change, BankAccountChange)
    return change


def session_of(person: Member | Staff) -> str:
    """Of a browser in use: no request need note that it is, nor which company it last worked in.

    Its person has just given their password, so that what asks for it again is asked at once who may.
    """
    session = people.sign_in(Client(), person).session
    if isinstance(person, Member):
        session[LAST_COMPANY] = person.company.slug
    request = HttpRequest()
    request.session = session
    record_authentication(request, person.user, method="password", reauthenticated=True)
    session.save()
    key = str(session.session_key)
    note_session(user=person.user, session_key=key, ip="127.0.0.1", user_agent="Firefox", now=timezone.now())
    return key


def a_case() -> tuple[Case, CaseFile, Session]:
    """In mediation, with a file and a session in the joint room."""
    now = timezone.now()
    case = a_case_in(CaseState.MEDIATING)
    said(case, people.bo(), Zone.JOINT, files=[(io.BytesIO(PDF), "photo.pdf")])
    meeting = disputes.set_session(
        actor=mediator(),
        case=case.public_id,
        zone=Zone.JOINT,
        mode="online",
        starts_at=now + timedelta(days=3),
        minutes=60,
        place="Room 3",
        now=now,
    )
    return case, case.files.get(), meeting


def a_link_begun(of: Member) -> IdentityLink:
    """One identity is shown; the other, and consent, are to come."""
    now = timezone.now()
    shown = recognised.identity(of.user, recognised.issuer("sg"))
    link = identity.start_link(
        user=of.user,
        first=shown.issuer,
        second=recognised.issuer("cn"),
        session=recognised.SESSION,
        now=now,
    )
    return identity.prove_side(link=link, identity=shown, auth_time=now, session=recognised.SESSION, now=now)


def _own(of: Member) -> dict[str, str]:
    company = of.company
    account = company.bank_accounts.first()
    return {
        "company": company.slug,
        "member": company.memberships.get(user=of.user).public_id,
        "address": company.addresses.earliest("pk").public_id,
        "account": account.public_id if account else "bnk_none",
    }


def _a_session(of: Member) -> UserSession:
    return UserSession.objects.create(
        user=of.user, ip="127.0.0.1", session_key="a" * 32, user_agent="Firefox"
    )


def _token(of: Member) -> str:
    now = timezone.now()
    roles = [Role.OWNER]
    _token, secret = identity.issue_token(
        actor=of, name="all", roles=roles, expires_at=now + timedelta(days=9), now=now
    )
    return secret


def _picture() -> io.BytesIO:
    file = io.BytesIO()
    Pillow.new("RGB", (400, 300), "teal").save(file, "PNG")
    file.seek(0)
    return file
