"""From an issuer's claims to a `VerifiedLogin`: by its profile and its own claim map, and no further than these name.

The claims hold numbers of identity cards. What is not named is not read, these are never named, and the claims themselves
end with the call.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeGuard

from identity.connectors.issuers.login import Authorisation, Claims, Entity, IssuerRow, VerifiedLogin
from identity.connectors.issuers.profiles import PROFILES, Profile
from identity.connectors.issuers.troubles import LevelTooLow, LoginForged

#: names of claims that hold what nobody here may keep: no map reads them
#: (in small letters without anything between them)
FORBIDDEN = re.compile(
    r"identitynumber|identityno|identitycard|idnumber|idnum|idno|idcard|idcode|nric|uinfin|passport|permit|"
    r"cert(?:ificate)?(?:no|num|id|code)|credential(?:no|num)|doc(?:ument)?(?:no|num)|citizenid|nationalid|personalid|"
    r"residentid|sfz|shenfen|zjhm|身份|证件|證件|護照|护照|^(?:fin|cpuid)$"
)
_BETWEEN = r"[\s._/·-]{0,2}"
#: an NRIC or FIN, and a resident identity number of today or of before, wherever they turn up in what is to be shown
NUMBERS = re.compile(
    rf"[STFGM](?:{_BETWEEN}\d){{7}}{_BETWEEN}[A-Z]|\d(?:{_BETWEEN}\d){{14,}}(?:{_BETWEEN}X)?", re.IGNORECASE
)
LONGEST_NAME = 160
LONGEST_SUBJECT = 255
MOST_ROLES = 60
#: an issuer that does not say when somebody showed who they are has not said that it was lately
UNSAID = 0
#: how Corppass writes that something has no end
ENDLESS = date(9999, 12, 31)


def verified_login(
    claims: Claims,
    *,
    issuer: IssuerRow,
    digest: str,
    userinfo: Claims | None = None,
    detached: Claims | None = None,
) -> VerifiedLogin:
    """Raises `LoginForged` where claims that must be there are missing or contradict each other."""
    profile = PROFILES[issuer.profile]
    paths = {**profile.claims, **issuer.claim_map}
    subject, person = _subjects(claims, paths, profile)
    level, acr = level_of(claims, issuer)
    entity = _entity(claims, paths, profile)
    if issuer.subject_kind == "entity" and entity is None:
        raise LoginForged("entity_missing")
    if detached is not None:
        _check_detached(detached, subject=subject, acr=acr, entity=entity, nonce=str(claims.get("nonce", "")))
    return VerifiedLogin(
        issuer_code=issuer.code,
        subject=subject,
        subject_kind=issuer.subject_kind,
        level_code=level,
        acr=acr,
        auth_time=datetime.fromtimestamp(int(claims.get("auth_time", UNSAID)), UTC),
        amr=_words(claims.get("amr")),
        name=_shown(_at(claims, paths.get("name", ""))),
        entity=entity,
        person_subject=person,
        authorisations=_authorisations(claims, paths, userinfo, entity, detached),
        assertion_digest=digest,
        nonce=str(claims.get("nonce", "")),
    )


def level_of(claims: Claims, issuer: IssuerRow) -> tuple[str, str]:
    """Our code of the level, and what the issuer returned. Where none is returned nothing is proved.

    The legacy dialects return no level: there the methods stand for it, as `amr:pwd+sms`.
    """
    profile = PROFILES[issuer.profile]
    acr = claims.get("acr")
    if acr is None and not profile.fapi and (methods := _words(claims.get("amr"))):
        acr = f"amr:{'+'.join(sorted(methods))}"
    if isinstance(acr, int) and not isinstance(acr, bool):
        acr = str(acr)
    if not isinstance(acr, str) or not acr or len(acr) > 120 or NUMBERS.search(_narrow(acr)):
        raise LevelTooLow("level_missing")
    return str({**profile.levels, **issuer.level_map}.get(acr, acr))[:80], acr


def _subjects(claims: Claims, paths: Mapping[str, str], profile: Profile) -> tuple[str, str]:
    """The subject, and the person: of a legacy subject (`s=…,u=…,c=…`) the UUID only, since the rest is an NRIC."""
    subject = _at(claims, paths["subject"])
    if not profile.fapi:
        subject = _uuid_of(subject)
    if not _names_somebody(subject):
        raise LoginForged("subject_missing")
    person = _at(claims, paths["person_subject"]) if "person_subject" in paths else subject
    if not _names_somebody(person):
        raise LoginForged("person_missing")
    for path, kind in profile.kinds.items():
        if _at(claims, path) != kind:
            raise LoginForged("subject_of_another_kind")
    return subject, person


def _names_somebody(subject: object) -> TypeGuard[str]:
    return isinstance(subject, str) and 0 < len(subject) <= LONGEST_SUBJECT and subject.isprintable()


def _uuid_of(subject: object) -> object:
    if not isinstance(subject, str):
        return None
    parts = dict(part.partition("=")[::2] for part in subject.split(","))
    return parts.get("u", "")


def _entity(claims: Claims, paths: Mapping[str, str], profile: Profile) -> Entity | None:
    number = _at(claims, paths.get("entity_identifier", ""))
    if not profile.scheme or not isinstance(number, str) or not 0 < len(number) <= 40:
        return None
    if not number.isprintable():
        raise LoginForged("entity_malformed")
    if profile.subject_is_entity and number != claims.get("sub"):
        raise LoginForged("entity_of_another")
    return Entity(
        scheme=profile.scheme,
        identifier=number,
        name=_shown(_at(claims, paths.get("entity_name", ""))),
        status=_shown(_at(claims, paths["entity_status"]))[:40] if paths.get("entity_status") else None,
    )


def _check_detached(said: Claims, *, subject: str, acr: str, entity: Entity | None, nonce: str) -> None:
    """What the other signature covers is what the token says: two halves of two logins do not make one."""
    if (said.get("sub"), said.get("nonce"), str(said.get("level"))) != (subject, nonce, acr):
        raise LoginForged("detached_differs")
    if (said.get("uscc") or None) != (entity.identifier if entity else None):
        raise LoginForged("detached_differs")


def _authorisations(
    claims: Claims,
    paths: Mapping[str, str],
    userinfo: Claims | None,
    entity: Entity | None,
    detached: Claims | None,
) -> tuple[Authorisation, ...]:
    rows = list(_corppass_rows(userinfo or {}))[:MOST_ROLES]
    found = [
        Authorisation(_shown(row.get("CPRole"))[:60], _day(row.get("StartDate")), _end(row.get("EndDate")))
        for row in rows
        if entity is None or row.get("CPEntID_SUB") in (None, "", entity.identifier)
    ]
    if detached is not None and detached.get("role"):
        found.append(Authorisation(_shown(detached["role"])[:60]))
    elif _at(claims, paths.get("legal_representative", "legal_rep")) is True:
        found.append(Authorisation("legal_rep"))
    return tuple(row for row in found if row.role)


def _corppass_rows(userinfo: Claims) -> Iterable[Mapping[str, Any]]:
    """`auth_info.Result_Set.ESrvc_Result[].Auth_Result_Set.Row[]`, each of which may be one instead of many."""
    for result in _many(_at(userinfo, "auth_info.Result_Set.ESrvc_Result")):
        yield from _many(_at(result, "Auth_Result_Set.Row"))


def _many(value: object) -> list[Mapping[str, Any]]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, Mapping)]


def is_forbidden(path: str) -> bool:
    """Whether a claim by this name holds the number of a person, however the name is written."""
    names = unicodedata.normalize("NFKC", path).casefold().split(".")
    return any(FORBIDDEN.search(re.sub(r"[\W_]", "", name)) for name in (*names, "".join(names)))


def _at(claims: object, path: str) -> Any:
    """What lies at a dotted path; None where nothing does, and always where the path names a number of a person."""
    if not path or is_forbidden(path):
        return None
    for name in path.split("."):
        if not isinstance(claims, Mapping):
            return None
        claims = claims.get(name)
    return claims


def _shown(value: object) -> str:
    """Words of the issuer's, cleaned of a number that somebody wrote into them."""
    if not isinstance(value, str):
        return ""
    printable = "".join(letter for letter in value if letter.isprintable())
    return NUMBERS.sub("…", _narrow(printable)).strip()[:LONGEST_NAME]


def _narrow(words: str) -> str:
    """Digits and letters of full width, and digits of any script, as those that numbers are written in."""
    return "".join(_narrowed(sign) for sign in words)


def _narrowed(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    plain = unicodedata.normalize("NFKC", sign)
    return plain if len(plain) == 1 and plain.isascii() and plain.isalnum() else sign


def _words(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else []
    return tuple(_shown(item)[:40] for item in items[:10] if isinstance(item, str))


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _end(value: object) -> date | None:
    """When it ends; an end that cannot be read has come already."""
    if value in (None, ""):
        return None
    day = _day(value)
    if day is None:
        return date.min
    return None if day >= ENDLESS else day
