"""What has a name in both languages, as its reader calls it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language


def is_chinese() -> bool:
    """Whether the language in use is Chinese."""
    return (get_language() or "en").startswith("zh")


def local(thing: Any, field: str = "name") -> str:
    """The field of a row, or of a mapping as frozen in one, in the language in use; in the other one where it is empty."""
    first, second = ("zh", "en") if is_chinese() else ("en", "zh")
    return _held(thing, f"{field}_{first}") or _held(thing, f"{field}_{second}") or ""


def _held(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, "")
