"""What is said of who signed in, and how it is sealed: claims, JWS ES256 inside JWE ECDH-ES+A256KW with A256GCM."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from dataclasses import replace
from typing import Any

from joserfc import jwe, jws

from simulators.issuer.checks import text_of
from simulators.issuer.faults import Faults
from simulators.issuer.hub import Hub, HubSilent
from simulators.issuer.keys import Keys, fresh_key, sm2_signature
from simulators.issuer.people import Person, Seat, seat_of
from simulators.issuer.profile import Profile

ID_TOKEN_SECONDS = 300
#: what a test may want of a login that is being redeemed
BENDS = ("lower_acr", "deregistered", "odd_status", "bad_number")
#: how the mainland's registers call what Corppass calls so
MAINLAND_WORDS = {"Registered": "存续", "Deregistered": "注销"}
SEALED = ("ECDH-ES+A256KW", "A256GCM")
Claims = dict[str, Any]


class Tokens:
    def __init__(
        self, *, issuer: str, profile: Profile, keys: Keys, hub: Hub, faults: Faults, sm2_key: str
    ) -> None:
        self._issuer, self._profile, self._keys, self._hub = issuer, profile, keys, hub
        self._faults, self._sm2_key = faults, sm2_key

    # -- claims --------------------------------------------------------------------------------------

    def claims(self, grant: Claims, *, access_token: str, now: float) -> Claims:
        """Of the id token: who, for whom, at which level."""
        person, seat = self._who(grant)
        if self._profile.is_chinese:
            about = self._mainland(person, seat, grant)
        else:
            about = _singapore(self._profile, person, seat, grant)
        claims = {
            "iss": self._issuer,
            "aud": grant["client_id"],
            "iat": int(now),
            "exp": int(now) + ID_TOKEN_SECONDS,
            "nonce": grant["nonce"],
            "auth_time": int(grant["auth_time"]),
            "acr": person.level,
            "amr": ["face", "pwd"] if self._profile.is_chinese else ["pwd", "swk"],
            "at_hash": text_of(hashlib.sha256(access_token.encode()).digest()[:16]),
            **about,
        }
        return self._bent(claims, int(now))

    def userinfo(self, grant: Claims) -> Claims:
        person, seat = self._who(grant)
        if self._profile.is_chinese:
            said = _without(self._mainland(person, seat, grant), "detached")
        else:
            said = _singapore(self._profile, person, seat, grant)
            if "authinfo" in grant["scope"].split():
                said["auth_info"] = _auth_info(seat)
        if self._faults.take("wrong_sub_userinfo"):
            said["sub"] = "200099900Z"
        if self._faults.take("missing_sub_userinfo"):
            del said["sub"]
        return said

    def bends(self) -> Claims:
        """Which of these a test wants of the login that is being redeemed: kept with it, so that userinfo says the same."""
        return {"bent": [name for name in BENDS if self._faults.take(name)]}

    def _who(self, grant: Claims) -> tuple[Person, Seat]:
        person, seat = seat_of(self._profile.code, grant["person"], grant["company"])
        company, bent = seat.company, grant["bent"]
        if "lower_acr" in bent:
            person = replace(person, level=self._profile.levels[0])
        if "deregistered" in bent:
            company = replace(company, status="Deregistered")
        if "odd_status" in bent:
            company = replace(company, status="Under observation")
        if "bad_number" in bent and company.number:
            company = replace(company, number=_other_last(company.number))
        return person, replace(seat, company=company)

    def _mainland(self, person: Person, seat: Seat, grant: Claims) -> Claims:
        subject = pairwise(person, grant["client_id"])
        return {
            "sub": subject,
            "name": person.name,
            **_organisation(seat),
            "id_number": person.identity_number,
            "detached": self._detached(person, seat, subject, grant),
        }

    def _detached(self, person: Person, seat: Seat, subject: str, grant: Claims) -> Claims:
        """The assertion that is signed once more, with SM2: over the payload as it is sent."""
        said = {
            "level": person.level,
            "role": seat.roles[0].name if seat.roles else "",
            "uscc": seat.company.number,
            "sub": subject,
            "nonce": grant["nonce"],
            "exp": int(grant["auth_time"]) + ID_TOKEN_SECONDS,
        }
        if self._faults.take("other_detached"):
            said["nonce"] = uuid.uuid4().hex
        payload = text_of(_json(said))
        signature = sm2_signature(payload.encode(), self._sm2_key)
        if self._faults.take("bad_detached"):
            signature = ("0" if signature[0] != "0" else "1") + signature[1:]
        return {"payload": payload, "sig": signature, "alg": "SM2-SM3"}

    def _bent(self, claims: Claims, now: int) -> Claims:
        """As a test wants them."""
        take = self._faults.take
        bends: dict[str, Claims] = {
            "wrong_nonce": {"nonce": uuid.uuid4().hex},
            "wrong_aud": {"aud": "somebody-else"},
            "wrong_iss": {"iss": "https://another.example"},
            "expired": {"iat": now - 900, "exp": now - 600},
            "future": {"iat": now + 3600, "exp": now + 3900},
            "stale_auth": {"auth_time": now - 3600},
            "wrong_at_hash": {"at_hash": text_of(hashlib.sha256(b"another").digest()[:16])},
        }
        for name, change in bends.items():
            if take(name):
                claims |= change
        for name in ("nonce", "acr", "at_hash", "detached"):
            if take(f"missing_{name}"):
                claims.pop(name, None)
        return claims

    # -- sealing ---------------------------------------------------------------------------------------

    def sealed(self, claims: Claims) -> str:
        signed = self._signed(claims)
        if self._faults.take("not_encrypted"):
            return signed
        key = self._hub.encryption_key()
        if key is None:
            raise HubSilent("it publishes no key to encrypt to")
        alg, enc = SEALED
        header = {"alg": alg, "enc": enc, "cty": "JWT", "kid": key.kid}
        sealed = jwe.encrypt_compact(header, signed, key, algorithms=list(SEALED))
        return _other_byte(sealed) if self._faults.take("tampered_jwe") else sealed

    def _signed(self, claims: Claims) -> str:
        content, take = _json(claims), self._faults.take
        if take("alg_none"):
            return f"{text_of(_json({'alg': 'none', 'typ': 'JWT'}))}.{text_of(content)}."
        if take("alg_hs256"):
            return self._signed_as_if_shared(content)
        key = fresh_key() if take("unknown_key") else self._keys.current
        header = {"alg": "ES256", "typ": "JWT", "kid": key.kid}
        if take("missing_kid"):
            header.pop("kid")
        signed = jws.serialize_compact(header, content, key, algorithms=["ES256"])
        if take("tampered_jws"):
            first, _claims, signature = signed.split(".")
            return f"{first}.{text_of(_json(_misnumbered(claims)))}.{signature}"
        return signed

    def _signed_as_if_shared(self, content: bytes) -> str:
        key = self._keys.current
        start = f"{text_of(_json({'alg': 'HS256', 'kid': key.kid}))}.{text_of(content)}"
        return f"{start}.{text_of(hmac.digest(key.as_pem(private=False), start.encode(), 'sha256'))}"


def pairwise(person: Person, client: str) -> str:
    """Opaque, and another for each client."""
    return text_of(hashlib.sha256(f"{person.subject} {client}".encode()).digest())[:32]


def _organisation(seat: Seat) -> Claims:
    """Nothing of one where somebody signs in for oneself."""
    if not seat.company.number:
        return {}
    return {
        "uscc": seat.company.number,
        "org_name": seat.company.name_zh,
        "org_status": MAINLAND_WORDS.get(seat.company.status, seat.company.status),
        "legal_rep": seat.is_legal,
    }


def _singapore(profile: Profile, person: Person, seat: Seat, grant: Claims) -> Claims:
    return _corppass(person, seat, grant) if profile.is_for_companies else _singpass(person, grant)


def _singpass(person: Person, grant: Claims) -> Claims:
    """The subject is the person, and no company is named."""
    return {"sub": person.subject, "sub_type": "user", "sub_attributes": _user(person, grant)}


def _user(person: Person, grant: Claims) -> Claims:
    scopes, user = grant["scope"].split(), Claims()
    if "user.identity" in scopes:
        number = {"identity_number": person.identity_number, "identity_coi": "SG"}
        user |= {"account_type": "standard", **number}
    if "user.name" in scopes:
        user["name"] = person.name
    return user


def _corppass(person: Person, seat: Seat, grant: Claims) -> Claims:
    """The subject is the company; who acts for it stands in `act`."""
    scopes, company = grant["scope"].split(), seat.company
    entity: Claims = {}
    if "entity.identity" in scopes:
        entity |= {"entity_type": "UEN", "entity_reg_number": company.number, "entity_coi": "SG"}
    if "entity.basic_profile.name" in scopes:
        entity["entity_name"] = company.name_en
    if "entity.basic_profile.uen_status" in scopes:
        entity["entity_uen_status"] = company.status
    user = _user(person, grant)
    return {
        "sub": company.number,
        "sub_type": "entity",
        "sub_attributes": entity,
        "act": {"sub": person.subject, "sub_type": "user", "sub_attributes": user},
    }


def _auth_info(seat: Seat) -> Claims:
    rows = [
        {
            "CPEntID_SUB": "",
            "CPRole": role.name,
            "StartDate": role.starts,
            "EndDate": role.ends,
            "Parameter": [],
        }
        for role in seat.roles
    ]
    result = {"CPESrvcID": "SMEHUB", "Auth_Result_Set": {"Row_Count": len(rows), "Row": rows}}
    return {"Result_Set": {"ESrvc_Row_Count": 1, "ESrvc_Result": [result]}}


def _misnumbered(claims: Claims) -> Claims:
    """With another last character in the company's number."""
    if "sub_attributes" not in claims:
        return claims | {"uscc": _other_last(claims.get("uscc", "X"))}
    wrong = _other_last(claims["sub"])
    return claims | {"sub": wrong, "sub_attributes": claims["sub_attributes"] | {"entity_reg_number": wrong}}


def _other_last(number: str) -> str:
    return number[:-1] + ("A" if number[-1] != "A" else "B")


def _other_byte(sealed: str) -> str:
    parts = sealed.split(".")
    first = parts[3][0]
    parts[3] = ("A" if first != "A" else "B") + parts[3][1:]
    return ".".join(parts)


def _without(claims: Claims, name: str) -> Claims:
    return {key: value for key, value in claims.items() if key != name}


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
