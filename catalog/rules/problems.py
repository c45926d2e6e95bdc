"""Words for refusals that were stored as code and facts: what is wrong with which row of a file."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from kernel.errors import Refused


def words_of(code: str, facts: Mapping[str, Any]) -> str:
    """The refusal's message in the present language; the code itself when nobody knows it any more."""
    refused = _by_code().get(code)
    if refused is None:
        return code
    return str(refused.message) % facts if facts else str(refused.message)


@functools.cache
def _by_code() -> dict[str, type[Refused]]:
    return {cls.code: cls for cls in _below(Refused)}


def _below(cls: type[Refused]) -> Iterator[type[Refused]]:
    for child in cls.__subclasses__():
        yield child
        yield from _below(child)
