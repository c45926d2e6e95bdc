"""Codes of others are words on our pages, in both languages: every one that a desk or bank of this code base can send."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.utils import translation

from disputes.rules.returns import RETURNED_FOR, UNANSWERED, returned_in_words
from financing.rules.refusals import REFUSED_FOR, refused_in_words
from simulators.scia import desk
from tests.architecture.house import ROOT


def codes_of_the_desk() -> set[str]:
    faults = next(
        node
        for node in ast.parse(Path(desk.__file__).read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name == "fault_of"
    )
    returned = {
        node.value.value
        for node in ast.walk(faults)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant)
    }
    return {code for code in returned if code} | {desk.NOT_ENFORCEABLE}


def codes_of_the_bank() -> set[str]:
    """What a bank's problem is raised with, and what is said of one that gives none."""
    found = {"refused"}
    for path in (ROOT / "simulators" / "bank").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Problem", "Declined"):
                found |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)} - {
                    arg.value
                    for arg in node.args
                    if isinstance(arg, ast.Constant) and isinstance(arg.value, int)
                }
    return found


def test_every_code_has_words() -> None:
    assert codes_of_the_desk() | {UNANSWERED} == set(RETURNED_FOR)
    assert codes_of_the_bank() - set(REFUSED_FOR) == set()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_code_is_shown_raw_and_an_unknown_one_stands_in_a_sentence(language: str) -> None:
    with translation.override(language):
        for words, known in ((returned_in_words, RETURNED_FOR), (refused_in_words, REFUSED_FOR)):
            assert all(code not in words(code) for code in known if "_" in code)
            assert "out_of_paper" in words("out_of_paper") != "out_of_paper"
            with translation.override("en" if language != "en" else "zh-hans"):
                other = {code: words(code) for code in known}
            assert all(other[code] != words(code) for code in known), "translated"
