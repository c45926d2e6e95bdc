"""The reference people write on a bank transfer."""

from __future__ import annotations

import secrets

#: no 0 O 1 I L U: read aloud, typed and written by hand without mistakes
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """`SH-7K2M9-QXD4T`: ten random letters, about 49 bits, so that nobody guesses or collides with another's."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(10))
    return f"SH-{letters[:5]}-{letters[5:]}"
