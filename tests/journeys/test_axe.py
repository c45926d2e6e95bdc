"""Pages as axe-core sees them: no serious or critical finding, in both languages and both themes, on desk and phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js"
GRAVE = {"serious", "critical"}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

PUBLIC = ["accounts/login/", "accounts/signup/", "accounts/password/reset/", "nothing-here/"]


def findings(page: Page) -> list[str]:
    """What axe finds grave, one line a rule."""
    # through the debugger's world, which the page's content security policy does not bind
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {[node['target'] for node in rule['nodes']][:3]}"
        for rule in result["violations"]
        if rule["impact"] in GRAVE
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", ["desk", "phone"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_public_pages(page: Page, language: str, screen: str, theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    found = {}
    for path in PUBLIC:
        page.goto(f"/{language}/{path}")
        if grave := findings(page):
            found[path] = grave
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} scrolls sideways"
    assert not found, found
