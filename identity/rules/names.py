"""Names of companies and people, made comparable across hanzi, pinyin and Latin letters.

A name has forms: its hanzi, its pinyin in every reading that a surname allows, its Latin letters. Each form has a text and
a core, which leaves out the words that every second company bears (places, trades). Both count half in a score, so that
two strangers who both are "Shenzhen … Technology" are not taken for one.

Forms share keys when they may be alike; only those that share one are compared (blocking).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from rapidfuzz.fuzz import ratio, token_sort_ratio

from identity.rules.name_words import (
    HAN_FORMS,
    HAN_PLACES,
    HAN_TRADES,
    LATIN_COMMON,
    LATIN_FORMS,
    SAME_FORMS,
    SPOKEN_COMMON,
    SURNAMES,
)

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_LATIN = re.compile(r"[a-z]")
_BETWEEN_INITIALS = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_HAN_FORMS = re.compile("|".join(HAN_FORMS) + "$")
_HAN_COMMON = re.compile("|".join((*HAN_PLACES, *HAN_TRADES)))
_SPOKEN_COMMON = re.compile(rf"\b(?:{'|'.join(SPOKEN_COMMON)})\b")
#: a town is one with or without the word for it
_PLACES = re.compile(r"^(shenzhen|guangzhou|dongguan|shanghai|beijing)shi$|^(guangdong)sheng$")
#: letters at either end of a core that two alike names share
EDGE = 5
#: what two readings of one sound are worth: other characters, spoken alike
SOUNDS_ALIKE = 93


@dataclass(frozen=True)
class Form:
    """One way to write or say a name. `how`: `han`, `pinyin`, `latin`, or `other` for other scripts."""

    how: str
    text: str
    core: str

    @property
    def is_latin(self) -> bool:
        return self.how in ("latin", "pinyin")


@dataclass(frozen=True)
class Likeness:
    """How alike two names are, 0 to 100, and by which of their forms."""

    score: int
    how: str


def script_of(name: str) -> str:
    """`han`, `latin` or `other`: what a name is mainly written in."""
    plain = _plain(name)
    if HAN.search(plain):
        return "han"
    return "latin" if _LATIN.search(plain) else "other"


@lru_cache(maxsize=4096)
def forms_of(name: str) -> tuple[Form, ...]:
    """Every form of a name; none where nothing of it can be compared."""
    plain = _plain(name)
    if HAN.search(plain):
        return tuple(_of_hanzi(plain))
    words = _joined(_words(plain))
    text = " ".join(_without_forms(words)) or " ".join(words)
    if not text:
        return ()
    if not _LATIN.search(text):
        return (Form("other", text, text),)
    return (Form("latin", text, _latin_core(text)),)


def keys_of(forms: Iterable[Form]) -> set[str]:
    """What names that may be alike have in common; names without a common key are never compared."""
    return {key for form in forms for key in _keys(form)}


def likeness(one: Form, other: Form, at_least: int) -> int:
    """0 to 100; 0 where it would be below `at_least`, or the forms are of different scripts.

    Whole names and cores count half each. Names spoken alike and written with other hanzi are never quite the same.
    """
    if one.is_latin != other.is_latin or not one.is_latin and one.how != other.how:
        return 0
    needed = max(0, 2 * at_least - 100)
    alike = _latin_ratio if one.is_latin else _plain_ratio
    core = alike(one.core, other.core, needed)
    if core < needed or not core:
        return 0
    score = int((core + alike(one.text, other.text, needed)) / 2)
    if one.how == other.how == "pinyin":
        score = min(score, SOUNDS_ALIKE)
    return score if score >= at_least else 0


def best_likeness(ones: Iterable[Form], others: Sequence[Form], at_least: int) -> Likeness | None:
    """The forms that are most alike, if any are alike enough."""
    best: Likeness | None = None
    for one in ones:
        for other in others:
            score = likeness(one, other, max(at_least, best.score + 1 if best else 0))
            if score:
                best = Likeness(score, _how(one, other))
    return best


def same_entity(beneficiary: str, company: str) -> bool:
    """Whether a bank's beneficiary is the company of this registered name, and nobody alike.

    Case, width, accents, spaces, punctuation and ways to write one legal form do not matter; every letter and the legal
    form itself do. An empty name is nobody's.
    """
    one, other = _as_registered(beneficiary), _as_registered(company)
    return bool(one) and one == other


def is_spoken(beneficiary: str, company: str) -> bool:
    """Whether Latin letters are this name of hanzi as it is spoken, its legal form too: how banks abroad write it."""
    hanzi, letters = _plain(company), "".join(_words(_plain(beneficiary)))
    if not HAN.search(hanzi) or HAN.search(letters) or not letters:
        return False
    unspaced = hanzi.replace(" ", "")
    return letters in {"".join(said) for said in _readings(unspaced, {0})}


def said(hanzi: str) -> list[tuple[str, ...]]:
    """The syllables of a person's name, once for each reading that its family's name has."""
    return _readings(hanzi, {0})


# --- forms -----------------------------------------------------------------------------------------------------------


def _plain(name: str) -> str:
    """One way to write it: width, case, accents, punctuation."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("lü", "lu").replace("nü", "nu")
    unaccented = "".join(
        letter for letter in unicodedata.normalize("NFD", folded) if not unicodedata.combining(letter)
    )
    initials = _BETWEEN_INITIALS.sub("", unicodedata.normalize("NFC", unaccented).replace("&", " and "))
    without_marks = re.sub(r"['’`´·]", "", initials)
    return re.sub(r"[\W_]+", " ", without_marks).strip()


