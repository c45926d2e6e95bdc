"""Pages of accounts and pages without a company × everybody: what is anybody's own, and what is for nobody but officers;
what is sent to them, by whom, and for whom it changes anything.

A page without a row fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from identity.models import NoticePreference
from identity.queries import unread_count
from identity.rules.notices import GROUPS
from tests.roof.crowd import MEMBERS, OTHERS, Crowd, rows
from tests.roof.test_consoles import leaves
from tests.roof.test_everybody import PUBLIC, TABLE, ours
from tests.roof.world import asked, undone

#: what GET answers to nobody signed in, and to whoever is and has just given their password again, whatever they are
ACCOUNTS = """
account_login                       200  302
account_logout                      302  200
account_signup                      200  302
account_inactive                    200  200
account_reauthenticate              302  200
account_email                       302  200
account_email_verification_sent     200  200
account_confirm_email               200  200
account_change_password             302  200
account_set_password                302  302
account_reset_password              200  200
account_reset_password_done         200  200
account_reset_password_from_key     200  200
account_reset_password_from_key_done  200  200
account_request_login_code          200  302
account_confirm_login_code          302  302
mfa_index                           302  302
mfa_authenticate                    302  302
mfa_reauthenticate                  302  302
mfa_activate_totp                   302  200
mfa_deactivate_totp                 302  404
mfa_view_recovery_codes             302  404
mfa_generate_recovery_codes         302  200
mfa_download_recovery_codes         302  404
mfa_list_webauthn                   302  200
mfa_add_webauthn                    302  200
mfa_reauthenticate_webauthn         302  302
mfa_remove_webauthn                 302  404
mfa_edit_webauthn                   302  404
mfa_login_webauthn                  302  302
usersessions_list                   302  200
"""
#: pages of ours without a company, where they answer somebody otherwise than a stranger who trades
OTHERWISE: dict[tuple[str, str], int] = {
    **{("basket", who): 200 for who in OTHERS},  # whoever has no cart fills one that their browser keeps
    ("programme", "clerk"): 200,
    ("programme", "head"): 200,
    ("linking", "alice owner"): 200,  # a link that she has begun
    ("notice", "alice owner"): 302,  # a line of her own inbox
}
#: what a form sent there answers to nobody signed in, to whoever is, and to Alice's owner, whose the things of the world are;
#: and for whom it changes anything: their own, and nobody else's
POSTS = """
#                                   nobody  somebody  alice  changes
basket_add                          302  302  302  –            # a cart that the browser keeps
basket_set                          302  302  302  –
set_currency                        302  302  302  –
set_language                        302  302  302  somebody     # their language
contact                             302  302  302  everybody    # an enquiry
healthz                             200  200  200  –
bank_message                        404  404  404  –            # without a bank's signature
demo_enter                          404  404  404  –            # there is no demo here
invitation                          302  403  403  –            # it is for dana
company_new                         302  302  302  somebody
consent_withdraw                    302  404  404  –
factors                             302  302  302  –
linking_start                       302  302  302  –            # two issuers of these names there are not
linking_consent                     302  404  302  alice
linking_revoke                      302  404  302  alice
identities_end                      302  404  302  alice
session_end                         302  404  302  alice
notice_mark                         302  404  302  alice
inbox_preferences                   302  302  302  somebody
inbox_read_all                      302  302  302  somebody
inbox_undo                          302  302  302  –            # nothing was read at that moment
my_data_file                        302  200  200  somebody     # it is noted that they took it
account_login                       200  302  302  –
account_logout                      302  302  302  somebody
account_signup                      200  302  302  –
account_reauthenticate              302  200  200  –
account_email                       302  302  302  –
account_confirm_email               404  404  404  –
account_change_password             302  200  200  –
account_set_password                302  302  302  –
account_reset_password              200  200  200  –
account_reset_password_from_key     200  200  200  –
account_request_login_code          200  302  302  –
account_confirm_login_code          302  302  302  –
mfa_index                           302  302  302  –
mfa_authenticate                    302  302  302  –
mfa_reauthenticate                  302  302  302  –
mfa_activate_totp                   302  200  200  –
mfa_deactivate_totp                 302  404  404  –
mfa_view_recovery_codes             302  405  405  –
mfa_generate_recovery_codes         302  200  200  –
mfa_download_recovery_codes         302  404  404  –
mfa_list_webauthn                   302  405  405  –
mfa_add_webauthn                    302  200  200  –
mfa_reauthenticate_webauthn         302  302  302  –
mfa_remove_webauthn                 302  404  404  –
mfa_edit_webauthn                   302  404  404  –
mfa_login_webauthn                  302  302  302  –
usersessions_list                   302  302  302  alice        # she alone has another session, which ends
"""
#: read, and sent nothing: 405 to everybody
READ_ONLY = """
ask basket consent_notice demo desk dev_letter dev_mail help help_glossary help_guide home identities inbox inbox_bell inbox_export
issuer_callback issuer_login jwks linking media my_data notice privacy product programme recognition search security show_who
simulated storefront terms try_it account_inactive account_email_verification_sent account_reset_password_done
account_reset_password_from_key_done
"""
#: in every role, and outside of all
EVERYBODY = (*(f"alice {role}" for role in MEMBERS), "bank owner", *OTHERS)
#: filled in well enough for something to come of it
SENT: dict[str, dict[str, str]] = {
    "notice_mark": {"unread": "1"},
    "set_language": {"language": "zh-hans"},
    "contact": {
        "topic": "other",
        "name": "Wei",
        "email": "wei@example.com",
        "words": "How do I sell here? Thank you.",
    },
    "company_new": {
        "country": "MY",
        "registration_number": "202401012345",
        "legal_name": "Johor Bolts Sdn. Bhd.",
        "name_en": "Johor Bolts",
        "currency": "SGD",
        "buys": "on",
    },
    "inbox_preferences": {
        f"{group}-{name}": value for group in GROUPS for name, value in (("mail", "never"), ("informs", "on"))
    },
}
#: who is meant by the last column
CHANGES = {"–": (), "alice": ("alice owner",), "somebody": EVERYBODY, "everybody": ("anonymous", *EVERYBODY)}
#: what a browser keeps of itself: no fact of the product
OF_BROWSERS = {"django_session", "identity_session"}
WRITES = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)")


#: what fills the gaps of accounts' addresses
GAPS: dict[str, list[Any]] = {
    "account_confirm_email": ["x"],
    "account_reset_password_from_key": ["1", "x"],
    "mfa_remove_webauthn": [1],
    "mfa_edit_webauthn": [1],
}
#: one of each kind
SOME = ("alice owner", "former", "clerk", "mediator")


def test_every_page_of_accounts_has_a_row() -> None:
    assert set(rows(ACCOUNTS)) == set(_account_names())


def test_accounts_are_for_whoever_has_signed_in_whatever_they_are(crowd: Crowd) -> None:
    wrong = []
    for page, (nobody, somebody) in rows(ACCOUNTS).items():
        address = _address(crowd, page)
        for who in ("anonymous", *SOME):
            found = asked(crowd.client(who), "GET", address).status_code
            right = int(nobody if who == "anonymous" else somebody)
            if found != right:
                wrong.append(f"{page} for {who}: {found} instead of {right}")
    assert wrong == []


def test_pages_without_a_company_answer_everybody_as_a_stranger(crowd: Crowd) -> None:
    wrong = []
    for route in ours():
        if route.is_api or "company" in route.parts:
            continue
        address = crowd.world.address(route.name, **({"name": "1-0"} if route.name == "dev_letter" else {}))
        public = TABLE[route.name] == PUBLIC
        for who in SOME if public else ("alice owner", "bank owner", *OTHERS):
            right = OTHERWISE.get((route.name, who), TABLE[route.name][1])
            if (found := asked(crowd.client(who), "GET", address).status_code) != right:
                wrong.append(f"{route.name} for {who}: {found} instead of {right}")
    assert wrong == []


def test_every_page_that_takes_a_form_has_a_row() -> None:
    names = {route.name for route in ours() if not route.is_api and "company" not in route.parts}
    assert set(rows(POSTS)) | set(READ_ONLY.split()) == names | set(_account_names())
    assert not set(rows(POSTS)) & set(READ_ONLY.split())


def test_forms_without_a_company_change_what_is_ones_own(crowd: Crowd, settings: Any) -> None:
    """Whoever sends them: nothing falls over, and nothing is written for who may not, nor of Alice's by anybody else."""
    settings.PREPARE_STATEMENTS = False
    wrong = []
    for page, (nobody, somebody, alices, changes) in rows(POSTS).items():
        for at, who in enumerate(("anonymous", *EVERYBODY)):
            found, written, hers = _sent_to(crowd, page, who, at)
            right = {"anonymous": nobody, "alice owner": alices}.get(who, somebody)
            others_touched = hers and who != "alice owner"
            if found != int(right) or bool(written) != (who in CHANGES[changes]) or others_touched:
                wrong.append(f"{page} by {who}: {found}, written: {written}")
    assert wrong == []


