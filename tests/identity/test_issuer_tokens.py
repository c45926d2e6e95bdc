"""What an issuer's answer has to be before anything of it is believed: every way to be wrong, by name."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from joserfc import jwe, jws
from joserfc.jwk import ECKey
from joserfc.util import json_b64decode, json_b64encode, urlsafe_b64encode

from identity.connectors.issuers import LevelTooLow, LoginForged, VerifiedLogin, sm, tokens
from identity.connectors.issuers.profiles import PROFILES
from identity.connectors.issuers.proofs import challenge_of, client_assertion, dpop_proof, text_of
from identity.connectors.issuers.reading import is_forbidden, verified_login
from identity.rules.registers import Standing

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MOMENT = int(NOW.timestamp())
ISS, HUB = "https://id.example.sg", "sme-hub"
NONCE, ACCESS = "n-once-of-this-login", "the-access-token"
NRIC, RESIDENT = "S1234567D", "440306199001011239"
SUBJECT = "d2ffa866-04b3-55f8-8321-0f771afaaed4"

ISSUER_KEY = ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)
STRANGER_KEY = ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)
HUB_KEY = ECKey.generate_key("P-256", {"use": "enc"}, auto_kid=True)
OTHER_HUB = ECKey.generate_key("P-256", {"use": "enc"}, auto_kid=True)
_SIGNS = jws.JWSRegistry(algorithms=["ES256", "ES384", "HS256", "none"], strict_check_header=False)
_WRAPS = jwe.JWERegistry(
    algorithms=["ECDH-ES+A256KW", "ECDH-ES+A128KW", "ECDH-ES", "A256GCM", "A128GCM", "A256CBC-HS512"],
    strict_check_header=False,
)


@dataclass(frozen=True)
class Row:
    """An issuer, as the table of issuers has it."""

    code: str = "sg"
    iss: str = ISS
    discovery_url: str = f"{ISS}/.well-known/openid-configuration"
    client_id: str = HUB
    profile: str = "corppass_fapi"
    scope: str = "openid"
    acr_values: str = "urn:singpass:authentication:loa:2"
    claim_map: dict[str, str] = field(default_factory=dict)
    level_map: dict[str, str] = field(default_factory=dict)
    id_token_algs: list[str] = field(default_factory=lambda: ["ES256"])
    id_token_enc: list[str] = field(default_factory=lambda: ["ECDH-ES+A256KW", "A256GCM"])
    subject_kind: str = "entity"
    assertion_key: str = ""
    keys_from: datetime | None = None


def claims(**changed: Any) -> dict[str, Any]:
    said = {
        "iss": ISS,
        "aud": HUB,
        "iat": MOMENT - 2,
        "exp": MOMENT + 120,
        "auth_time": MOMENT - 5,
        "nonce": NONCE,
        "acr": "urn:singpass:authentication:loa:2",
        "amr": ["pwd", "swk"],
        "at_hash": text_of(hashlib.sha256(ACCESS.encode()).digest()[:16]),
        "sub": "196800306E",
        "sub_type": "entity",
        "sub_attributes": {
            "entity_reg_number": "196800306E",
            "entity_name": "DBS BANK LTD.",
            "entity_uen_status": "Registered",
        },
        "act": {
            "sub": SUBJECT,
            "sub_type": "user",
            "sub_attributes": {"identity_number": NRIC, "name": f"LEE KAH YEE {NRIC}"},
        },
        **changed,
    }
    return {name: value for name, value in said.items() if value is not None}


def token(
    said: dict[str, Any] | None = None,
    *,
    signed_by: Any = ISSUER_KEY,
    alg: str = "ES256",
    kid: str | None = None,
    to: ECKey = HUB_KEY,
    wrap: str = "ECDH-ES+A256KW",
    enc: str = "A256GCM",
    change: Callable[[str], str] = lambda inner: inner,
    **more: Any,
) -> str:
    header = {"alg": alg, "typ": "JWT", "kid": ISSUER_KEY.kid if kid is None else kid}
    inner = jws.serialize_compact(header, json.dumps(said or claims()), signed_by, registry=_SIGNS)
    outer = {"alg": wrap, "enc": enc, "cty": "JWT", "kid": to.kid, **more}
    return jwe.encrypt_compact(outer, change(inner).encode(), to, registry=_WRAPS)


def another_payload(inner: str) -> str:
    head, payload, signature = inner.split(".")
    changed = {**json_b64decode(payload.encode()), "sub": "199201624D"}
    return f"{head}.{json_b64encode(changed).decode()}.{signature}"


def unsigned(inner: str) -> str:
    head = json_b64encode({"alg": "none", "typ": "JWT", "kid": ISSUER_KEY.kid}).decode()
    return f"{head}.{inner.split('.')[1]}."


def signed_with_our_public_key(inner: str) -> str:
    """The old confusion: the public key taken for a shared secret."""
    header = {"alg": "HS256", "typ": "JWT", "kid": ISSUER_KEY.kid}
    start = f"{json_b64encode(header).decode()}.{inner.split('.')[1]}"
    secret = ISSUER_KEY.as_pem(private=False)
    return f"{start}.{text_of(hmac.digest(secret, start.encode(), 'sha256'))}"


def find(kid: str) -> ECKey:
    if kid != ISSUER_KEY.kid:
        raise LoginForged("unknown_key")
    return ISSUER_KEY


def opened(text: str, *, issuer: Row | None = None, **expected: Any) -> Any:
    wanted = tokens.Expected(
        **{"nonce": NONCE, "now": NOW, "access_token": ACCESS, "needs_at_hash": True, **expected}
    )
    own = {HUB_KEY.kid: HUB_KEY}
    return tokens.opened(text, issuer=issuer or Row(), expected=wanted, find_key=find, open_key=own.get)  # type: ignore[arg-type]


def changed_at(text: str, part: int) -> str:
    """One byte of one part of a token is another."""
    parts = text.split(".")
    middle = len(parts[part]) // 2
    letter = "A" if parts[part][middle] != "A" else "B"
    parts[part] = parts[part][:middle] + letter + parts[part][middle + 1 :]
    return ".".join(parts)


ATTACKS: dict[str, tuple[str, Callable[[], str]]] = {
    "another login's nonce": ("nonce", lambda: token(claims(nonce="of another login"))),
    "no nonce": ("nonce", lambda: token(claims(nonce=None))),
    "another audience": ("audience", lambda: token(claims(aud="another-hub"))),
    "two audiences, given to the other": ("audience", lambda: token(claims(aud=[HUB, "x"], azp="x"))),
    "no audience": ("audience", lambda: token(claims(aud=None))),
    "another issuer": ("issuer", lambda: token(claims(iss="https://id.example.cn"))),
    "expired": ("expired", lambda: token(claims(exp=MOMENT - 61))),
    "issued tomorrow": ("not_yet", lambda: token(claims(iat=MOMENT + 61))),
    "kept for an hour": ("stale", lambda: token(claims(iat=MOMENT - 3600))),
    "not valid yet": ("not_yet", lambda: token(claims(nbf=MOMENT + 90))),
    "signed in in the future": ("not_yet", lambda: token(claims(auth_time=MOMENT + 90))),
    "no end": ("time_missing", lambda: token(claims(exp=None))),
    "an end that is no number": ("time_missing", lambda: token(claims(exp="tomorrow"))),
    "an end that is true": ("time_missing", lambda: token(claims(exp=True))),
    "another access token": ("access_token_hash", lambda: token(claims(at_hash="AAAAAAAAAAAAAAAAAAAAAA"))),
    "no access token named": ("access_token_hash", lambda: token(claims(at_hash=None))),
    "not signed": ("signature_algorithm", lambda: token(change=unsigned)),
    "signed with a public key": ("signature_algorithm", lambda: token(change=signed_with_our_public_key)),
    "changed inside": ("signature", lambda: token(change=another_payload)),
    "signature of a stranger": ("signature", lambda: token(signed_by=STRANGER_KEY)),
    "key of a stranger": ("unknown_key", lambda: token(signed_by=STRANGER_KEY, kid=str(STRANGER_KEY.kid))),
    "no key named": ("unknown_key", lambda: token(kid="")),
    "changed ciphertext": ("encryption", lambda: changed_at(token(), 3)),
    "changed tag": ("encryption", lambda: changed_at(token(), 4)),
    "changed wrapped key": ("encryption", lambda: changed_at(token(), 1)),
    "to somebody else": ("encrypted_to_another", lambda: token(to=OTHER_HUB)),
    "wrap not on the list": ("encryption_algorithm", lambda: token(wrap="ECDH-ES+A128KW")),
    "cipher not on the list": ("encryption_algorithm", lambda: token(enc="A128GCM")),
    "not encrypted": ("not_encrypted", lambda: _inner_alone()),
    "no token": ("not_encrypted", lambda: "a.b.c"),
    "rubbish in five parts": ("malformed", lambda: "a.b.c.d.e"),
    "compressed": ("encryption", lambda: _claiming_to_be_compressed()),
}


def _inner_alone() -> str:
    kept: list[str] = []
    token(change=lambda inner: (kept.append(inner), inner)[1])  # type: ignore[func-returns-value]
    return kept[0]


def _claiming_to_be_compressed() -> str:
    parts = token().split(".")
    parts[0] = json_b64encode({**json_b64decode(parts[0].encode()), "zip": "DEF"}).decode()
    return ".".join(parts)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_answer_that_does_not_fit_is_not_believed(attack: str) -> None:
    code, made = ATTACKS[attack]
    with pytest.raises(LoginForged) as refused:
        opened(made())
    assert refused.value.code == code
    assert NRIC not in str(refused.value)


def test_what_fits_is_opened() -> None:
    assert opened(token())["act"]["sub"] == SUBJECT
    # issuers repeat these in the outer header; clocks are up to a minute apart
    assert opened(token(claims(iat=MOMENT + 50, exp=MOMENT - 50), iss=ISS, aud=HUB))["iss"] == ISS
    direct = Row(id_token_enc=["ECDH-ES", "A256CBC-HS512"])
    assert opened(token(wrap="ECDH-ES", enc="A256CBC-HS512"), issuer=direct)["iss"] == ISS


def test_the_digest_of_the_access_token_is_of_the_signatures_kind() -> None:
    key = ECKey.generate_key("P-384", {"use": "sig", "kid": ISSUER_KEY.kid})
    digest = hashlib.sha384(ACCESS.encode()).digest()
    row = Row(id_token_algs=["ES384"])
    expected = tokens.Expected(nonce=NONCE, now=NOW, access_token=ACCESS, needs_at_hash=True)
    own = {HUB_KEY.kid: HUB_KEY}

    def ask(half: bytes) -> Any:
        made = token(claims(at_hash=text_of(half)), signed_by=key, alg="ES384")
        return tokens.opened(made, issuer=row, expected=expected, find_key=lambda _kid: key, open_key=own.get)

    assert ask(digest[:24])["iss"] == ISS
    with pytest.raises(LoginForged, match="access_token_hash"):
        ask(hashlib.sha256(ACCESS.encode()).digest()[:16])


def test_a_list_of_algorithms_cannot_be_opened_to_what_proves_nothing() -> None:
    for row in (Row(id_token_algs=["none", "HS256"]), Row(id_token_algs=[])):
        for change in (unsigned, signed_with_our_public_key, lambda inner: inner):
            with pytest.raises(LoginForged, match="signature_algorithm"):
                opened(token(change=change), issuer=row)
    with pytest.raises(LoginForged, match="encryption_algorithm"):
        opened(token(), issuer=Row(id_token_enc=[]))


def test_only_a_profile_that_allows_it_sends_tokens_that_are_signed_and_not_encrypted() -> None:
    alone = _inner_alone()
    assert opened(alone, issuer=Row(profile="cn_oidc", id_token_enc=[]))["iss"] == ISS
    for row in (Row(profile="cn_oidc"), Row(id_token_enc=[])):
        with pytest.raises(LoginForged, match="not_encrypted"):
            opened(alone, issuer=row)
    with pytest.raises(LoginForged, match="signature"):
        opened(another_payload(alone), issuer=Row(profile="cn_oidc", id_token_enc=[]))


def test_a_fresh_login_that_was_asked_for_is_read_from_the_answer() -> None:
    assert opened(token(claims(auth_time=MOMENT - 200)), max_age=300)
    for said in (claims(auth_time=MOMENT - 400), claims(auth_time=None)):
        with pytest.raises(LoginForged, match="shown_too_long_ago"):
            opened(token(said), max_age=300)


# --- reading -----------------------------------------------------------------------------------------------------------

AUTH_INFO = {
    "auth_info": {
        "Result_Set": {
            "ESrvc_Result": [
                {
                    "Auth_Result_Set": {
                        "Row": [
                            {
                                "CPEntID_SUB": "196800306E",
                                "CPRole": "owner",
                                "StartDate": "2025-01-01",
                                "EndDate": "9999-12-31",
                            },
                            {"CPEntID_SUB": "", "CPRole": "finance", "EndDate": "2028-06-30"},
                            {"CPEntID_SUB": "199201624D", "CPRole": "of another company"},
                            {"CPRole": "never", "EndDate": "some day"},
                        ]
                    }
                }
            ]
        }
    }
}


def read(said: dict[str, Any] | None = None, row: Row | None = None, **more: Any) -> VerifiedLogin:
    return verified_login(said or claims(), issuer=row or Row(), digest="0" * 64, **more)


def test_a_company_login_names_company_person_level_and_roles_and_no_number_of_a_person() -> None:
    login = read(userinfo=AUTH_INFO)
    assert (login.subject, login.holder, login.subject_kind) == ("196800306E", SUBJECT, "entity")
    assert login.entity is not None and login.entity.standing == Standing.LIVE
    assert (login.entity.scheme, login.entity.identifier) == ("uen", "196800306E")
    assert login.acr == login.level_code == "urn:singpass:authentication:loa:2"
    assert [(role.role, role.ends) for role in login.authorisations if role.holds_on(NOW.date())] == [
        ("owner", None),
        ("finance", date(2028, 6, 30)),
    ]
    assert login.name == "LEE KAH YEE …"
    everything = json.dumps(vars(login), default=str)
    assert NRIC not in everything
    assert SUBJECT not in repr(login) and "LEE" not in repr(login)


def test_a_company_whose_standing_is_not_told_does_not_stand_unless_its_operator_says_so() -> None:
    said = claims()
    del said["sub_attributes"]["entity_uen_status"]
    silent, told = read(said, userinfo=AUTH_INFO), Row(claim_map={"entity_status": ""})
    by_its_operator = read(said, told, userinfo=AUTH_INFO)
    assert silent.entity is not None and by_its_operator.entity is not None
    assert silent.entity.standing == Standing.UNKNOWN
    assert by_its_operator.entity.standing == Standing.LIVE


def test_a_claim_map_cannot_reach_for_a_number_of_a_person() -> None:
    row = Row(claim_map={"name": "act.sub_attributes.identity_number", "entity_name": "id_number"})
    login = read(claims(id_number=RESIDENT), row)
    assert login.name == "" and login.entity is not None and login.entity.name == ""
    moved = read(claims(custom={"who": "Xu Jiahui"}), Row(claim_map={"name": "custom.who"}))
    assert moved.name == "Xu Jiahui"


@pytest.mark.parametrize(
    "path",
    [
        "cert_no",
        "idcard",
        "id_no",
        "sfzh",
        "certNo",
        "act.ID-Card",
        "custom.id.no",
        "ｉｄ＿ｎｏ",
        "身份证号",
        "act.sub_attributes.identity_number",
        "CPUID",
        "fin",
    ],
)
def test_no_claim_of_such_a_name_is_read(path: str) -> None:
    said: Any = "S7654321A by name"
    for name in reversed(path.split(".")):
        said = {name: said}
    assert is_forbidden(path)
    assert read({**claims(), **said, "act": claims()["act"]}, Row(claim_map={"name": path})).name == ""


def test_names_that_only_sound_like_it_are_read() -> None:
    for profile in PROFILES.values():
        assert not any(is_forbidden(path) for path in profile.claims.values())


@pytest.mark.parametrize(
    "number",
    [
        "S1234567D",
        "s 1234567 d",
        "S-123-4567-D",
        "LEES1234567D",
        "Ｓ１２３４５６７Ｄ",
        RESIDENT,
        "440306 19900101 1239",
        "４４０３０６１９９００１０１１２３９",
        "440306900101123",
    ],
)
def test_a_number_written_into_a_word_is_taken_out_however_it_is_written(number: str) -> None:
    attributes = {"identity_number": NRIC, "name": f"Lee {number}"}
    login = read(
        claims(act={"sub": SUBJECT, "sub_type": "user", "sub_attributes": attributes}, amr=["pwd", number])
    )
    assert not re.search(r"\d{3}", unicodedata.normalize("NFKC", f"{login.name} {login.amr}"))
    assert login.name.startswith("L") and login.amr[0] == "pwd"
    with pytest.raises(LevelTooLow):
        read(claims(acr=number))


def test_a_legacy_subject_is_its_uuid_alone() -> None:
    row = Row(profile="singpass_v2", subject_kind="person")
    assert read(claims(sub=f"s={NRIC},u={SUBJECT},c=SG"), row).subject == SUBJECT
    for sub in (NRIC, f"s={NRIC},c=SG", f"s={NRIC},u=,c=SG"):
        with pytest.raises(LoginForged, match="subject_missing"):
            read(claims(sub=sub), row)


def test_the_level_is_the_one_returned() -> None:
    assert read(claims(acr="4"), Row(level_map={"4": "cn-4"})).level_code == "cn-4"
    assert read(claims(acr=3)).level_code == "3"
    for acr in (None, "", True):
        with pytest.raises(LevelTooLow):
            read(claims(acr=acr))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"sub": None}, "subject_missing"),
        ({"sub": 7}, "subject_missing"),
        ({"act": None}, "person_missing"),
        ({"sub_type": "user"}, "subject_of_another_kind"),
        ({"sub_type": None}, "subject_of_another_kind"),
        ({"act": {"sub": SUBJECT, "sub_type": "entity"}}, "subject_of_another_kind"),
        ({"sub": "199201624D"}, "entity_of_another"),
        ({"sub_attributes": None}, "entity_missing"),
        ({"sub_attributes": ["not", "an", "object"]}, "entity_missing"),
    ],
)
def test_what_must_be_there_is_there(said: dict[str, Any], code: str) -> None:
    with pytest.raises(LoginForged, match=code):
        read(claims(**said))


# --- the mainland's second signature -----------------------------------------------------------------------------------

#: GB/T 32918.2 with the usual id, made by `openssl pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:1234567812345678`
SM2_PUBLIC = "4717403767d9e9e27a3e65d3d96234c44c35d6d44de1d66599d424d985a7456b61f119b991f97dc55724c5dd8c96ce258082e6c9fbde67c445946b82994149a9"
SM2_SIGNATURE = "5cac0e28382980a01bf05a7555fecdc151360438a76dee95fdc49c8266e0ff1259130993e849b63e64f419e647c10133b6a649ebfe672bcf103e6a2bfb008e40"
SM2_PAYLOAD = "eyJsZXZlbCI6ICI0IiwgInJvbGUiOiAibGVnYWxfcmVwIiwgInVzY2MiOiAiOTE0NDAzMDA3MDg0NjExMzZUIiwgInN1YiI6ICJvcGFxdWUiLCAibm9uY2UiOiAibi1vbmNlLW9mLXRoaXMtbG9naW4iLCAiZXhwIjogNDEwMjQ0NDgwMH0"


def test_a_signature_made_by_another_program_holds_and_a_changed_one_does_not() -> None:
    envelope = {"payload": SM2_PAYLOAD, "sig": SM2_SIGNATURE, "alg": "SM2-SM3"}
    said = sm.verified(envelope, SM2_PUBLIC)
    assert said["uscc"] == "91440300708461136T"
    assert sm.verified(envelope, "04" + SM2_PUBLIC) == said
    other = text_of(json.dumps({**said, "level": "5"}).encode())
    order = "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123"
    for wrong in (
        {"payload": other},
        {"sig": SM2_SIGNATURE[64:] + SM2_SIGNATURE[:64]},
        {"sig": "0" * 128},
        {"sig": order + SM2_SIGNATURE[64:]},
        {"sig": SM2_SIGNATURE[:-1]},
        {"sig": ""},
        {"alg": "none"},
        {"alg": "ES256"},
    ):
        with pytest.raises(LoginForged):
            sm.verified({**envelope, **wrong}, SM2_PUBLIC)
    for key in ("", "0" * 128, SM2_PUBLIC[:-1] + ("0" if SM2_PUBLIC[-1] != "0" else "1")):
        assert not sm.holds(SM2_PAYLOAD.encode(), SM2_SIGNATURE, key)
    with pytest.raises(LoginForged):
        sm.verified(None, SM2_PUBLIC)


def test_the_two_signatures_speak_of_one_login() -> None:
    row = Row(profile="cn_oidc", assertion_key=SM2_PUBLIC)
    said = claims(acr="4", sub="opaque", uscc="91440300708461136T", name="许佳慧", id_number=RESIDENT)
    fits = {"sub": "opaque", "nonce": NONCE, "level": "4", "uscc": "91440300708461136T", "role": "legal_rep"}
    login = read(said, row, detached=fits)
    assert login.entity is not None and login.entity.scheme == "uscc"
    assert [role.role for role in login.authorisations] == ["legal_rep"]
    assert RESIDENT not in json.dumps(vars(login), default=str)
    for changed in ({"sub": "other"}, {"nonce": "other"}, {"level": "5"}, {"uscc": "914403001922038216"}):
        with pytest.raises(LoginForged, match="detached_differs"):
            read(said, row, detached={**fits, **changed})


# --- what we show ------------------------------------------------------------------------------------------------------


def test_what_we_show_is_short_lived_bound_and_never_the_same() -> None:
    made = [client_assertion(client_id=HUB, audience=ISS, key=ISSUER_KEY, now=NOW) for _ in range(2)]
    said = [_signed_by(ISSUER_KEY, text) for text in made]
    assert said[0]["jti"] != said[1]["jti"]
    assert said[0]["exp"] - said[0]["iat"] <= 120
    assert (said[0]["iss"], said[0]["sub"], said[0]["aud"]) == (HUB, HUB, ISS)

    key = ECKey.generate_key("P-256")
    proof = dpop_proof(
        method="GET", url="https://id.example.sg/userinfo?x=1#y", key=key, now=NOW, access_token=ACCESS
    )
    header = json_b64decode(proof.split(".")[0].encode())
    assert header["typ"] == "dpop+jwt" and "d" not in header["jwk"]
    bound = _signed_by(key, proof)
    assert (bound["htm"], bound["htu"]) == ("GET", "https://id.example.sg/userinfo")
    assert bound["ath"] == urlsafe_b64encode(hashlib.sha256(ACCESS.encode()).digest()).decode()
    # RFC 7636, appendix B
    assert (
        challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


def _signed_by(key: ECKey, text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(jws.deserialize_compact(text, key, registry=_SIGNS).payload)
    return found


def test_a_row_with_a_person_only_needs_no_company() -> None:
    login = read(
        claims(sub=SUBJECT, sub_type="user", act=None, sub_attributes=None),
        replace(Row(), profile="singpass_fapi", subject_kind="person"),
    )
    assert login.entity is None and login.holder == SUBJECT
