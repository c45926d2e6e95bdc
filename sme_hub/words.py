"""The Chinese of the interface: parts kept by each room, one catalogue made of them, and what is still missing.

`locale/parts/<room>.zh_Hans.po` holds pairs of English and Chinese; `compile_words` merges them with Babel, since
`msgfmt` is absent on a bare machine. The merged files are made, not kept.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import template as django_template

PARTS = settings.BASE_DIR / "locale" / "parts"
CATALOGUE = settings.BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"

#: where words are said; migrations repeat models, tests speak English only
SAID_IN = (
    "sme_hub",
    "disputes",
    "financing",
    "documents",
    "orders",
    "catalog",
    "tariffs",
    "identity",
    "kernel",
    "templates",
)
NOT_IN = {"migrations", "tests", "operator"}

#: gettext's functions and where their msgid stands, as Babel writes it
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

Msgid = tuple[str, str | None]


@dataclass(frozen=True)
class Clash:
    """Two parts translate the same words differently."""

    msgid: str
    kept: str
    dropped: str
    part: str

    def __str__(self) -> str:
        return f"{self.part}: “{self.msgid}” is {self.kept!r} elsewhere, {self.dropped!r} here"


def merged() -> tuple[Catalog, list[Clash]]:
    """All parts as one catalogue; where two disagree the first (by file name) holds."""
    catalogue = Catalog(locale="zh_Hans", project="SME Hub", charset="utf-8", fuzzy=False)
    clashes = []
    for part in sorted(PARTS.glob("*.zh_Hans.po")):
        for message in _messages_of(part):
            known = catalogue.get(message.id, context=message.context)
            if known is not None and known.string != message.string:
                clashes.append(Clash(_msgid(message)[0], str(known.string), str(message.string), part.name))
                continue
            catalogue.add(message.id, message.string, context=message.context)
    return catalogue, clashes


def compile_catalogue() -> tuple[Catalog, list[Clash]]:
    """Write the merged catalogue beside its compiled form, each in one step so that no reader sees half a file."""
    catalogue, clashes = merged()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, catalogue, width=0, sort_output=True, omit_header=False)
    write_mo(compiled, catalogue)
    for path, content in ((CATALOGUE, text), (CATALOGUE.with_suffix(".mo"), compiled)):
        fresh = path.with_suffix(path.suffix + ".new")
        fresh.write_bytes(content.getvalue())
        fresh.replace(path)
    return catalogue, clashes


def compile_if_stale() -> None:
    """For whoever starts without `bin/run`: compile where a part is newer than what was made of it."""
    made = CATALOGUE.with_suffix(".mo")
    newest = max((part.stat().st_mtime for part in PARTS.glob("*.po")), default=0.0)
    if not made.exists() or made.stat().st_mtime < newest:
        compile_catalogue()


def said() -> dict[Msgid, str]:
    """Every msgid in code and templates, with the place that says it first."""
    found: dict[Msgid, str] = {}
    for path in _sources():
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            source = _templatized(source, str(path))
        for line, message, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
            msgid = message[0] if isinstance(message, tuple) else message
            if msgid and msgid.strip():
                found.setdefault((msgid, context), f"{path.relative_to(settings.BASE_DIR)}:{line}")
    return found


def missing() -> dict[Msgid, str]:
    """What is said in English and has no Chinese, neither here nor in Django's and allauth's own catalogues."""
    catalogue, _clashes = merged()
    return {key: place for key, place in said().items() if not _has_chinese(catalogue, key)}


def _has_chinese(catalogue: Catalog, key: Msgid) -> bool:
    msgid, context = key
    message = catalogue.get(msgid, context=context)
    if message is None or not message.string:
        return False
    return isinstance(message.string, str) or any(message.string)


def _messages_of(part: Path) -> Iterator[Message]:
    with part.open("rb") as file:
        for message in read_po(file, locale="zh_Hans", charset="utf-8"):
            if message.id and message.string:
                yield message


def _msgid(message: Message) -> Msgid:
    msgid = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
    return msgid, message.context


def _sources() -> Iterator[Path]:
    for room in SAID_IN:
        for path in sorted((settings.BASE_DIR / room).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and not NOT_IN.intersection(path.parts):
                yield path


def _templatized(source: str, origin: str) -> str:
    """A template as Python that only calls gettext: Django blanks out the rest; indentation must go for the tokenizer."""
    text = django_template.templatize(source, origin=origin)
    calls = re.findall(r"\b(?:_|n?p?gettext)\((?:[^()'\"]|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")*\)", text)
    return "\n".join(calls)
