"""Who looks at which page: every address that answers with a page stands with one person who may see it, or with the reason
why nobody here does. A new address that stands nowhere fails `test_every_page_has_a_visitor`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.mail import send_mail
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone, translation

from catalog import services as catalog
from catalog.models import Product
from disputes import services as disputes
from disputes.states import CaseState
from identity import interrupted
from identity import services as identity
from identity.actors import Member, Staff
from identity.models import Claim, IdentityLink, User
from identity.states import Purpose
from orders import services as orders
from sme_hub.pages import dev_mail
from tests import factories as people
from tests.disputes import factories as cases
from tests.financing.factories import a_banker
from tests.identity import recognised
from tests.identity.lists import a_candidate
from tests.identity.test_linking import agreed, both_shown
from tests.orders import factories as deals
from tests.roof.test_everybody import POSTED_TO, TABLE
from tests.roof.world import PDF, World, a_bank_change, a_world

#: by whom each page is looked at
VISITORS = {
    "anonymous": "home search product storefront basket demo help help_guide help_glossary terms privacy consent_notice contact simulated recognition"
    " dev_mail dev_letter account_login account_signup account_inactive account_reset_password"
    " account_reset_password_done account_reset_password_from_key account_reset_password_from_key_done"
    " account_email_verification_sent account_confirm_email account_request_login_code",
    "alice": "workspace talk thread company company_edit claims claim_submit members mandates mandate_new member_invite member_roles addresses"
    " address_new address_edit tokens token_new bank bank_set bank_change listings listing listing_new listing_edit listing_pictures"
    " listing_sheets listing_stock imports import import_new order order_payment order_despatch cases case"
    " case_record papers paper finance finance_offer inbox inbox_preferences identities linking show_who",
    "bo": "cart checkout orders order_print order_receive saved find quick_order talk_ask case_new try_it"
    " approvals approval spending_limit",
    "charlie": "company_new desk security my_data account_email account_change_password account_logout account_reauthenticate"
    " mfa_activate_totp mfa_list_webauthn mfa_add_webauthn usersessions_list",
    "dana": "invitation mfa_view_recovery_codes mfa_generate_recovery_codes mfa_deactivate_totp mfa_edit_webauthn"
    " mfa_remove_webauthn",
    "eve": "account_set_password",
    "bank": "financing financing_file",
    "officer": "programme admin:index admin:app_list admin:kernel_delivery_changelist admin:identity_company_changelist"
    " admin:identity_company_change admin:identity_company_history admin:identity_claim_decide admin:kernel_switch_add"
    " admin:identity_candidate_decide admin:identity_bankaccountchange_decide admin:identity_listsnapshot_import admin:identity_recognitionpolicy_changelist admin:identity_recognitionpolicy_add admin:identity_issuer_add",
    "manager": "mediation:index mediation:case mediation:case_record mediation:disputes_case_changelist",
    "mediator": "mediation:disputes_appointment_changelist",
    "registrar": "mediation:disputes_filing_changelist",
}
#: the same addresses once more, where they look otherwise: with something found or nothing, with faults, for the other side
AGAIN = {
    "anonymous": (
        "/{language}/search/?q=nothing+like+it",
        "/{language}/nothing-here/",
        "/{language}/help/?q=order",
    ),
    "alice": ("/c/{alice}/orders/?side=selling", "/c/{alice}/orders/{waiting}/"),
    # the ceremony: to agree, decided by officers, undone, standing; and what is read before an identity is connected
    "bo": (
        "/c/{bo}/",
        "/c/{bo}/orders/{order}/",
        "/c/{bo}/cases/{case}/",
        "/c/{bo}/cases/{consenting}/",
        "/c/{bo}/cases/{settled}/",
        "/{language}/accounts/identities/link/{agreeing}/",
    ),
    "dana": ("/{language}/accounts/identities/link/{undone}/", "/accounts/issuers/sg/login/?ask"),
    "eve": ("/{language}/accounts/identities/link/{linked}/", "/{language}/accounts/identities/"),
    "charlie": tuple(
        f"/c/{{charlie}}/{path}"
        for path in (
            "",
            "orders/",
            "cart/",
            "listings/",
            "imports/",
            "papers/",
            "talk/",
            "cases/",
            "saved/",
            "find/?q=x",
        )
    )
    + ("/{language}/accounts/identities/link/{waiting_link}/",),
    "manager": ("/mediation/cases/{untaken}/",),
    "mediator": ("/mediation/", "/mediation/cases/{case}/"),
    "registrar": ("/mediation/", "/mediation/cases/{held}/"),
}
#: why nobody looks
NOT_LOOKED_AT = {
    "has a test of its own": "api_docs",
    "a file": "media inbox_export listings_export orders_export order_lines_export papers_export approvals_export imports_export finance_export financing_export"
    " talk_export saved_export members_export mandates_export addresses_export tokens_export claims_export"
    " cases_export mediation:disputes_appointment_export mediation:disputes_case_export"
    " mediation:disputes_filing_export import_template import_problems paper_file case_file case_session mediation:case_file mediation:case_session"
    " mfa_download_recovery_codes api_docs_script admin:jsi18n mediation:jsi18n",
    "a part of a page": "inbox_bell thread_news listing_attributes listing_hs case_room mediation:case_room"
    " order_papers order_finance",
    "a word for machines": "healthz jwks mfa_login_webauthn admin:autocomplete",
    "leads on": "issuer_login issuer_callback ask factors mfa_index notice admin:login admin:logout admin:view_on_site mediation:login mediation:logout",
    "only while one signs in: see test_security": "account_confirm_login_code mfa_authenticate mfa_reauthenticate"
    " mfa_reauthenticate_webauthn",
    "Django's own page; officers change their password where everybody does": "admin:password_change"
    " admin:password_change_done",
    "posted to": "mediation:case_act",
    "only with DEBUG": "style_guide",
}
#: pages of one kind for every table of the operator's desk: one of each kind is looked at
KINDS = ("changelist", "export", "add", "change", "history", "delete")


def names() -> set[str]:
    """Every named address that may answer with a page: those of programs and those that are only posted to do not."""
    found = {name for name in _names(get_resolver(), "") if name}
    return {name for name in found if not _never_a_page(name)}


def _names(resolver: URLResolver, space: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{space}{pattern.name}"


def _never_a_page(name: str) -> bool:
    return TABLE.get(name) == POSTED_TO or (name.startswith("api_") and not name.startswith("api_docs"))


def looked_at() -> dict[str, str]:
    """Who looks, by the name of the page."""
    return {name: who for who, listed in VISITORS.items() for name in listed.split()}


def like_another(name: str) -> bool:
    """A table of the operator's desk whose pages are made of the same template as one that is looked at."""
    kind = name.rpartition("_")[2]
    return name.startswith("admin:") and kind in KINDS


