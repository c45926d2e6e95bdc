"""The simulated issuers are as strict as real ones: what a relying party must not do, they refuse."""

from __future__ import annotations

import json
import urllib.parse
from base64 import urlsafe_b64decode

import pytest
from gmssl import sm2
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from stdnum.cn import ric, uscc
from stdnum.sg import uen

from simulators.issuer.faults import KNOWN
from simulators.issuer.people import ELSEWHERE, SHENZHEN, SINGAPORE
from tests.simulators.issuers import Hub, ProcessIssuer, PublishedKeys, Visitor, hub_keys, published, running

LEE, TUAS = "lee-kah-yee", "199399924E"
XU, SONGGANG = "xu-jiahui", "91440306MA5DEM2661"


@pytest.fixture(scope="module")
def keys():
    return hub_keys()


@pytest.fixture(scope="module")
def singapore(tmp_path_factory, keys):
    with running("corppass_fapi", tmp_path_factory.mktemp("sg"), hub_keys=lambda: published(keys)) as issuer:
        yield issuer


@pytest.fixture(scope="module")
def shenzhen(tmp_path_factory, keys):
    with running("cn_oidc", tmp_path_factory.mktemp("cn"), hub_keys=lambda: published(keys)) as issuer:
        yield issuer


@pytest.fixture
def hub(singapore, keys):
    singapore.behaves()
    return Hub(singapore, keys)


def test_a_login_in_singapore_tells_company_person_level_and_roles(hub):
    token = hub.redeems(hub.code(LEE, TUAS)).said
    header, claims = hub.opened(token["id_token"])
    assert (header["alg"], token["token_type"]) == ("ES256", "DPoP")
    assert "refresh_token" not in token
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (hub.issuer.url, "sme-hub", hub.nonce)
    assert (claims["sub"], claims["sub_type"], claims["acr"]) == (
        TUAS,
        "entity",
        "urn:singpass:authentication:loa:2",
    )
    assert claims["sub_attributes"]["entity_uen_status"] == "Registered"
    assert claims["act"]["sub_attributes"]["name"] == "Lee Kah Yee"
    info = hub.asks_about(token["access_token"]).said
    row = info["auth_info"]["Result_Set"]["ESrvc_Result"][0]["Auth_Result_Set"]["Row"][0]
    assert (info["sub"], row["CPRole"], row["EndDate"]) == (TUAS, "owner", "9999-12-31")


def test_a_login_of_a_person_alone_names_no_company(tmp_path, keys):
    with running("singpass_fapi", tmp_path, hub_keys=lambda: published(keys)) as issuer:
        hub = Hub(issuer, keys)
        token = hub.redeems(hub.code(LEE, "")).said
        _header, claims = hub.opened(token["id_token"])
        assert (claims["sub"], claims["sub_type"]) == (SINGAPORE[0].subject, "user")
        assert claims["sub_attributes"]["name"] == "Lee Kah Yee"
        assert "act" not in claims and TUAS not in json.dumps(claims)


def test_a_login_in_shenzhen_is_signed_twice(shenzhen, keys):
    hub = Hub(shenzhen, keys)
    token = hub.redeems(hub.code(XU, SONGGANG)).said
    _header, claims = hub.opened(token["id_token"])
    assert (claims["uscc"], claims["acr"], claims["legal_rep"]) == (SONGGANG, "4", True)
    detached = claims["detached"]
    checker = sm2.CryptSM2(private_key="", public_key="")
    checker.public_key = shenzhen.assertion_key
    assert checker.verify_with_sm3(detached["sig"], detached["payload"].encode())
    said = json.loads(urlsafe_b64decode(detached["payload"] + "=="))
    assert (said["sub"], said["nonce"], said["uscc"]) == (claims["sub"], hub.nonce, SONGGANG)
    shenzhen.misbehaves("bad_detached")
    other = Hub(shenzhen, keys)
    bent = other.opened(other.redeems(other.code(XU, SONGGANG)).said["id_token"])[1]["detached"]
    assert not checker.verify_with_sm3(bent["sig"], bent["payload"].encode())
    assert hub.asks_about(token["access_token"]).said["sub"] == claims["sub"]