def _words(plain: str) -> list[str]:
    return [word.replace("lyu", "lu").replace("nyu", "nu") for word in plain.split()]


def _joined(words: list[str]) -> list[str]:
    """Places, trades and legal forms that are spelt syllable by syllable in one word each: `shen zhen shi`, `ke ji`."""
    text = _SPOKEN_COMMON.sub(lambda found: found[0].replace(" ", ""), " ".join(words))
    return [_PLACES.sub(r"\1\2", word) for word in text.split()]


def _without_forms(words: list[str]) -> list[str]:
    """Words that name a legal form are left out, wherever they stand."""
    return [word for word in words if word not in LATIN_FORMS]


def _latin_core(text: str) -> str:
    core = [word for word in text.split() if word not in LATIN_COMMON]
    return " ".join(core) or text


def _of_hanzi(plain: str) -> Iterator[Form]:
    """The hanzi by themselves, and the whole name as it is spoken."""
    unspaced = plain.replace(" ", "")
    whole = _HAN_FORMS.sub("", unspaced) or unspaced
    kept = _core_of(whole)
    hanzi = [at for at, letter in enumerate(whole) if HAN.match(letter)]
    core = "".join(whole[at] for at in hanzi if at in kept)
    yield Form("han", "".join(whole[at] for at in hanzi), core or "".join(whole[at] for at in hanzi))
    for said in _readings(whole, {0, min(kept)}):
        heard = [said[at] for at in sorted(kept)] if len(said) == len(whole) else said
        yield Form("pinyin", " ".join(said), " ".join(heard))


def _core_of(whole: str) -> set[int]:
    """Where the letters stand that no place and no trade takes up; all, where nothing would be left."""
    common = {at for found in _HAN_COMMON.finditer(whole) for at in range(*found.span())}
    return set(range(len(whole))) - common or set(range(len(whole)))


def _readings(whole: str, surnames_at: set[int]) -> list[tuple[str, ...]]:
    """Syllables; more than once where a surname at one of these places is read in more than one way."""
    syllables = _syllables(whole)
    if len(syllables) != len(whole):
        return [syllables]
    choices = [
        dict.fromkeys((syllable, *SURNAMES.get(letter, ()))) if at in surnames_at else (syllable,)
        for at, (letter, syllable) in enumerate(zip(whole, syllables, strict=True))
    ]
    return list(product(*choices))


@lru_cache(maxsize=4096)
def _syllables(hanzi: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # its dictionaries are 30 MB, and most names need none

    return tuple(word for part in lazy_pinyin(hanzi) for word in _words(_sound(part)))


def _sound(syllable: str) -> str:
    """`lv` and `nv`, as pypinyin writes ü, in the letters of passports and firms."""
    return re.sub(r"^([ln])v", r"\1u", syllable)


# --- keys ------------------------------------------------------------------------------------------------------------


def _keys(form: Form) -> Iterator[str]:
    if form.how == "han":
        core = form.core
        yield from (f"h:{core[at : at + 2]}" for at in range(max(1, len(core) - 1)))
        return
    words = form.core.split()
    if form.how == "other":
        yield from (f"o:{word}" for word in words)
        return
    if form.how == "latin":
        yield from (f"t:{word}" for word in words if len(word) > 3)
    for compact in {"".join(words), "".join((*words[1:], *words[:1]))}:
        yield f"a:{compact[:EDGE]}"
        yield f"z:{compact[-EDGE:]}"
    bones = re.sub(r"[aeiouywh]", "", "".join(words))
    if len(bones) > 3:
        yield f"b:{bones[:EDGE]}"


# --- scores ----------------------------------------------------------------------------------------------------------


def _plain_ratio(one: str, other: str, needed: int) -> float:
    return ratio(one, other, score_cutoff=needed)


def _latin_ratio(one: str, other: str, needed: int) -> float:
    """Words in any order, or letters with no spaces: whichever is more alike."""
    plain, unspaced = one.replace(" ", ""), other.replace(" ", "")
    best = ratio(plain, unspaced, score_cutoff=needed)
    if best == 100:
        return best
    if " " in one and " " in other:
        return max(best, token_sort_ratio(one, other, score_cutoff=needed))
    if " " in one:
        return max(best, ratio(_turned(one), unspaced, score_cutoff=needed))
    if " " in other:
        return max(best, ratio(plain, _turned(other), score_cutoff=needed))
    return best


def _turned(words: str) -> str:
    """The first word last, unspaced: family names stand before given names, or behind them."""
    first, _space, rest = words.partition(" ")
    return rest.replace(" ", "") + first


def _how(one: Form, other: Form) -> str:
    return one.how if one.how == other.how else "pinyin"


def _as_registered(name: str) -> str:
    """Letters and digits only, with one word for each legal form."""
    plain = f" {_plain(name)} "
    for form, word in SAME_FORMS:
        plain = plain.replace(form, word)
    return re.sub(r"\s", "", plain)
