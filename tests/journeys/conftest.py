"""A real Chromium on the real processes. `page` starts at the stack's address.

A test chooses with @pytest.mark.parametrize: `language` ("en", "zh-hans") and `screen` ("desk", "phone").
"""

from __future__ import annotations

import os

import pytest

from footing.browser import find_browser
from tests.stack import Stack

#: how long a page is waited for: journeys share two cores with the other tests
MILLISECONDS = 60_000
LOCALES = {"en": "en-SG", "zh-hans": "zh-CN"}
SCREENS = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    browser = find_browser()
    if browser is None:
        _no_browser()
    # Chromium's sandbox refuses root, and containers often forbid its user namespaces.
    args = ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
    return {**browser_type_launch_args, "executable_path": browser, "args": args}


def _no_browser() -> None:
    problem = "No Chromium: install one, or name it with BROWSER_EXE"
    if os.environ.get("ALLOW_NO_BROWSER") == "1":
        pytest.skip(f"JOURNEYS SKIPPED. {problem}")
    pytest.fail(f"{problem}; ALLOW_NO_BROWSER=1 skips the journeys", pytrace=False)


@pytest.fixture
def language() -> str:
    return "en"


@pytest.fixture
def screen() -> str:
    return "desk"


@pytest.fixture
def context(new_context, stack: Stack, language: str, screen: str):
    context = new_context(base_url=stack.url, locale=LOCALES[language], **SCREENS[screen])
    context.set_default_timeout(MILLISECONDS)
    return context
