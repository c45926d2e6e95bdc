"""Letters by mail, in their reader's language, each sent once. For handlers in the `outside` lane."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from identity.models import Letter


def send_letter(
    *,
    to: str,
    language: str,
    name: str,
    context: Mapping[str, Any],
    key: str,
    now: datetime,
    reply_to: str = "",
) -> None:
    """Send `templates/<name>.txt`, whose first line is the subject, unless a letter of this key has left before.

    `key` is the delivery's idempotency key and whom it is for. A process killed between mail server and database sends
    the letter again, under the same Message-ID, by which mail readers know it.
    """
    if Letter.objects.filter(key=key).exists():
        return
    with translation.override(language):
        text = render_to_string(f"{name}.txt", {**context, "base_url": settings.BASE_URL})
    subject, _newline, body = text.strip().partition("\n")
    host = urlsplit(settings.BASE_URL).hostname
    message = EmailMessage(
        subject.strip(), body.strip() + "\n", to=[to], reply_to=[reply_to] if reply_to else None
    )
    message.extra_headers = {"Message-ID": f"<{key}@{host}>", "Content-Language": language}
    message.send()
    Letter.objects.bulk_create([Letter(key=key, name=name, sent_at=now)], ignore_conflicts=True)
