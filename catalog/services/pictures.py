"""Uploaded pictures, decoded and encoded again in a process of its own with bounded memory and time."""

from __future__ import annotations

import select
import struct
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refused

PROGRAM = Path(__file__).with_name("encoder.py")
MOST_BYTES = 8 * 1024 * 1024
SECONDS = 15.0


class PictureTooLarge(Refused):
    code = "image.too_large"
    message = _("The picture is too large: at most 8 MB and 24 million pixels.")
    field = "file"


class PictureTooSmall(Refused):
    code = "image.too_small"
    message = _("The picture is too small: at least 64 pixels a side.")
    field = "file"


class PictureUnreadable(Refused):
    code = "image.unreadable"
    message = _("This is no picture that can be read. Send a JPEG, PNG or WebP file.")
    field = "file"


_REFUSALS: dict[bytes, type[Refused]] = {b"too_large": PictureTooLarge, b"too_small": PictureTooSmall}


@dataclass(frozen=True)
class Encoded:
    """A picture of at most 1600 pixels a side and its thumbnail of at most 320, both WebP."""

    width: int
    height: int
    picture: bytes
    thumbnail: bytes


class Encoder:
    """Encodes any number of pictures: `with Encoder() as encoder: encoder.encode(data)`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def encode(self, data: bytes) -> Encoded:
        """Raises `PictureTooLarge`, `PictureTooSmall` or `PictureUnreadable`."""
        if len(data) > MOST_BYTES:
            raise PictureTooLarge
        if not data:
            raise PictureUnreadable
        try:
            words, picture, thumbnail = self._ask(data)
        except (
            OSError,
            EOFError,
            TimeoutError,
        ) as error:  # the process died of the picture, or thinks for too long
            self._stop()
            raise PictureUnreadable from error
        word, *size = words.split()
        if word != b"ok":
            raise _REFUSALS.get(word, PictureUnreadable)
        return Encoded(int(size[0]), int(size[1]), picture, thumbnail)

    def _ask(self, data: bytes) -> tuple[bytes, bytes, bytes]:
        process = self._running()
        assert process.stdin is not None
        process.stdin.write(struct.pack(">I", len(data)) + data)
        process.stdin.flush()
        stop_at = time.monotonic() + SECONDS
        return self._part(stop_at), self._part(stop_at), self._part(stop_at)

    def _part(self, stop_at: float) -> bytes:
        return self._read(struct.unpack(">I", self._read(4, stop_at))[0], stop_at)

    def _read(self, size: int, stop_at: float) -> bytes:
        assert self._process is not None
        assert self._process.stdout is not None
        data = b""
        while len(data) < size:
            ready, _, _ = select.select([self._process.stdout], [], [], max(0.0, stop_at - time.monotonic()))
            if not ready:
                raise TimeoutError
            chunk = self._process.stdout.read(size - len(data))
            if not chunk:
                raise EOFError
            data += chunk
        return data

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(PROGRAM)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env={},
            )
        return self._process

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
