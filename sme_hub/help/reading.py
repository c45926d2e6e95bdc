"""From a guide's Markdown to what a page shows, and to what tests ask of it.

Raw HTML in the files is text, and what is rendered is cleaned once more before it is shown.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from sme_hub.help.pictures import picture_html

GUIDES = Path(__file__).parent / "guides"
LANGUAGES = ("en", "zh-hans")

#: from `page:orders` and the like to an address of the site
Resolver = Callable[[str], str]

_TAGS = {
    "p",
    "h2",
    "h3",
    "ol",
    "ul",
    "li",
    "a",
    "strong",
    "em",
    "code",
    "pre",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_TAGS |= {"picture", "source", "img", "br", "hr", "blockquote"}
_ATTRIBUTES = {
    "h2": {"id"},
    "a": {"href", "class"},
    "img": {"src", "alt", "width", "height", "loading"},
    "source": {"srcset", "media", "width", "height"},
    "th": {"scope"},
}


@dataclass(frozen=True)
class Text:
    """One guide in one language."""

    language: str
    title: str
    #: the first paragraph, as plain words
    summary: str
    #: everything, as plain words: what is searched
    words: str
    #: address within the page and words of each heading
    parts: tuple[tuple[str, str], ...]
    #: names on the screen that the guide quotes
    labels: tuple[str, ...]
    links: tuple[str, ...]
    pictures: tuple[str, ...]
    tokens: tuple[Token, ...]


class _Writer(RendererHTML):
    """HTML as usual, with our own addresses and pictures."""

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        tokens[idx].attrs = {"href": env["address"](str(tokens[idx].attrs["href"]))}
        return str(self.renderToken(tokens, idx, options, env))

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        name = str(tokens[idx].attrs["src"]).removeprefix("picture:")
        return picture_html(name, tokens[idx].content, env["language"])


_MARKDOWN = MarkdownIt("js-default", {"html": False}, renderer_cls=_Writer)


@functools.cache
def read(code: str, language: str) -> Text:
    """The guide of this code; the files are part of the product, so a missing one is a fault."""
    tokens = _MARKDOWN.parse((GUIDES / language / f"{code}.md").read_text(encoding="utf-8"))
    title, body = _plain(tokens[1]), tokens[3:]
    inline = [token for token in body if token.type == "inline"]
    return Text(
        language=language,
        title=title,
        summary=_plain(inline[0]),
        words="\n".join([title, *(_plain(token) for token in inline)]),
        parts=tuple(_name_headings(body)),
        labels=tuple(label for token in inline for label in _labels(token)),
        links=tuple(str(child.attrs["href"]) for child in _children(inline, "link_open")),
        pictures=tuple(
            str(child.attrs["src"]).removeprefix("picture:") for child in _children(inline, "image")
        ),
        tokens=tuple(body),
    )


def render(text: Text, address: Resolver) -> SafeString:
    """The guide without its title."""
    tokens = [token.copy(children=_copies(token.children)) for token in text.tokens]
    html = _MARKDOWN.renderer.render(
        tokens, _MARKDOWN.options, {"address": address, "language": text.language}
    )
    return mark_safe(nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None))


def _copies(children: list[Token] | None) -> list[Token] | None:
    """Rendering writes addresses into tokens, which are shared by all requests."""
    return None if children is None else [child.copy() for child in children]


def _name_headings(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            name = f"part-{place}"
            token.attrs["id"] = name
            yield name, _plain(tokens[place + 1])


def _children(inline: Sequence[Token], kind: str) -> Iterator[Token]:
    for token in inline:
        yield from (child for child in token.children or () if child.type == kind)


def _plain(inline: Token) -> str:
    """What somebody would read aloud: pictures say nothing here."""
    shown = [
        child.content or " " * (child.type == "softbreak")
        for child in inline.children or ()
        if child.type != "image"
    ]
    return "".join(shown).strip()


def _labels(inline: Token) -> Iterator[str]:
    """The words between each pair of bold marks."""
    begun: list[str] | None = None
    for child in inline.children or ():
        if child.type == "strong_open":
            begun = []
        elif child.type == "strong_close" and begun is not None:
            yield "".join(begun)
            begun = None
        elif begun is not None:
            begun.append(child.content)
