"""The numbers and subjects of the simulated issuers' people, in every form in which somebody might write them down.

found_in(everything_kept() + caplog.text)      # the forms that stand there: an empty set
found_in(everything_stored(folder))            # of files as well, those that are packed unpacked
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.parse import quote

import redis
from django.contrib.sessions.models import Session
from django.db import connection
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from simulators.issuer.people import PEOPLE

#: reference rows, the same in every copy
NOT_DUMPED = ("tariffs_", "catalog_category", "django_content_type", "auth_permission")
PLANTED = frozenset(
    planted
    for people in PEOPLE.values()
    for person in people
    for planted in (person.identity_number, person.subject)
)


def forms_of(planted: str) -> Iterator[tuple[str, str]]:
    """Each with its name; those in lower case are looked for in any case."""
    for name, text in (("plain", planted), ("lower", planted.lower()), ("bare", planted.replace("-", ""))):
        raw = text.encode()
        yield name, text.lower()
        yield f"{name}, hex", raw.hex()
        yield f"{name}, spaced", " ".join(text).lower()
        yield f"{name}, backwards", text[::-1].lower()
        yield f"{name}, url", "".join(f"%{byte:02x}" for byte in raw)
        yield f"{name}, quoted", quote(quote(text, safe=""), safe="").lower()
        for algorithm in ("md5", "sha1", "sha256", "sha512", "sm3"):
            yield f"{name}, {algorithm}", hashlib.new(algorithm, raw).hexdigest()
        for shift in range(3):
            yield f"{name}, base64 at {shift}", _in_base64(raw, shift)
            yield f"{name}, base32 at {shift}", base64.b32encode(raw).decode().rstrip("=").lower()[:-1]


def _in_base64(raw: bytes, shift: int) -> str:
    """What stands in the base64 of any longer text that has `raw` at a place of this remainder by three."""
    encoded = base64.b64encode(bytes(shift) + raw).decode()
    begins, whole = (0, 2, 3)[shift], (shift + len(raw)) * 8 // 6
    return encoded[begins:whole]


@cache
def _forms() -> dict[str, str]:
    return {form: f"{planted[:3]}…: {name}" for planted in PLANTED for name, form in forms_of(planted)}


def found_in(text: str) -> set[str]:
    """Which numbers and subjects stand in `text`, and how they are written."""
    lower = text.lower()
    return {name for form, name in _forms().items() if form in text or (form.islower() and form in lower)}


def everything_kept(redis_url: str) -> str:
    """All rows as text, sessions opened, and all that the cache knows."""
    return "\n".join([*_rows(), *_sessions(), *_cached(redis_url)])


def everything_stored(folder: Path) -> str:
    """Every file below: its name, its bytes, and what is packed in it, by streams and as a reader of it sees it."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return "\n".join(f"{file.name} {text}" for file in files for text in unpacked(file.read_bytes()))


def unpacked(content: bytes) -> Iterator[str]:
    yield content.decode("latin-1")
    if content.startswith(b"%PDF"):
        for packed in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
            with suppress(zlib.error):
                yield zlib.decompressobj().decompress(packed).decode("latin-1")
        with suppress(PyPdfError):
            yield from (page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    elif zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed_files:
            for name in packed_files.namelist():
                yield from unpacked(packed_files.read(name))


def _rows() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            if not table.startswith(NOT_DUMPED):
                cursor.execute(f'SELECT row::text FROM "{table}" AS row')
                yield from (text for (text,) in cursor.fetchall())


def _sessions() -> Iterator[str]:
    for session in Session.objects.all():
        yield json.dumps(session.get_decoded(), ensure_ascii=False)


def _cached(redis_url: str) -> Iterator[str]:
    server = redis.Redis.from_url(redis_url)
    for key in server.scan_iter(count=1000):
        yield key.decode(errors="replace")
        if server.type(key) == b"string":
            yield (server.get(key) or b"").decode("latin-1")
