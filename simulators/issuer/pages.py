"""What a person sees: that this is a simulator, whom one may sign in as, and what would be passed on. No script."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from html import escape
from typing import Any
from urllib.parse import urlsplit

from simulators.issuer.people import FOR_EVER, PEOPLE, Company, Person, Seat, seat_of
from simulators.issuer.profile import Profile

STYLE = """
:root{--ink:#1c2430;--quiet:#566070;--line:#c9d0da;--deep:#164a7a;--paper:#fff;--ground:#f3f5f8}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}
main{max-width:38rem;margin:0 auto;padding:1.25rem 1rem 3rem}
h1{font-size:1.5rem;line-height:1.3;margin:1rem 0 .5rem}h2{font-size:1.1rem;margin:1.5rem 0 .5rem}
p{margin:.4rem 0}.quiet{color:var(--quiet);font-size:.9rem}
.label{background:#fde9c8;color:#5b3a00;border:1px solid #e2b866;border-radius:8px;padding:.6rem .9rem}
.error{background:#fdeaea;color:#7a1620;border:1px solid #d9a0a5;border-radius:8px;padding:.6rem .9rem}
form{margin:0}fieldset{border:0;padding:0;margin:0}legend{font-weight:600;line-height:1.4;padding:0;margin:1.1rem 0 .3rem}legend .quiet{font-weight:400}
.seat{display:flex;gap:.75rem;align-items:flex-start;background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:.5rem .9rem;margin:.4rem 0;cursor:pointer}
.seat:has(:checked){border-color:var(--deep);box-shadow:0 0 0 1px var(--deep)}
.seat:focus-within{outline:3px solid #7db2e5;outline-offset:1px}
.seat input{flex:none;width:1.25rem;height:1.25rem;margin:.15rem 0 0;accent-color:var(--deep)}
.seat b,.seat small{display:block}.seat small{color:var(--quiet);font-size:.9rem}
.odd{display:inline-block;background:#eef1f5;border:1px solid var(--line);border-radius:4px;padding:0 .4rem;margin:.2rem .3rem 0 0;font-size:.85rem}
.acts{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.5rem}
button{font:inherit;min-height:46px;padding:.5rem 1.2rem;border-radius:8px;border:1px solid var(--deep);background:var(--paper);color:var(--deep);cursor:pointer}
button.main{background:var(--deep);color:#fff;font-weight:600}
button:focus-visible{outline:3px solid #7db2e5;outline-offset:2px}
li{margin:.4rem 0}
dl{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:.4rem .9rem;margin:.5rem 0}
dt{color:var(--quiet);font-size:.9rem;margin-top:.5rem}dd{margin:0 0 .5rem}
@media (max-width:30rem){.acts button{width:100%}}
"""
STYLE_HASH = "sha256-" + b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

_WHAT = {
    "openid": ("That you signed in, when, and at which level", "您已登录、登录时间及认证级别"),
    "authinfo": ("Your roles for this company", "您在该企业的角色"),
    "tpauthinfo": ("Companies that this company acts for", "该企业代理的其他企业"),
    "entity.identity": ("The company’s registration number", "企业注册号"),
    "entity.basic_profile.name": ("The company’s name", "企业名称"),
    "entity.basic_profile.uen_status": ("Whether the company is registered", "企业登记状态"),
    "user.identity": ("Your identity number", "您的身份证件号码"),
    "user.name": ("Your name", "您的姓名"),
    "profile": ("Your name and identity number", "您的姓名和身份证件号码"),
    "org": ("The company’s name and credit code, and your role", "企业名称、统一社会信用代码及您的角色"),
}
_ROLES = {
    "owner": "所有者",
    "seller": "销售",
    "buyer": "采购",
    "approver": "审批",
    "finance": "财务",
    "logistics": "物流",
}


def front(profile: Profile) -> str:
    body = _p(
        profile.language,
        "Sign-ins begin at the site that you want to sign in to. There is nothing to do here.",
        "登录须从您要登录的网站开始。本页无需任何操作。",
    )
    return _page(profile, profile.language, body)


def over(profile: Profile) -> str:
    body = '<div class="error" role="alert">' + _p(
        profile.language,
        "This sign-in was not begun properly, has run out, or is finished. Nothing was passed on. Go back to the site "
        "and begin again.",
        "本次登录未正确发起、已超时或已结束。未传递任何信息。请返回原网站重新开始。",
    )
    return _page(profile, profile.language, body + "</div>")


def login(profile: Profile, name: str, said: dict[str, Any], *, is_missing: bool = False) -> str:
    first = _language(profile, said)
    error = ""
    if is_missing:
        told = _p(first, "Choose who signs in.", "请选择登录人。")
        error = f'<div class="error" role="alert">{told}</div>'
    groups = "".join(_group(first, company, seated) for company, seated in _by_company(profile).items())
    body = f"""{_asker(first, said)}{error}<form method="post" action="/login">
<input type="hidden" name="login" value="{escape(name)}">
<h2>{_both(first, "Who signs in, and for which company?", "由谁登录？代表哪家企业？")}</h2>{groups}
<div class="acts"><button class="main">{_both(first, "Continue", "继续")}</button>
<button name="cancel" value="1" formnovalidate>{_both(first, "Cancel", "取消")}</button></div></form>"""
    return _page(profile, first, body)


def consent(profile: Profile, name: str, said: dict[str, Any]) -> str:
    first = _language(profile, said)
    person, seat = seat_of(profile.code, said["person"], said["company"])
    items = "".join(
        f"<li>{_both(first, *_WHAT[scope], between='<br>')}</li>" for scope in said["scope"].split()
    )
    body = f"""{_asker(first, said)}<dl><dt>{_both(first, "You", "您")}</dt><dd>{_name(person)}</dd>
<dt>{_both(first, "For", "代表企业")}</dt><dd>{_company(first, seat.company)}</dd></dl>
<h2>{_both(first, "If you agree, it is told", "如您同意，将向其提供")}</h2><ul>{items}</ul>
<form method="post" action="/consent"><input type="hidden" name="login" value="{escape(name)}">
<div class="acts"><button class="main" name="decision" value="agree">{_both(first, "Agree and continue", "同意并继续")}</button>
<button name="decision" value="refuse">{_both(first, "Do not agree", "不同意")}</button></div></form>"""
    return _page(profile, first, body)


def _asker(first: str, said: dict[str, Any]) -> str:
    """Who wants to know, as the address says it."""
    host = f"<b>{escape(urlsplit(said['redirect_uri']).netloc)}</b>"
    asks = _both(
        first,
        f"SME Hub ({host}) asks who you are.",
        f"SME Hub（{host}）请求确认您的身份。",
        between="<br>",
        safe=True,
    )
    return f"<p>{asks}</p>"


def _by_company(profile: Profile) -> dict[Company, list[tuple[Person, Seat]]]:
    found: dict[Company, list[tuple[Person, Seat]]] = {}
    for person in PEOPLE[profile.code]:
        for seat in person.seats:
            found.setdefault(seat.company, []).append((person, seat))
    return found


def _group(first: str, company: Company, seated: list[tuple[Person, Seat]]) -> str:
    struck_off = (
        f' <span class="odd">{_both(first, "Struck off", "已注销")}</span>'
        if company.status != "Registered"
        else ""
    )
    seats = "".join(_seat(first, person, seat) for person, seat in seated)
    return f"<fieldset><legend>{_company(first, company)}{struck_off}</legend>{seats}</fieldset>"


def _seat(first: str, person: Person, seat: Seat) -> str:
    value = escape(f"{person.code} {seat.company.number}")
    level = person.level.rpartition(":")[2]
    level = _both(first, f"level {level}", f"认证级别 {level}")
    return f"""<label class="seat"><input type="radio" name="seat" value="{value}" required>
<span><b>{_name(person)}</b><small>{f"{_roles(first, seat)} · " if seat.roles else ""}{level}</small></span></label>"""


def _name(person: Person) -> str:
    """In their own script, and in the other."""
    own = "zh-Hans" if not person.name.isascii() else "en"
    other = "en" if own == "zh-Hans" else "zh-Hans"
    also = f' <span lang="{other}">{escape(person.also)}</span>' if person.also else ""
    return f'<span lang="{own}">{escape(person.name)}</span>{also}'


def _company(first: str, company: Company) -> str:
    names = _both(first, company.name_en, company.name_zh, between="<br>")
    number = f'<br><span class="quiet">{escape(company.number)}</span>' if company.number else ""
    return names + number


def _roles(first: str, seat: Seat) -> str:
    en = [role.name + (f" until {role.ends}" if role.ends != FOR_EVER else "") for role in seat.roles]
    zh = [_ROLES[role.name] + (f"（至 {role.ends}）" if role.ends != FOR_EVER else "") for role in seat.roles]
    return _both(first, ", ".join(en), "、".join(zh))


def _language(profile: Profile, said: dict[str, Any]) -> str:
    """Which comes first: as asked for, else as is usual there."""
    asked = said.get("ui_locales", "")[:2]
    return asked if asked in {"en", "zh"} else profile.language


def _p(first: str, en: str, zh: str) -> str:
    return f"<p>{_both(first, en, zh, between='</p><p>')}</p>"


def _both(first: str, en: str, zh: str, *, between: str = " ", safe: bool = False) -> str:
    """Both languages, that of the reader first."""
    said = {"en": (en, "en"), "zh": (zh, "zh-Hans")}
    order = ("zh", "en") if first == "zh" else ("en", "zh")
    return between.join(
        f'<span lang="{said[each][1]}">{said[each][0] if safe else escape(said[each][0])}</span>'
        for each in order
    )


def _page(profile: Profile, first: str, body: str) -> str:
    title_en, title_zh = profile.name_en, profile.name_zh
    label = _p(
        first,
        f"This program plays {profile.played_en}, so that signing in can be tried. It is no authority, proves nobody’s "
        "identity, and the people in it do not exist.",
        f"本程序模拟{profile.played_zh}，供试用登录功能。它不是任何政府机构，不证明任何人的身份，其中人物均为虚构。",
    )
    return f"""<!doctype html><html lang="{"zh-Hans" if first == "zh" else "en"}"><head><meta charset="utf-8">
<title>{escape(title_en)} · {escape(title_zh)}</title><meta name="viewport" content="width=device-width, initial-scale=1">
<style>{STYLE}</style></head><body><main><div class="label"><strong>Simulator · 模拟系统</strong>{label}</div>
<h1>{_both(first, title_en, title_zh)}</h1>{body}</main></body></html>"""
