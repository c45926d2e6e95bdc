"""Writing to the programme office."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from identity.actors import Anonymous
from identity.events import EnquirySent
from identity.models import Enquiry
from kernel.services import record

#: what the privacy notice promises
KEPT_FOR = timedelta(days=365)


@transaction.atomic
def send_enquiry(
    *, topic: str, name: str, email: str, words: str, language: str, now: datetime, user_id: int | None = None
) -> Enquiry:
    """Keep what somebody wrote; the office hears of it by mail."""
    enquiry = Enquiry.objects.create(
        topic=topic, name=name, email=email, words=words, language=language, at=now
    )
    record(EnquirySent(enquiry_id=enquiry.pk), actor=Anonymous(user_id=user_id), now=now, subject=enquiry)
    return enquiry


def forget_old_enquiries(*, now: datetime) -> int:
    """Remove what was written longer ago than `KEPT_FOR`. Returns how many."""
    gone, _by_model = Enquiry.objects.filter(at__lt=now - KEPT_FOR).delete()
    return gone
