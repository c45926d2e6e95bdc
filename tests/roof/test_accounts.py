"""Pages of accounts and pages without a company × everybody: what is anybody's own, and what is for nobody but officers.

A page without a row fails.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import get_resolver, reverse

from tests.roof.crowd import OTHERS, Crowd, rows
from tests.roof.test_consoles import leaves
from tests.roof.test_everybody import PUBLIC, TABLE, ours
from tests.roof.world import asked

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


#: one of each kind
SOME = ("alice owner", "former", "clerk", "mediator")


def test_every_page_of_accounts_has_a_row() -> None:
    assert set(rows(ACCOUNTS)) == set(_account_names())


def test_accounts_are_for_whoever_has_signed_in_whatever_they_are(crowd: Crowd) -> None:
    gaps = {"account_confirm_email": ["x"], "account_reset_password_from_key": ["1", "x"]}
    gaps |= dict.fromkeys(("mfa_remove_webauthn", "mfa_edit_webauthn"), [1])
    wrong = []
    for page, (nobody, somebody) in rows(ACCOUNTS).items():
        address = reverse(page, args=gaps.get(page, []))
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


def _account_names() -> Iterator[str]:
    for pattern in leaves(get_resolver()):
        if (pattern.callback.__module__ or "").startswith("allauth."):
            yield pattern.name
