"""The people one may sign in as, and for whom they act: the companies of the demonstration, and some that are odd.

Nobody here lives. The numbers of persons have right check digits and belong to nobody: they say that their holders are
born in 2099. They are there so that a relying party can show that it keeps none of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

FOR_EVER = "9999-12-31"


@dataclass(frozen=True)
class Company:
    #: UEN or USCC
    number: str
    name_en: str
    name_zh: str
    #: as the register says it: Registered, Deregistered, Withdrawn
    status: str = "Registered"


@dataclass(frozen=True)
class Role:
    name: str
    starts: str = "2025-01-01"
    ends: str = FOR_EVER


@dataclass(frozen=True)
class Seat:
    """What one person is for one company."""

    company: Company
    roles: tuple[Role, ...]
    #: whether the register names them as legal representative
    is_legal: bool = False


@dataclass(frozen=True)
class Person:
    #: names them in forms and in tests
    code: str
    #: the same for ever
    subject: str
    name: str
    #: in the other script, for who reads the page; empty where there is none
    also: str
    identity_number: str
    #: assurance that the login brings
    level: str
    seats: tuple[Seat, ...]


TUAS_SAFETY = Company("199399924E", "Tuas Safety Equipment Pte. Ltd.", "大士劳保用品私人有限公司")
JURONG_SOLVENTS = Company("201699914D", "Jurong Island Solvents Pte. Ltd.", "裕廊岛溶剂私人有限公司")
NOVENA_GLOVES = Company("200199934E", "Novena Medical Gloves Pte. Ltd.", "诺维娜医用手套私人有限公司")
NEE_SOON = Company("199099961M", "Nee Soon Engineering Works Pte. Ltd.", "义顺工程私人有限公司")
MARINA_FACILITIES = Company(
    "199599962C", "Marina Facilities Management Pte. Ltd.", "滨海设施管理私人有限公司"
)
QUEENSTOWN_LABS = Company(
    "201599966E", "Queenstown Analytical Labs Pte. Ltd.", "女皇镇分析实验室私人有限公司"
)
#: not on the hub: struck off
KALLANG_ROPE = Company(
    "197899951W", "Kallang Rope & Twine Pte. Ltd.", "加冷绳缆私人有限公司", status="Deregistered"
)
#: not on the hub, though it stands: a company that nobody has registered there
SONGGANG_SINGAPORE = Company(
    "202199958E", "Songgang Machinery (Singapore) Pte. Ltd.", "松岗机械（新加坡）私人有限公司"
)
SONGGANG_MACHINERY = Company(
    "91440306MA5DEM2661", "Shenzhen Songgang Machinery Co., Ltd.", "深圳市松岗机械制造有限公司"
)
XINAN_SAFETY = Company(
    "91440306MA5DEM477G", "Shenzhen Xin'an Safety Products Co., Ltd.", "深圳市新安劳保用品有限公司"
)
XIXIANG_FURNITURE = Company(
    "91440306MA5DEM469M", "Shenzhen Xixiang Office Solutions Co., Ltd.", "深圳市西乡办公方案有限公司"
)
PENGQI_PNEUMATICS = Company(
    "91440306MA5DEM0124", "Shenzhen Pengqi Pneumatics Co., Ltd.", "深圳市鹏启气动科技有限公司"
)

#: nor this one in Shenzhen
TUAS_SHENZHEN = Company(
    "91440300MA5DEM9009", "Tuas Safety Trading (Shenzhen) Co., Ltd.", "大士劳保贸易（深圳）有限公司"
)

#: who signs in for no company
ONESELF = Company("", "For oneself", "本人")
ELSEWHERE = (KALLANG_ROPE, SONGGANG_SINGAPORE, TUAS_SHENZHEN, ONESELF)

_LOA = "urn:singpass:authentication:loa:"
_OWNER = (Role("owner"),)

SINGAPORE = (
    Person(
        "lee-kah-yee",
        "d2ffa866-04b3-55f8-8321-0f771afaaed4",
        "Lee Kah Yee",
        "李嘉仪",
        "T9910000H",
        _LOA + "2",
        (Seat(TUAS_SAFETY, _OWNER, is_legal=True),),
    ),
    Person(
        "joanna-lim",
        "6abe4306-0347-58de-8325-89fb3bbbd640",
        "Joanna Lim",
        "",
        "T9910613H",
        _LOA + "2",
        (Seat(TUAS_SAFETY, (Role("seller"),)),),
    ),
    Person(  # a role that ends
        "vikram-das",
        "fbb2490d-05e5-5899-b9bf-9c9a0f33c0b7",
        "Vikram Das",
        "",
        "T9911226Z",
        _LOA + "2",
        (Seat(TUAS_SAFETY, (Role("finance", ends="2028-06-30"),)),),
    ),
    Person(
        "tan-mei-xuan",
        "ac72b9f2-0cf0-5f75-ba0f-3b283198b7b5",
        "Tan Mei Xuan",
        "",
        "T9911839Z",
        _LOA + "2",
        (Seat(TUAS_SAFETY, (Role("logistics"),)),),
    ),
    Person(  # one level lower than the others
        "ng-bee-leng",
        "3c6ad0f4-6a53-5d0e-9f6e-1f3c2b7a9d10",
        "Ng Bee Leng",
        "黄美玲",
        "T9917356J",
        _LOA + "1",
        (Seat(TUAS_SAFETY, (Role("buyer"),)),),
    ),
    Person(
        "vincent-teo",
        "3a70dec4-f942-5416-95b7-0e0e262f43ec",
        "Vincent Teo",
        "张文森",
        "T9912452G",
        _LOA + "3",
        (Seat(JURONG_SOLVENTS, _OWNER, is_legal=True),),
    ),
    Person(
        "daniel-sng",
        "27b420f3-8475-54e3-837b-639f5289ab1b",
        "Daniel Sng",
        "孙德安",
        "T9913065I",
        _LOA + "2",
        (Seat(NOVENA_GLOVES, _OWNER, is_legal=True),),
    ),
    Person(
        "tan-li-wen",
        "0b566bc0-6866-5412-8c6d-889907979c3d",
        "Tan Li Wen",
        "陈丽雯",
        "T9913678I",
        _LOA + "2",
        (Seat(NEE_SOON, (Role("owner"), Role("buyer")), is_legal=True),),
    ),
    Person(  # a role that has ended
        "aaron-lim",
        "ed4aa5dc-dbda-5cb6-91a7-6fdeb01f6bf7",
        "Aaron Lim",
        "林俊安",
        "T9914291F",
        _LOA + "2",
        (Seat(NEE_SOON, (Role("approver"), Role("finance", "2024-01-01", "2025-12-31"))),),
    ),
    Person(  # acts for two companies
        "siti-nuraini",
        "abc8752e-1142-5b4a-a851-0dc0ee25867a",
        "Siti Nuraini",
        "西蒂·努莱妮",
        "T9914904Z",
        _LOA + "2",
        (
            Seat(NEE_SOON, (Role("buyer"), Role("logistics"))),
            Seat(MARINA_FACILITIES, (Role("owner"), Role("buyer")), is_legal=True),
        ),
    ),
    Person(
        "wong-jun-kai",
        "aef55aef-3b5d-5e8c-97ad-7f170129ba7f",
        "Wong Jun Kai",
        "黄俊凯",
        "T9915517A",
        _LOA + "2",
        (Seat(QUEENSTOWN_LABS, (Role("owner"), Role("buyer")), is_legal=True),),
    ),
    Person(  # of a company that was struck off
        "cheng-boon-hock",
        "ac20a642-02f6-5106-889e-0478f0eba8f0",
        "Cheng Boon Hock",
        "",
        "T9916130I",
        _LOA + "2",
        (Seat(KALLANG_ROPE, _OWNER, is_legal=True),),
    ),
    Person(  # known in both cities, by the same name
        "xu-jiahui",
        "26cfe001-e75b-5a4d-b0d0-871dbad6e74f",
        "Xu Jiahui",
        "徐佳慧",
        "T9916743I",
        _LOA + "2",
        (Seat(SONGGANG_SINGAPORE, _OWNER, is_legal=True),),
    ),
)
SHENZHEN = (
    Person(
        "xu-jiahui",
        "0a5d5da1-214b-564a-a828-6728a4134532",
        "徐佳慧",
        "Xu Jiahui",
        "440306209912101001",
        "4",
        (Seat(SONGGANG_MACHINERY, _OWNER, is_legal=True),),
    ),
    Person(
        "han-xue",
        "407c5f2a-ebde-5283-83a7-134781ca5148",
        "韩雪",
        "Han Xue",
        "440306209912111074",
        "3",
        (Seat(SONGGANG_MACHINERY, (Role("buyer"),)),),
    ),
    Person(
        "he-li",
        "eeb4e490-f61d-5c0c-aa42-6d51f0c56868",
        "何立",
        "He Li",
        "440306209912121141",
        "4",
        (Seat(SONGGANG_MACHINERY, (Role("approver"),)),),
    ),
    Person(  # a name and a number that nobody has compared
        "meng-fan",
        "0ee3dc9b-052e-52e9-909a-463367b93b1c",
        "孟凡",
        "Meng Fan",
        "440306209912131219",
        "2",
        (Seat(SONGGANG_MACHINERY, (Role("finance"),)),),
    ),
    Person(  # acts for two companies
        "zhong-ling",
        "268dd7f0-4d85-52b1-af50-6afb306a8d2f",
        "钟灵",
        "Zhong Ling",
        "440306209912141281",
        "5",
        (Seat(XINAN_SAFETY, _OWNER, is_legal=True), Seat(XIXIANG_FURNITURE, (Role("buyer"),))),
    ),
    Person(
        "zheng-haitao",
        "73acb7a1-3b15-5b08-b649-38944daf6066",
        "郑海涛",
        "Zheng Haitao",
        "440306209912151359",
        "4",
        (Seat(PENGQI_PNEUMATICS, _OWNER, is_legal=True),),
    ),
    Person(  # known in both cities, by names of which neither is the other's spelling; for herself, or for a company
        "li-jiayi",
        "4856ff06-a68e-5050-9e20-5f1da1ceb237",
        "李嘉仪",
        "Lee Kah Yee",
        "440306209912161426",
        "4",
        (Seat(ONESELF, ()), Seat(TUAS_SHENZHEN, _OWNER, is_legal=True)),
    ),
)
#: the same people, who prove only themselves there
SINGPASS = tuple(replace(person, seats=(Seat(ONESELF, ()),)) for person in SINGAPORE)
PEOPLE = {"corppass_fapi": SINGAPORE, "singpass_fapi": SINGPASS, "cn_oidc": SHENZHEN}


def seat_of(profile: str, person: str, number: str) -> tuple[Person, Seat]:
    """The person `person` in their seat at the company `number`; raises KeyError where there is no such seat."""
    for each in PEOPLE[profile]:
        for seat in each.seats:
            if (each.code, seat.company.number) == (person, number):
                return each, seat
    raise KeyError(f"{person} does not act for {number}")
