"""What templates and stylesheets promise one another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT: Path = settings.BASE_DIR
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static/css").rglob("*.css"))
CODE = [
    path
    for room in ("sme_hub", "identity", "catalog", "orders", "documents", "disputes")
    for path in (ROOT / room).rglob("*.py")
]


def _ids(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_the_stylesheet_lists_every_file() -> None:
    listed = set(
        re.findall(r'@import url\("([^"]+)"\) layer\([a-z]+\);', (ROOT / "static/css/app.css").read_text())
    )
    lying = {str(path.relative_to(ROOT / "static/css")) for path in STYLES} - {"app.css", "han.css"}
    assert listed == lying


def test_every_icon_named_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons/sprite.svg").read_text()))
    named = {
        (name, str(path.relative_to(ROOT)))
        for path in TEMPLATES
        for name in re.findall(r'{%\s*icon "([\w-]+)"|icon_name="([\w-]+)"', path.read_text())
        for name in name
        if name
    }
    in_code = {
        (name, str(path.relative_to(ROOT)))
        for path in CODE
        for name in re.findall(r'\bicon(?:_name)?["\']?\s*[=:]\s*"([\w-]+)"', path.read_text())
    }
    assert not {use for use in named | in_code if use[0] not in drawn}


@pytest.mark.parametrize("path", TEMPLATES, ids=_ids(TEMPLATES))
def test_a_template_keeps_the_content_security_policy(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<[a-z][^>]*\sstyle=", text), "style attributes are refused by the browser"
    assert not re.search(r"<[a-z][^>]*\son[a-z]+=", text), "event attributes are refused by the browser"
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or "nonce=" in script or "application/json" in script


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if path.parent.name == "components"], ids=lambda path: path.name
)
def test_a_component_opens_by_naming_its_variables(path: Path) -> None:
    assert path.read_text().startswith("{% comment %}")


@pytest.mark.parametrize("path", STYLES, ids=_ids(STYLES))
def test_colours_are_named_in_one_place(path: Path) -> None:
    """Components use the tokens, so that dark follows light. White behind pictures of goods is the exception."""
    if path.name in ("tokens.css", "print.css", "han.css"):
        return
    text = path.read_text().replace("oklch(1 0 0)", "")
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![^(]*\))|\brgb|oklch\(", re.sub(r"url\([^)]*\)", "", text))


def test_dark_by_the_system_and_dark_by_choice_are_the_same_colours() -> None:
    """Stated twice, since CSS joins no media query with a selector and `light-dark()` needs browsers of mid-2024."""
    text = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
    light = _tokens(text, ":root {")
    by_system = _tokens(text, ':root:not([data-theme="light"]) {')
    by_choice = _tokens(text, ':root[data-theme="dark"] {')
    assert by_system == by_choice
    assert set(by_system) == {name for name, value in light.items() if "oklch(" in value} | {"color-scheme"}


def _tokens(text: str, selector: str) -> dict[str, str]:
    block = text.split(f"{selector}\n", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"^\s*([\w-]+):\s*(.+?);", block, re.MULTILINE))
