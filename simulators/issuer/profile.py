"""What differs between the issuers: Singapore's for companies and for people, and the mainland's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    code: str
    name_en: str
    name_zh: str
    #: what it is not
    played_en: str
    played_zh: str
    scopes: tuple[str, ...]
    #: from the lowest
    levels: tuple[str, ...]
    subject_type: str
    #: the language that comes first on its pages
    language: str

    @property
    def is_chinese(self) -> bool:
        return self.code == "cn_oidc"

    @property
    def is_for_companies(self) -> bool:
        """Whether whoever signs in does so for one of their companies."""
        return self.code != "singpass_fapi"


CORPPASS = Profile(
    code="corppass_fapi",
    name_en="Simulated Corppass",
    name_zh="模拟 Corppass",
    played_en="Corppass, Singapore’s identity for companies",
    played_zh="新加坡企业数字身份 Corppass",
    scopes=(
        "openid",
        "authinfo",
        "tpauthinfo",
        "entity.identity",
        "entity.basic_profile.name",
        "entity.basic_profile.uen_status",
        "user.identity",
        "user.name",
    ),
    levels=(
        "urn:singpass:authentication:loa:1",
        "urn:singpass:authentication:loa:2",
        "urn:singpass:authentication:loa:3",
    ),
    subject_type="public",
    language="en",
)
SINGPASS = Profile(
    code="singpass_fapi",
    name_en="Simulated Singpass",
    name_zh="模拟 Singpass",
    played_en="Singpass, Singapore’s identity for people",
    played_zh="新加坡个人数字身份 Singpass",
    scopes=("openid", "user.identity", "user.name"),
    levels=CORPPASS.levels,
    subject_type="public",
    language="en",
)
SHENZHEN = Profile(
    code="cn_oidc",
    name_en="Simulated Guangdong identity service",
    name_zh="模拟广东省统一身份认证",
    played_en="the unified identity service of Guangdong, as used in Shenzhen",
    played_zh="深圳使用的广东省统一身份认证平台",
    scopes=("openid", "profile", "org"),
    levels=("2", "3", "4", "5"),
    subject_type="pairwise",
    language="zh",
)
PROFILES = {profile.code: profile for profile in (CORPPASS, SINGPASS, SHENZHEN)}
