"""How each kind of issuer speaks: which steps it knows, and where its claims lie."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Profile:
    """A dialect. `claims` maps our names to dotted paths; an issuer's own `claim_map` goes before it."""

    code: str
    #: pushed requests, DPoP and `iss` on the callback; the legacy dialects have none of them
    fapi: bool
    claims: dict[str, str] = field(default_factory=dict)
    #: the register of the company's number
    scheme: str = ""
    #: whether an SM2 signature over {level, role, uscc, sub, nonce, exp} comes beside the token
    detached: bool = False
    #: whether a token that is signed only is believed, of an issuer that encrypts none
    may_be_plain: bool = False
    #: of a dialect that returns no level: its authentication methods (`amr:…`) → level; an issuer's map goes before it
    levels: dict[str, str] = field(default_factory=dict)
    #: whether the roles are asked for at userinfo
    asks_userinfo: bool = False
    #: what the issuer has to say that its subjects are, by path
    kinds: dict[str, str] = field(default_factory=dict)
    #: whether `sub` is the company's number itself
    subject_is_entity: bool = False


#: a password alone; what else the legacy dialects name as a method is for the issuer's own map
_LEGACY_LEVELS = {"amr:pwd": "urn:singpass:authentication:loa:1"}
_CORPPASS = {
    "subject": "sub",
    "person_subject": "act.sub",
    "name": "act.sub_attributes.name",
    "entity_identifier": "sub_attributes.entity_reg_number",
    "entity_name": "sub_attributes.entity_name",
    "entity_status": "sub_attributes.entity_uen_status",
}

PROFILES: dict[str, Profile] = {
    profile.code: profile
    for profile in (
        Profile(
            "corppass_fapi",
            fapi=True,
            claims=_CORPPASS,
            scheme="uen",
            asks_userinfo=True,
            kinds={"sub_type": "entity", "act.sub_type": "user"},
            subject_is_entity=True,
        ),
        Profile(
            "singpass_fapi",
            fapi=True,
            claims={"subject": "sub", "person_subject": "sub", "name": "sub_attributes.name"},
            kinds={"sub_type": "user"},
        ),
        Profile(
            "corppass_v2",
            fapi=False,
            claims={
                "subject": "sub",
                "name": "userInfo.CPUID_FullName",
                "entity_identifier": "entityInfo.CPEntID",
                "entity_status": "entityInfo.CPEnt_Status",
            },
            scheme="uen",
            levels=_LEGACY_LEVELS,
        ),
        Profile("singpass_v2", fapi=False, claims={"subject": "sub"}, levels=_LEGACY_LEVELS),
        Profile(
            "cn_oidc",
            fapi=True,
            claims={
                "subject": "sub",
                "person_subject": "sub",
                "name": "name",
                "entity_identifier": "uscc",
                "entity_name": "org_name",
                "entity_status": "org_status",
            },
            scheme="uscc",
            detached=True,
            may_be_plain=True,
        ),
    )
}