def test_what_is_only_read_takes_no_form(crowd: Crowd) -> None:
    addresses = {page: _address(crowd, page) for page in READ_ONLY.split()}
    found = {
        f"{page} by {who}": crowd.posted(who, address).status_code
        for page, address in addresses.items()
        for who in ("anonymous", *SOME)
    }
    assert {what: answer for what, answer in found.items() if answer != 405} == {}


def _sent_to(crowd: Crowd, page: str, who: str, at: int) -> tuple[int, set[str], bool]:
    """The answer, the tables that were written, and whether anything of Alice's owner is another; all of it is undone."""
    address, before = _address(crowd, page), _alices(crowd)
    with undone():
        with CaptureQueriesContext(connection) as asked_for:
            answer = crowd.client(who).post(address, SENT.get(page, {}), REMOTE_ADDR=f"10.0.0.{at}")
        said = [each["sql"] for each in asked_for.captured_queries]
        written = {table for sql in said for table in WRITES.findall(sql)} - OF_BROWSERS
        return answer.status_code, written, bool(written) and _alices(crowd) != before


def _alices(crowd: Crowd) -> tuple[Any, ...]:
    """What is her own: lines unread, identities, links, sessions, and how she is told."""
    user = crowd.world.alice.user
    return (
        unread_count(user, timezone.now()),
        *user.external_identities.values_list("ended_at"),
        *user.identity_links.values_list("state"),
        UserSession.objects.filter(user=user).count(),
        NoticePreference.objects.filter(user=user).count(),
    )


def _address(crowd: Crowd, page: str) -> str:
    if page in rows(ACCOUNTS):
        return reverse(page, args=GAPS.get(page, []))
    return crowd.world.address(page, **({"name": "1-0"} if page == "dev_letter" else {}))


def _account_names() -> Iterator[str]:
    for pattern in leaves(get_resolver()):
        if (pattern.callback.__module__ or "").startswith("allauth."):
            yield pattern.name
