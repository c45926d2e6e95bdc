"""The number of a case: said aloud, and all that a calendar shows of it."""

from __future__ import annotations

import secrets

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_number() -> str:
    """`MC-7K2M9-QXD4T`: says nothing about the parties, and is not guessed."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(10))
    return f"MC-{letters[:5]}-{letters[5:]}"
