"""Frameworks of trust and their levels are written by two officers: one drafts, another confirms."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from identity.models.recognition import HIGHEST_RANK, LOWEST_RANK
from identity.models.users import User
from identity.states import Jurisdiction
from kernel.models import PublicQuerySet, PublicRow


class FrameworkDraft(PublicRow):
    """What one officer wants written of a framework, or of a level of one; it counts once another officer has confirmed it.

    A code that is known already: its words are corrected. Where a framework holds, and for how much a level counts, is
    never changed, since policies rest on it.
    """

    PREFIX = "fwd"

    framework_code = models.SlugField(_("framework"), max_length=40)
    #: none: it is about the framework itself
    level_code = models.CharField(_("level"), max_length=80, blank=True)
    name_en = models.CharField(_("English name"), max_length=160)
    name_zh = models.CharField(_("Chinese name"), max_length=160)
    #: of a framework
    jurisdiction = models.CharField(_("jurisdiction"), max_length=2, choices=Jurisdiction, blank=True)
    regulator_en = models.CharField(_("regulator, English"), max_length=160, blank=True)
    regulator_zh = models.CharField(_("regulator, Chinese"), max_length=160, blank=True)
    legal_basis_url = models.URLField(_("legal basis"), max_length=400, blank=True)
    #: of a level
    rank = models.PositiveSmallIntegerField(_("rank"), null=True)
    reason = models.CharField(_("reason"), max_length=500)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    #: none: it waits
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    #: by another officer; else it was taken back, or turned down
    confirmed = models.BooleanField(default=False)

    objects = PublicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework_code", "level_code"],
                condition=Q(decided_at__isnull=True),
                name="framework_drafted_once",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, confirmed=False)
                | Q(decided_by__isnull=False, decided_at__gte=F("drafted_at")),
                name="framework_draft_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed=False) | ~Q(decided_by=F("drafted_by")),
                name="framework_draft_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(level_code="", rank__isnull=True, jurisdiction__in=Jurisdiction.values)
                | ~Q(level_code="")
                & Q(
                    rank__gte=LOWEST_RANK,
                    rank__lte=HIGHEST_RANK,
                    jurisdiction="",
                    regulator_en="",
                    legal_basis_url="",
                ),
                name="framework_draft_of_one_or_the_other",
            ),
        ]

    def __str__(self) -> str:
        what = f"{self.framework_code} {self.level_code}".strip()
        return f"{what}: {self.name_en} · {self.name_zh}"
