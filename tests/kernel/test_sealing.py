"""Keys of rows leave the house sealed: the same place reads the same, and a made-up one is known as such."""

from __future__ import annotations

import pytest

from kernel.sealing import NotSealed, seal, unseal


@pytest.mark.parametrize("numbers", [(1,), (2**63 - 1,), (0, 0), (7, 2**63 - 1)])
def test_what_was_sealed_is_read_again(numbers: tuple[int, ...]) -> None:
    text = seal("place", *numbers)
    assert unseal("place", text, count=len(numbers)) == numbers
    assert text == seal("place", *numbers)
    assert len(text) <= 32


def test_neighbours_look_nothing_alike() -> None:
    first, second = seal("place", 41), seal("place", 42)
    assert sum(a == b for a, b in zip(first, second, strict=True)) < len(first) / 2


@pytest.mark.parametrize("text", ["", "x", "41", "AAAAAAAAAAAAAAAAAAAAAA", "ü", "%00", "A" * 500])
def test_what_was_not_sealed_is_refused(text: str) -> None:
    with pytest.raises(NotSealed):
        unseal("place", text, count=1)


def test_a_place_in_another_list_is_none_in_this() -> None:
    with pytest.raises(NotSealed):
        unseal("other", seal("place", 41), count=1)
    with pytest.raises(NotSealed):
        unseal("place", seal("place", 41, 42), count=1)
