"""Places in lists, as others may hold them: keys of rows never leave the house, so they travel sealed.

A sealed text tells nothing about its numbers and cannot be made up. It is no secret worth guarding and gives access to
nothing: whoever reads on from it is asked who they are, as ever.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct

from django.conf import settings

#: stands before the numbers, so that a made-up text is known as one
_CHECK = bytes(8)
#: of a Feistel network, by which any keyed hash becomes a permutation
_ROUNDS = range(4)


class NotSealed(ValueError):
    """The text was not sealed here, or for something else."""


def seal(purpose: str, *numbers: int) -> str:
    """Numbers as text that goes into an address: 22 characters for one, 32 for two; the same for the same numbers."""
    block = _CHECK + struct.pack(f">{len(numbers)}q", *numbers)
    half = len(block) // 2
    left, right = block[:half], block[half:]
    for number in _ROUNDS:
        left, right = right, _mixed(purpose, number, left, right)
    return base64.urlsafe_b64encode(left + right).decode().rstrip("=")


def unseal(purpose: str, text: str, *, count: int) -> tuple[int, ...]:
    """The `count` numbers that were sealed for `purpose`; raises `NotSealed`."""
    try:
        block = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error) as error:
        raise NotSealed from error
    if len(block) != len(_CHECK) + 8 * count:
        raise NotSealed
    half = len(block) // 2
    left, right = block[:half], block[half:]
    for number in reversed(_ROUNDS):
        left, right = _mixed(purpose, number, right, left), left
    opened = left + right
    if not hmac.compare_digest(opened[: len(_CHECK)], _CHECK):
        raise NotSealed
    return struct.unpack(f">{count}q", opened[len(_CHECK) :])


def _mixed(purpose: str, number: int, half: bytes, by: bytes) -> bytes:
    key = f"{settings.SECRET_KEY}:{purpose}:{number}".encode()
    noise = hmac.digest(key, by, hashlib.sha256)
    return bytes(one ^ other for one, other in zip(half, noise, strict=False))
