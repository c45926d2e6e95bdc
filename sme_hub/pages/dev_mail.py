"""Mail of a development or demo copy: what would have been sent, to be read in the browser.

Routed only where `DEV_MAIL` is set: no mail leaves such a copy, and its accounts are known to everybody anyway.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

#: between letters in one file of `django.core.mail.backends.filebased`
RULE = b"-" * 79
LATEST = 100


@dataclass(frozen=True)
class Letter:
    #: file and place in it
    name: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def sent_at(self) -> datetime | None:
        header = self.message["Date"]
        return header.datetime if header else None

    @property
    def text(self) -> SafeString:
        """The plain text with its links to follow."""
        body = self.message.get_body(("plain",))
        return mark_safe(urlize(body.get_content() if body else "", nofollow=True, autoescape=True))


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    return render(request, "dev_mail/letters.html", {"letters": list(_latest())})


@require_safe
def letter(request: HttpRequest, name: str) -> HttpResponse:
    found = next((letter for letter in _latest() if letter.name == name), None)
    if found is None:
        raise Http404
    return render(request, "dev_mail/letter.html", {"letter": found})


def _latest() -> Iterator[Letter]:
    """The newest letters first; file names begin with the time."""
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), reverse=True)
    for file in files[:LATEST]:
        parts = [part.strip() for part in re.split(rb"(?m)^" + RULE + rb"$", file.read_bytes())]
        for number, part in reversed(list(enumerate(parts))):
            if part:
                message = email.message_from_bytes(part, policy=email.policy.default)
                yield Letter(f"{file.stem}-{number}", message)