@dataclass
class Visitors:
    """The people, signed in, and where each of them goes."""

    world: World
    #: where the pages are
    url: str
    #: what fills the gaps of addresses that the world of the product's own pages does not know, by the page's name
    gaps: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)

    def visits(self, who: str, language: str) -> list[tuple[str, str]]:
        """What they look at, by a name that stays, and where it is today."""
        with translation.override(language):
            named = [(name, self._address(name, who)) for name in VISITORS[who].split()]
        again = [(path, path.format(language=language, **self.facts)) for path in AGAIN.get(who, ())]
        return named + again

    def address_of(self, name: str, language: str) -> str:
        with translation.override(language):
            return self._address(name, looked_at()[name])

    def _address(self, name: str, who: str) -> str:
        if name in self.gaps:
            return reverse(name, kwargs=self.gaps[name]) + (QUERIES.get(name, ""))
        if ":" in name or name.startswith(("account_", "mfa_", "usersessions_")):
            return reverse(name)
        return self.world.address(name, of="bo" if who == "bo" else "alice") + QUERIES.get(name, "")

    def client(self, who: str) -> Client:
        """In a session that has just shown the password."""
        client = Client()
        if who != "anonymous":
            client.force_login(self.people[who])
            people.show_again(client)
        if who == "alice":
            self.gaps["show_who"] = {"key": _an_act_waits(client, self.world.alice)}
        return client

    @property
    def people(self) -> dict[str, User]:
        seats = {"manager": cases.manager(), "mediator": cases.mediator(), "registrar": cases.registrar()}
        members = {
            "alice": people.alice(),
            "bo": people.bo(),
            "charlie": people.charlie(),
            "bank": a_banker(),
        }
        others: dict[str, Member | Staff] = {"officer": people.officer(), **seats, **members}
        guarded = {name: User.objects.get(email=f"{name}@example.com") for name in ("dana", "eve")}
        return {name: actor.user for name, actor in others.items()} | guarded


QUERIES = {
    "search": "?q=nitrile&category=safety&sort=newest",
    "find": "?q=nitrile",
    "desk": "?all",
}