def test_what_is_pushed_wrongly_is_refused(hub):
    """Each by the name that the standards give it, and nothing is kept of it."""
    url, old = f"{hub.issuer.url}/par", {"iat": 1, "exp": 100}
    stranger = ECKey.generate_key("P-256", {"kid": "hub-sig-1"})
    stolen = Hub(hub.issuer, type(hub.keys)([stranger]))
    twice, proof = hub.assertion(), hub.proof("POST", url)
    assert hub.pushes(client_assertion=twice, proof=proof).status == 201
    refused = {
        "invalid_client": (
            {"client_assertion": None},
            {"client_assertion_type": "password"},
            {"client_assertion": twice},
            {"client_assertion": "not.a.token"},
            {"client_assertion": stolen.assertion()},
            {"client_assertion": hub.assertion(aud=url)},
            {"client_assertion": hub.assertion(aud=[hub.issuer.url])},
            {"client_assertion": hub.assertion(iss="somebody", sub="somebody"), "client_id": "somebody"},
            {"client_assertion": hub.assertion(sub="somebody")},
            {"client_assertion": hub.assertion(**old)},
            {"client_assertion": hub.assertion(exp=9_999_999_999)},
            {"client_assertion": hub.assertion(jti="")},
        ),
        "invalid_dpop_proof": (
            {"proof": ""},
            {"proof": proof},
            {"proof": hub.proof("POST", f"{hub.issuer.url}/token")},
            {"proof": hub.proof("GET", url)},
            {"proof": hub.proof("POST", url, iat=1)},
            {"proof": f"{proof},{hub.proof('POST', url)}"},
            {"dpop_jkt": "another"},
        ),
        "invalid_request": (
            {"redirect_uri": hub.issuer.callback + "?"},
            {"redirect_uri": "https://evil.example/"},
            {"code_challenge": None},
            {"code_challenge_method": "plain"},
            {"state": "short"},
            {"nonce": None},
            {"acr_values": "urn:made:up"},
            {"request_uri": "urn:x"},
        ),
        "invalid_scope": ({"scope": "openid everything"}, {"scope": "user.name"}),
        "unsupported_response_type": ({"response_type": "token"},),
    }
    for error, cases in refused.items():
        for other in cases:
            answer = hub.pushes(**other)
            assert (answer.status >= 400, answer.error) == (True, error), (other, answer.text)
    hub.issuer.lets_pass(121)
    assert hub.pushes(proof=hub.proof("POST", url, iat=int(hub.issuer.desk.clock.now()))).error == (
        "invalid_client"
    )


def test_a_login_begins_with_what_was_pushed_once_in_time_and_in_one_browser(hub):
    asked = {"client_id": "sme-hub", "redirect_uri": hub.issuer.callback, "response_type": "code"}
    unpushed = hub.visitor.asks(f"{hub.issuer.url}/authorize?{urllib.parse.urlencode(asked)}")
    assert (unpushed.status, unpushed.headers["Location"]) == (400, None)
    address = hub.address()
    assert hub.visitor.asks(address.replace("sme-hub", "another")).status == 400
    address = hub.address()
    origin, login = hub.visitor.opens_login(address)
    assert hub.visitor.asks(address).status == 400
    assert Visitor().asks(f"{origin}/login?login={login}").status == 400
    assert hub.visitor.asks(f"{origin}/consent", {"login": login, "decision": "agree"}).status == 400
    absent = hub.visitor.asks(f"{origin}/login", {"login": login, "seat": f"{LEE} 200899904M"})
    assert (absent.status, "Choose who signs in" in absent.text) == (400, True)
    late = hub.address()
    hub.issuer.lets_pass(61)
    assert hub.visitor.asks(late).status == 400


def test_saying_no_leads_back_without_a_code(hub):
    told = urllib.parse.parse_qs(urllib.parse.urlsplit(hub.visitor.cancels(hub.address())).query)
    assert told == {"error": ["access_denied"], "state": [hub.state], "iss": [hub.issuer.url]}


def test_a_code_is_redeemed_once_in_time_by_who_began(hub, keys):
    def refused(**other):
        return hub.redeems(hub.code(LEE, TUAS), **other).error

    url = f"{hub.issuer.url}/token"
    assert refused(code_verifier="x" * 43) == "invalid_grant"
    assert refused(redirect_uri=hub.issuer.callback + "x") == "invalid_grant"
    assert refused(grant_type="refresh_token") == "unsupported_grant_type"
    assert refused(client_assertion=None) == "invalid_client"
    another = ECKey.generate_key("P-256")
    assert refused(proof=hub.proof("POST", url, key=another)) == "invalid_dpop_proof"
    assert hub.redeems("made-up").error == "invalid_grant"
    code = hub.code(LEE, TUAS)
    token = hub.redeems(code).said["access_token"]
    assert hub.asks_about(token).status == 200
    assert hub.redeems(code).error == "invalid_grant"
    assert hub.asks_about(token).error == "invalid_token"  # shown twice: what it brought is worth nothing
    late = hub.code(LEE, TUAS)
    hub.issuer.lets_pass(61)
    now = int(hub.issuer.desk.clock.now())
    assertion, proof = hub.assertion(iat=now, exp=now + 60), hub.proof("POST", url, iat=now)
    assert hub.redeems(late, client_assertion=assertion, proof=proof).error == "invalid_grant"


