"""Public ids: a UUIDv7 rendered with a prefix (`ord_01j…`), after the TypeID specification.

The bigint primary key never leaves the process; the public id is what addresses, APIs and papers carry.
"""

from __future__ import annotations

import uuid

import uuid_utils
from typeid import TypeID
from typeid.errors import TypeIDException
from uuid_utils.compat import uuid7

__all__ = ["MalformedId", "new_uuid", "parse_public_id", "public_id"]


class MalformedId(ValueError):
    """The text is no public id, or is one of another kind of row."""


def new_uuid() -> uuid.UUID:
    """A fresh UUIDv7: sorts by time, so that index pages stay warm."""
    return uuid7()


def public_id(prefix: str, value: uuid.UUID) -> str:
    """Render `value` as `<prefix>_<26 characters of base32>`."""
    return str(TypeID.from_uuid(uuid_utils.UUID(int=value.int), prefix))


def parse_public_id(prefix: str, text: str) -> uuid.UUID:
    """The UUID inside `text`; `MalformedId` when it is not one of `prefix`."""
    try:
        parsed = TypeID.from_string(text)
    except (TypeIDException, ValueError, KeyError, IndexError) as error:
        raise MalformedId(text) from error
    if parsed.prefix != prefix:
        raise MalformedId(text)
    return uuid.UUID(int=parsed.uuid.int)
