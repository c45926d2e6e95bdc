"""A process of its own that turns uploaded pictures into WebP; run by `pictures.Encoder`, never imported.

It knows nothing of the product, holds no secrets, and may use a bounded amount of memory: a picture that unpacks into
gigabytes ends this process and not a web server. Wire: 4 bytes of length, then the upload; answered by 4 bytes of
length and a line of words, then two lengths with the picture and its thumbnail.
"""

from __future__ import annotations

import contextlib
import io
import struct
import sys
import warnings

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 24_000_000
LONGEST_SIDE = 10_000
SHORTEST_SIDE = 64
PICTURE_SIDE = 1600
THUMBNAIL_SIDE = 320
MEMORY = 1024 * 1024 * 1024


def main() -> None:
    _bound_memory()
    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    while header := sys.stdin.buffer.read(4):
        data = sys.stdin.buffer.read(struct.unpack(">I", header)[0])
        try:
            size, picture, thumbnail = encode(data)
            _answer(b"ok %d %d" % size, picture, thumbnail)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
            _answer(b"too_large", b"", b"")
        except ValueError as error:
            _answer(
                str(error).encode() if str(error) in ("too_large", "too_small") else b"unreadable", b"", b""
            )
        except Exception:  # noqa: BLE001  # a forged picture fails anywhere inside the decoder, in any way
            _answer(b"unreadable", b"", b"")


def encode(data: bytes) -> tuple[tuple[int, int], bytes, bytes]:
    """Width and height, the picture as WebP, and its thumbnail. The size is judged by the header, before anything is decoded."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as upload:
        width, height = upload.size
        if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
            raise ValueError("too_large")
        if min(width, height) < SHORTEST_SIDE:
            raise ValueError("too_small")
        if upload.format == "JPEG":
            upload.draft("RGB", (PICTURE_SIDE, PICTURE_SIDE))
        upload.load()
        picture = _flat(ImageOps.exif_transpose(upload))
    picture.thumbnail((PICTURE_SIDE, PICTURE_SIDE), Image.Resampling.LANCZOS)
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return picture.size, _webp(picture, 82), _webp(small, 78)


def _flat(image: Image.Image) -> Image.Image:
    """Without transparency, palette or metadata: what was see-through is white on every theme."""
    if image.mode in ("RGBA", "LA", "PA", "P"):
        opaque = Image.new("RGB", image.size, "white")
        layer = image.convert("RGBA")
        opaque.paste(layer, mask=layer.getchannel("A"))
        return opaque
    return image.convert("RGB")


def _webp(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=quality, method=4)
    return buffer.getvalue()


def _answer(words: bytes, picture: bytes, thumbnail: bytes) -> None:
    out = sys.stdout.buffer
    for part in (words, picture, thumbnail):
        out.write(struct.pack(">I", len(part)) + part)
    out.flush()


def _bound_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not every system can
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    main()
