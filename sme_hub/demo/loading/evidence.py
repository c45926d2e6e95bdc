"""What the demo's companies show an officer: a page that says it is made up."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

SIZE = (760, 420)
INK, PAPER, RULE = "#263238", "#fbfaf7", "#b9c4c4"


def evidence_of(title: str, lines: list[str]) -> io.BytesIO:
    """A PNG with these lines, marked as demo data."""
    page = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(page)
    draw.rectangle((16, 16, SIZE[0] - 17, SIZE[1] - 17), outline=RULE, width=2)
    draw.text((44, 40), "DEMO DATA: NOT A REAL DOCUMENT", fill="#b3432e", font=ImageFont.load_default(18))
    draw.text((44, 84), title, fill=INK, font=ImageFont.load_default(30))
    for number, line in enumerate(lines):
        draw.text((44, 150 + 40 * number), line, fill=INK, font=ImageFont.load_default(22))
    file = io.BytesIO()
    page.save(file, "PNG")
    file.seek(0)
    return file
