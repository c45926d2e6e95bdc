"""What the profiles of issuers have in common: what an operator need not say when adding one."""

from __future__ import annotations

from dataclasses import dataclass

from identity.states import IssuerProfile, SubjectKind


@dataclass(frozen=True)
class Usual:
    """What an issuer of a profile is like, unless its row says otherwise."""

    framework: str
    subject_kind: str
    scope: str
    #: the least that is of any use: whoever shows less is sent back, and what more counts for is the policies' matter
    acr_values: str
    algs: tuple[str, ...] = ("ES256",)
    #: key wraps, then ciphers; none: tokens are signed only
    enc: tuple[str, ...] = (
        "ECDH-ES+A256KW",
        "ECDH-ES+A192KW",
        "ECDH-ES+A128KW",
        "A256GCM",
        "A256CBC-HS512",
    )


_TWO_FACTORS = "urn:singpass:authentication:loa:2"

USUAL: dict[str, Usual] = {
    IssuerProfile.SINGPASS_FAPI: Usual("sg-singpass", SubjectKind.PERSON, "openid user.name", _TWO_FACTORS),
    IssuerProfile.CORPPASS_FAPI: Usual(
        "sg-corppass",
        SubjectKind.ENTITY,
        "openid authinfo entity.identity entity.basic_profile.name entity.basic_profile.uen_status user.name",
        _TWO_FACTORS,
    ),
    IssuerProfile.SINGPASS_V2: Usual("sg-singpass", SubjectKind.PERSON, "openid", ""),
    IssuerProfile.CORPPASS_V2: Usual("sg-corppass", SubjectKind.ENTITY, "openid", ""),
    IssuerProfile.CN_OIDC: Usual("cn-gd-unified", SubjectKind.ENTITY, "openid profile org", "3"),
}
