"""Names across hanzi, pinyin and Latin letters: what is alike, what is one, and that nothing alike is missed by its keys."""

from __future__ import annotations

import pytest

from identity.rules.names import best_likeness, forms_of, keys_of, same_entity, script_of

THRESHOLD = 85


def alike(one: str, other: str, at_least: int = THRESHOLD) -> int:
    """The score; 0 where they are not alike enough, or share no key and so would never be compared."""
    found = best_likeness(forms_of(one), forms_of(other), at_least)
    if not keys_of(forms_of(one)) & keys_of(forms_of(other)):
        return 0
    return found.score if found else 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tanjong Bolts Pte. Ltd.", "TANJONG BOLTS (PRIVATE) LIMITED"),
        ("Tanjong Bolts", "Tanjung Bolts LLC"),
        ("Tanjong Bolts", "Bolts Tanjong"),
        ("Tanjong-Bolts", "Tanjongbolts Inc"),
        ("Café Lantern Co.,Ltd", "CAFE LANTERN CO LTD"),
        ("ＬＡＮＴＥＲＮ　ＳＴＡＲ", "lantern star s.a."),
        ("zhang wei", "CHANG Wei"),
        ("WEI, Zhang", "Zhang Wei"),
        ("Zhangwei", "ZHANG, Wei"),
        ("深圳市南山机械有限公司", "Shenzhen Nanshan Jixie Co., Ltd."),
        ("深圳市南山机械有限公司", "深圳南山機械有限責任公司"),
        ("单记贸易有限公司", "Shanji Maoyi Co., Ltd."),
        ("单记贸易有限公司", "Danji Maoyi Co., Ltd."),
        ("仇马德", "QIU MADE"),
        ("深圳市宝恒达科技有限公司", "SHEN ZHEN SHI BAO HENG DA KE JI YOU XIAN GONG SI"),
        ("深圳市宝恒达科技有限公司", "Shenzhen Baohengda Keji Co Ltd"),
        ("曾国贸易有限公司", "ZENG GUO TRADING"),
        ("吕布科技", "LYU BU KEJI"),
        ("张伟贸易有限公司", "章伟贸易有限公司"),
    ],
)
def test_these_are_looked_at(one: str, other: str) -> None:
    assert alike(one, other) >= THRESHOLD
    assert alike(other, one) == alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tanjong Bolts Pte. Ltd.", "Strangers Trading Pte. Ltd."),
        ("Shenzhen Hengda Technology Co., Ltd.", "Shenzhen Ruice Technology Co., Ltd."),
        ("深圳市恒达科技有限公司", "深圳市锐测科技有限公司"),
        ("Global Trading Group", "International Trading Holdings"),
        ("Lantern Star", "Lantern"),
        ("Оборон", "Oboron"),
        ("", "Pte Ltd"),
    ],
)
def test_these_are_strangers(one: str, other: str) -> None:
    assert alike(one, other) == 0


def test_a_name_is_wholly_like_itself_and_spoken_alike_never_quite() -> None:
    for name in ("Tanjong Bolts Pte. Ltd.", "深圳市南山机械有限公司", "Оборон", "Pte Ltd"):
        assert alike(name, name) == 100
    assert alike("张伟贸易有限公司", "章伟贸易有限公司") == 93
    assert [script_of(name) for name in ("TCL王牌", "Bolts", "Оборон", "123")] == [
        "han",
        "latin",
        "other",
        "other",
    ]


def test_a_surname_is_read_in_every_way_it_may_be() -> None:
    spoken = {form.text for form in forms_of("单田方") if form.how == "pinyin"}
    assert spoken == {"dan tian fang", "shan tian fang"}
    cores = {form.core for form in forms_of("深圳单记贸易有限公司") if form.how == "pinyin"}
    assert cores == {"dan ji", "shan ji"}


@pytest.mark.parametrize(
    ("beneficiary", "company", "same"),
    [
        ("TANJONG BOLTS PRIVATE LIMITED", "Tanjong Bolts Pte. Ltd.", True),
        ("Tanjong  Bolts (Pte) Ltd", "Tanjong Bolts Pte. Ltd.", True),
        ("A Pte.Ltd.", "A PTE LTD", True),
        ("Foo & Bar Company Limited", "Foo and Bar Co., Ltd.", True),
        ("深圳市南山机械有限责任公司", "深圳市南山机械有限公司", True),
        ("深圳市南山机械（有限公司）", "深圳市南山机械有限公司", True),
        ("Café Lantern Ltd", "CAFE LANTERN LIMITED", True),
        ("深圳市南山机械股份有限公司", "深圳市南山机械有限公司", False),
        ("深圳市南山機械有限公司", "深圳市南山机械有限公司", False),
        ("Tanjong Bolts LLP", "Tanjong Bolts Pte. Ltd.", False),
        ("Tanjong Bolts", "Tanjong Bolts Pte. Ltd.", False),
        ("Tanjong Bolt Pte. Ltd.", "Tanjong Bolts Pte. Ltd.", False),
        ("T\u0430njong Bolts Pte. Ltd.", "Tanjong Bolts Pte. Ltd.", False),  # a Cyrillic a
        ("", "", False),
        ("...", "—", False),
    ],
)
def test_a_beneficiary_is_the_company_itself_or_somebody_else(
    beneficiary: str, company: str, same: bool
) -> None:
    assert same_entity(beneficiary, company) is same
    assert same_entity(company, beneficiary) is same