def test_userinfo_answers_only_the_key_that_began(hub):
    token = hub.redeems(hub.code(LEE, TUAS)).said["access_token"]
    url = f"{hub.issuer.url}/userinfo"
    proof = hub.proof("GET", url, token=token)
    for wrong in (
        "",
        hub.proof("GET", url),
        hub.proof("GET", url, token="another"),
        hub.proof("POST", url, token=token),
        hub.proof("GET", url, token=token, key=ECKey.generate_key("P-256")),
    ):
        answer = hub.asks_about(token, proof=wrong)
        assert (answer.status, answer.headers["WWW-Authenticate"][:4]) == (401, "DPoP")
    assert hub.asks_about(token, proof=proof).status == 200
    assert hub.asks_about(token, proof=proof).error == "invalid_dpop_proof"
    bearer = hub.visitor.asks(url, headers={"Authorization": f"Bearer {token}"})
    assert bearer.status == 401


def test_it_misbehaves_once_where_it_is_asked_to(hub):
    bends = {
        "wrong_nonce": lambda claims: claims["nonce"] != hub.nonce,
        "wrong_aud": lambda claims: claims["aud"] != "sme-hub",
        "wrong_iss": lambda claims: claims["iss"] != hub.issuer.url,
        "expired": lambda claims: claims["exp"] < claims["auth_time"],
        "lower_acr": lambda claims: claims["acr"].endswith(":1"),
        "missing_at_hash": lambda claims: "at_hash" not in claims,
        "deregistered": lambda claims: claims["sub_attributes"]["entity_uen_status"] == "Deregistered",
        "bad_number": lambda claims: not uen.is_valid(claims["sub"]),
    }
    hub.issuer.misbehaves(*bends)
    token = hub.redeems(hub.code(LEE, TUAS)).said
    _header, bent = hub.opened(token["id_token"])
    assert hub.asks_about(token["access_token"]).said["sub"] == bent["sub"]
    assert [name for name, is_bent in bends.items() if not is_bent(bent)] == []
    for fault in ("tampered_jwe", "tampered_jws", "alg_none", "alg_hs256", "unknown_key", "not_encrypted"):
        hub.issuer.misbehaves(fault)
        token = hub.redeems(hub.code(LEE, TUAS)).said["id_token"]
        with pytest.raises((JoseError, ValueError)):
            hub.opened(token)
    hub.issuer.misbehaves("wrong_iss_callback")
    assert "another.example" in hub.visitor.signs_in(hub.address(), LEE, TUAS)
    code = hub.code(LEE, TUAS)
    hub.issuer.misbehaves("error")
    assert (hub.redeems(code).status, hub.issuer.desk.faults.standing) == (500, [])
    _header, claims = hub.opened(hub.redeems(code).said["id_token"])
    assert [name for name, is_bent in bends.items() if is_bent(claims)] == []


def test_it_may_want_a_nonce_of_its_own_in_the_proof(hub):
    url = f"{hub.issuer.url}/par"
    hub.issuer.misbehaves("wants_nonce", at="par")
    asked = hub.pushes()
    assert (asked.status, asked.error) == (400, "use_dpop_nonce")
    assert hub.pushes(proof=hub.proof("POST", url, nonce="made-up")).error == "use_dpop_nonce"
    assert hub.pushes(proof=hub.proof("POST", url, nonce=asked.headers["DPoP-Nonce"])).status == 201


def test_somebody_may_sign_in_for_oneself(shenzhen, keys):
    hub = Hub(shenzhen, keys)
    _header, claims = hub.opened(hub.redeems(hub.code("li-jiayi", "")).said["id_token"])
    assert (claims["name"], claims["acr"], "uscc" in claims) == ("李嘉仪", "4", False)


def test_its_keys_change_and_the_former_stay_published_until_they_are_withdrawn(hub):
    first = hub.redeems(hub.code(LEE, TUAS)).said["id_token"]
    control = f"{hub.issuer.url}/control"
    assert hub.visitor.asks(f"{control}/rotate").status == 200
    second = hub.redeems(hub.code(LEE, TUAS)).said["id_token"]
    assert hub.opened(first)[0]["kid"] != hub.opened(second)[0]["kid"]
    hub.visitor.asks(f"{control}/rotate?withdraw=1")
    with pytest.raises((JoseError, ValueError)):
        hub.opened(second)
    unknown = hub.visitor.asks(f"{control}/misbehave?fault=politely")
    assert (unknown.status, set(unknown.said["known"])) == (400, set(KNOWN))


