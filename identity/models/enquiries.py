"""What somebody wrote to the programme office on the contact page."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from identity.states import EnquiryTopic
from kernel.models import PublicQuerySet, PublicRow


class Enquiry(PublicRow):
    """From anybody, signed in or not. Forgotten after `identity.services.enquiries.KEPT_FOR`."""

    PREFIX = "enq"

    topic = models.CharField(_("about"), max_length=20, choices=EnquiryTopic.choices)
    name = models.CharField(_("your name"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    words = models.TextField(_("message"), max_length=4000)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    at = models.DateTimeField()

    objects = PublicQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["at"], name="enquiry_by_age")]
        verbose_name_plural = "enquiries"

    def __str__(self) -> str:
        return f"{self.public_id} ({self.topic})"