def visitors(url: str) -> Visitors:
    """The world of every address, and what the pages of accounts, banks and offices need besides."""
    world = a_world()
    claim = _a_claim()
    recognised.policy(recognised.issuer(), Purpose.ORDER)
    product = Product.objects.fetch(world.ids["alice"]["product"])
    now = timezone.now()
    orders.put_in_cart(actor=world.bo, product=product.public_id, quantity=Decimal(20), now=now)
    catalog.keep_product(actor=world.bo, product=product.public_id, kept=True, now=now)
    catalog.save_search(actor=world.bo, name="Gloves", query="q=gloves", now=now)
    dana, eve = people.a_user("dana@example.com"), people.a_user("eve@example.com")
    eve.set_unusable_password()
    eve.save(update_fields=["password"])
    company = world.charlie.company
    unasked = deals.a_confirmed_order(product)
    unsettled = cases.a_case_in(CaseState.MEDIATING, deals.a_confirmed_order(product))
    disputes.leave_mediation(actor=world.alice, case=unsettled.public_id, now=now)
    quarrels = _cases(product)
    gaps: dict[str, dict[str, Any]] = {
        "talk_ask": {"company": world.bo.company.slug, "matter": unasked.public_id},
        "case_new": {"company": world.bo.company.slug, "order": unasked.public_id},
        "dev_letter": {"name": _a_letter()},
        "financing": {"company": a_banker().company.slug},
        "financing_file": {"company": a_banker().company.slug, "offer": world.ids["alice"]["offer"]},
        "account_reset_password_from_key": {
            "uidb36": user_pk_to_url_str(eve),
            "key": default_token_generator.make_token(eve),
        },
        "account_confirm_email": {"key": EmailConfirmationHMAC(EmailAddress.objects.get(user=eve)).key},
        "mfa_edit_webauthn": {"pk": _guard(dana)},
        "admin:app_list": {"app_label": "identity"},
        "admin:identity_company_change": {"object_id": company.pk},
        "admin:identity_company_history": {"object_id": company.pk},
        "admin:identity_claim_decide": {"claim_id": claim.pk},
        "admin:identity_candidate_decide": {"candidate_id": a_candidate().pk},
        "admin:identity_bankaccountchange_decide": {"change_id": a_bank_change(world.alice).pk},
        "case_record": {"company": world.alice.company.slug, "case": unsettled.public_id},
        "mediation:case": {"case": world.ids["alice"]["case"]},
        "mediation:case_record": {"case": unsettled.public_id},
    }
    gaps["mfa_remove_webauthn"] = gaps["mfa_edit_webauthn"]
    facts = {who: getattr(world, who).company.slug for who in ("alice", "bo", "charlie")}
    facts |= {"waiting": deals.an_order(product).public_id, "order": world.ids["alice"]["order"]}
    facts |= {"case": world.ids["alice"]["case"], **_ceremonies(world, dana, eve), **quarrels}
    return Visitors(world, url, gaps, facts)


def _cases(product: Product) -> dict[str, str]:
    """Where the parties read before they bind themselves, and where the office and the desk have something to decide."""
    states = {
        "consenting": CaseState.CONSENT_PENDING,
        "settled": CaseState.MSA_SIGNED,
        "held": CaseState.SCIA_FILED,
        "untaken": CaseState.REQUESTED,
    }
    found = {name: cases.a_case_in(state, deals.a_confirmed_order(product)) for name, state in states.items()}
    answer = {"status": "received", "waits_for": "registrar", "held_for": "no_payment", "reference": "R"}
    disputes.keep_answer(filing_id=found["held"].filings.get().pk, answer=answer, now=timezone.now())
    went_out = found["untaken"].respond_by + timedelta(seconds=1)
    disputes.run_out(case_id=found["untaken"].pk, now=went_out)
    return {name: case.public_id for name, case in found.items()}


def _ceremonies(world: World, dana: User, eve: User) -> dict[str, str]:
    """One at each step that has a page of its own, open for as long as anybody looks."""
    officer, now = recognised.officer("olive"), timezone.now()
    agreeing = both_shown(world.bo.user, now=now)
    waits = agreed(both_shown(world.charlie.user, sg="Somebody else", now=now), now=now)
    undone, linked = (agreed(both_shown(user, now=now), now=now) for user in (dana, eve))
    identity.undo_link(actor=officer, link=undone, reason="Shown by somebody else", now=now)
    IdentityLink.objects.filter(pk=agreeing.pk).update(expires_at=now + timedelta(days=1))
    found = {"agreeing": agreeing, "waiting_link": waits, "undone": undone, "linked": linked}
    return {name: link.public_id for name, link in found.items()}


def _an_act_waits(client: Client, member: Member) -> str:
    """A checkout that was sent before it was known who sends it; the key under which this session keeps it."""
    path = reverse("checkout", args=[member.company.slug, member.company.slug])
    request = RequestFactory().post(path, {"po_number": "PO-77"})
    request.session = session = client.session
    request.actor = member  # type: ignore[attr-defined]
    key = interrupted.keep(request, purpose=Purpose.ORDER, now=timezone.now())
    session.save()
    return key


def _a_claim() -> Claim:
    return identity.submit_claim(
        actor=people.charlie(),
        kind="registration",
        statement="Extract of today",
        evidence=io.BytesIO(PDF),
        evidence_name="extract.pdf",
        now=timezone.now(),
    )


def _guard(user: User) -> int:
    """With an app, recovery codes and a passkey; the key of the passkey."""
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    passkey = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Laptop", "credential": {}}
    )
    return passkey.pk


@override_settings(EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend")
def _a_letter() -> str:
    send_mail("Your order", "It is on its way: http://testserver/", "hub@example.com", ["bo@example.com"])
    return next(dev_mail._latest()).name