def test_nobody_else_makes_it_misbehave(tmp_path, keys):
    with running("cn_oidc", tmp_path, hub_keys=lambda: published(keys)) as issuer:
        issuer.site._control = False
        assert Visitor().asks(f"{issuer.url}/control/misbehave?fault=expired").status == 404
        assert issuer.desk.faults.standing == []


def test_a_process_remembers_what_was_used_and_asks_the_hub_for_keys_it_does_not_know(tmp_path):
    """Killed and started again; the hub changes its keys, and is down for a while."""
    there = PublishedKeys(hub_keys())
    issuer = ProcessIssuer("corppass_fapi", tmp_path, hub=there.url)
    try:
        issuer.start()
        hub = Hub(issuer, there.keys)
        used = hub.assertion()
        assert hub.pushes(client_assertion=used).status == 201
        token = hub.redeems(hub.code(LEE, TUAS)).said
        assert hub.opened(token["id_token"])[1]["sub"] == TUAS
        assert there.asked_for == 1
        issuer.stop()
        issuer.start()
        assert hub.pushes(client_assertion=used).error == "invalid_client"
        assert hub.asks_about(token["access_token"]).status == 200
        new = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": "hub-sig-2"})
        there.keys = type(there.keys)([new, *there.keys.keys])
        changed = Hub(issuer, there.keys)
        assert changed.pushes().status == 201
        assert there.asked_for == 3  # once after the start, once for the new one
        there.is_up = False
        strange = ECKey.generate_key("P-256", {"kid": "hub-sig-3"})
        answer = Hub(issuer, type(there.keys)([strange])).pushes()
        assert (answer.status, answer.error) == (503, "temporarily_unavailable")
        assert changed.pushes().status == 201
    finally:
        issuer.stop()
        there.stop()


def test_its_pages_say_what_they_are_in_both_languages_and_need_no_script(hub, shenzhen, keys):
    for issuer, first in ((hub.issuer, "en"), (shenzhen, "zh-Hans")):
        visitor, party = Visitor(), Hub(issuer, keys)
        begun = visitor.asks(party.address())
        login = visitor.asks(issuer.url + begun.headers["Location"])
        for page in (login, visitor.asks(f"{issuer.url}/"), visitor.asks(f"{issuer.url}/authorize")):
            assert "Simulator · 模拟系统" in page.text
            assert "It is no authority" in page.text
            assert "它不是任何政府机构" in page.text
            assert "<script" not in page.text
            assert page.text.startswith(f'<!doctype html><html lang="{first}"')
            policy = page.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
        assert "form-action 'self' http://testserver;" in login.headers["Content-Security-Policy"]


def test_the_numbers_of_its_people_are_right_and_nobodys():
    for person in SINGAPORE:
        assert person.identity_number[:3] == "T99"  # not born before 2099
        assert _is_nric(person.identity_number)
        assert all(uen.is_valid(seat.company.number) for seat in person.seats)
    for person in SHENZHEN:
        assert person.identity_number[6:10] == "2099"
        assert ric.is_valid(person.identity_number)
        assert all(uscc.is_valid(seat.company.number) for seat in person.seats if seat.company.number)
    for people in (SINGAPORE, SHENZHEN):
        assert len({person.code for person in people}) == len(people)
    everybody = [*SINGAPORE, *SHENZHEN]
    for name in ("subject", "identity_number"):
        assert len({getattr(person, name) for person in everybody}) == len(everybody)


def test_its_companies_are_those_of_the_demonstration():
    """Copied, since it shares no code with the product: here it is held that they were copied rightly."""
    from sme_hub.demo.files import DATA, rows_of

    rows = [*rows_of(DATA / "sellers.csv"), *rows_of(DATA / "buyers.csv")]
    known = {row["registration"]: (row["name_en"], row["name_zh"]) for row in rows}
    seats = [seat.company for person in (*SINGAPORE, *SHENZHEN) for seat in person.seats]
    there = {company for company in seats if company not in ELSEWHERE}
    assert {company.number: (company.name_en, company.name_zh) for company in there}.items() <= known.items()
    assert {company.number for company in seats if company not in there}.isdisjoint(known)


def _is_nric(number: str) -> bool:
    """Weights and letters of S and T numbers; T adds four."""
    weighed = sum(
        int(digit) * weight for digit, weight in zip(number[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True)
    )
    return number[8] == "JZIHGFEDCBA"[(weighed + 4) % 11]
