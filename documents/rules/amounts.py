"""Amounts in words, as invoices say them: SAY SINGAPORE DOLLARS … ONLY, and 大写."""

from __future__ import annotations

from decimal import Decimal

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"))
_CURRENCIES_EN = {"SGD": "Singapore dollars", "CNY": "Chinese yuan renminbi", "USD": "US dollars"}

_DIGITS_ZH = "零壹贰叁肆伍陆柒捌玖"
_PLACES_ZH = ("", "拾", "佰", "仟")
_GROUPS_ZH = ("", "万", "亿", "万亿")
_CURRENCIES_ZH = {"SGD": "新加坡元", "CNY": "人民币", "USD": "美元"}


def in_words(amount: Decimal, currency: str, language: str) -> str:
    """`amount`, 0 or more with at most two decimals, in the words of a paper."""
    if language.startswith("zh"):
        return _chinese(amount, currency)
    return _english(amount, currency)


def _english(amount: Decimal, currency: str) -> str:
    whole, cents = divmod(int(amount * 100), 100)
    words = f"Say {_CURRENCIES_EN.get(currency, currency)} {_whole(whole)}"
    if cents:
        words += f" and cents {_whole(cents)}"
    return f"{words} only"


def _whole(number: int) -> str:
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_SMALL[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{_SMALL[hundreds]} hundred" + (f" and {_whole(rest)}" if rest else "")
    size, name = next(scale for scale in _SCALES if number >= scale[0])
    many, rest = divmod(number, size)
    joint = " and " if rest and rest < 100 else " "
    return f"{_whole(many)} {name}" + (joint + _whole(rest) if rest else "")


def _chinese(amount: Decimal, currency: str) -> str:
    """Financial numerals (GB/T 15835): 人民币壹佰元整."""
    whole, cents = divmod(int(amount * 100), 100)
    jiao, fen = divmod(cents, 10)
    words = _CURRENCIES_ZH.get(currency, currency) + (f"{_whole_zh(whole)}元" if whole or not cents else "")
    if not cents:
        return f"{words}整"
    if jiao:
        words += f"{_DIGITS_ZH[jiao]}角"
    elif whole:
        words += "零"
    return words + (f"{_DIGITS_ZH[fen]}分" if fen else "整")


def _whole_zh(number: int) -> str:
    if number == 0:
        return "零"
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group == 0:
            words += "" if words.endswith("零") or not any(groups[:place]) else "零"
            continue
        if words and group < 1000 and not words.endswith("零"):
            words += "零"
        words += _group_zh(group) + _GROUPS_ZH[place]
    return words.removesuffix("零")


def _group_zh(group: int) -> str:
    words = ""
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            words += _DIGITS_ZH[digit] + _PLACES_ZH[place]
        elif words and not words.endswith("零") and group % 10**place:
            words += "零"
    return words
