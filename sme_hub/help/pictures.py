"""Pictures of the running product in guides: taken by `bin/screenshots`, kept under `static/help/<language>/`."""

from __future__ import annotations

import functools
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from PIL import Image

#: narrower windows are shown what a phone shows
PHONE = "(max-width: 40rem)"


def picture_files(name: str, language: str) -> tuple[Path, Path]:
    """On a wide screen, on a phone."""
    folder = Path(settings.BASE_DIR) / "static" / "help" / language
    return folder / f"{name}.webp", folder / f"{name}-phone.webp"


@functools.cache
def picture_html(name: str, alt: str, language: str) -> SafeString:
    """Both pictures with their sizes, so that nothing jumps when they arrive; a click shows the wide one whole."""
    wide, phone = picture_files(name, language)
    src = static(f"help/{language}/{wide.name}")
    (width, height), (phone_width, phone_height) = _size(wide), _size(phone)
    return format_html(
        '<a class="picture" href="{}"><picture><source srcset="{}" media="{}" width="{}" height="{}">'
        '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy"></picture></a>',
        src,
        static(f"help/{language}/{phone.name}"),
        PHONE,
        phone_width,
        phone_height,
        src,
        alt,
        width,
        height,
    )


def _size(file: Path) -> tuple[int, int]:
    with Image.open(file) as picture:
        return picture.size
