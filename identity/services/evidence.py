"""Evidence files: bounded, and what they say they are. Nothing is opened further than to know its kind."""

from __future__ import annotations

import warnings
from pathlib import PurePath
from typing import IO

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image

from kernel.errors import Refused

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
SUFFIXES = {"PDF": ".pdf", "PNG": ".png", "JPEG": ".jpg"}


class EvidenceTooLarge(Refused):
    code = "claim.evidence_too_large"
    message = _("The file is too large: send up to 5 MB, and a picture of up to 40 million pixels.")
    field = "evidence"


class EvidenceOfAnotherKind(Refused):
    code = "claim.evidence_of_another_kind"
    message = _("Send a PDF, PNG or JPEG file. This one is none of them, or it is damaged.")
    field = "evidence"


def checked_evidence(file: IO[bytes], name: str) -> tuple[ContentFile[bytes], str]:
    """The file under a plain name, and what its sender called it; raises `Refused` when it is not acceptable."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise EvidenceTooLarge
    suffix = SUFFIXES[_kind_of(content)]
    shown = "".join(c for c in PurePath(name.replace("\\", "/")).stem if c.isprintable())[:100] or "evidence"
    return ContentFile(content, name=f"evidence{suffix}"), f"{shown}{suffix}"


def _kind_of(content: bytes) -> str:
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:]:
            raise EvidenceOfAnotherKind
        return "PDF"
    return _kind_of_image(content)


def _kind_of_image(content: bytes) -> str:
    """By its header and checksums; no pixel is decoded, so a bomb stays packed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(ContentFile(content), formats=("PNG", "JPEG")) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise EvidenceTooLarge
                image.verify()
                return str(image.format)
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise EvidenceTooLarge from error
    except Exception as error:  # Pillow raises whatever its decoders meet in damaged files
        raise EvidenceOfAnotherKind from error
