"""Companies, and what is verified of them."""

from __future__ import annotations

from datetime import date
from pathlib import PurePath
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from identity.models.owned import OwnedQuerySet
from identity.states import ClaimKind, ClaimState, CompanyState, RegistrationKind
from kernel.models import PublicQuerySet, PublicRow
from kernel.naming import local


class Company(PublicRow):
    """A registered business. Both names are kept; `legal_name` is the one on its register."""

    PREFIX = "com"

    #: in addresses: `/c/<slug>/…`
    slug = models.SlugField(max_length=60, unique=True)
    legal_name = models.CharField(_("registered name"), max_length=160)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=160, blank=True)
    #: ISO 3166-1 alpha-2
    country = models.CharField(_("country"), max_length=2)
    registration_kind = models.CharField(_("register"), max_length=8, choices=RegistrationKind)
    registration_number = models.CharField(_("registration number"), max_length=40)
    profile_en = models.TextField(_("about the company, English"), max_length=2000, blank=True)
    profile_zh = models.TextField(_("about the company, Chinese"), max_length=2000, blank=True)
    #: GB/T 2260 division or town, shown to buyers ("Shenzhen", "Singapore")
    city = models.CharField(_("city"), max_length=60, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="SGD")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Singapore")
    sells = models.BooleanField(_("sells"), default=False)
    buys = models.BooleanField(_("buys"), default=True)
    #: gives money against invoices; set when the programme connects it
    is_bank = models.BooleanField(_("bank"), default=False)
    state = models.CharField(max_length=10, choices=CompanyState, default=CompanyState.ACTIVE)
    #: why the programme office last suspended or reinstated it; its own people read it
    standing_reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    #: what buyers see in lists, kept by the claim verbs: the registration claim's last check, while it holds
    registration_checked_on = models.DateField(null=True)
    registration_check_expires_on = models.DateField(null=True)

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "companies"
        permissions = [("suspend_company", "Can suspend and reinstate companies")]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "registration_number"], name="company_registered_once"
            ),
            models.CheckConstraint(condition=Q(country__regex="^[A-Z]{2}$"), name="company_country_code"),
            models.CheckConstraint(condition=Q(state__in=CompanyState.values), name="company_state_known"),
        ]

    def __str__(self) -> str:
        return local(self) or self.legal_name

    @property
    def is_suspended(self) -> bool:
        """Its goods are not found, and it orders nothing; what was ordered before goes on."""
        return self.state == CompanyState.SUSPENDED

    def name_in(self, language: str) -> str:
        """The name for a reader of `language` (`en` or `zh-hans`), the other one where it is missing."""
        first, second = (
            (self.name_zh, self.name_en) if language.startswith("zh") else (self.name_en, self.name_zh)
        )
        return first or second or self.legal_name

    def is_checked_on(self, day: date) -> bool:
        """Whether the registration was verified and that check still holds: the badge decays by itself."""
        expires = self.registration_check_expires_on
        return self.registration_checked_on is not None and (expires is None or day <= expires)


def evidence_path(claim: Claim, filename: str) -> str:
    """A random name with the ending that the content was found to have."""
    return f"claims/{uuid4().hex}{PurePath(filename).suffix}"


class Claim(PublicRow):
    """One statement about a company, with its evidence, checked by a programme officer."""

    PREFIX = "clm"

    company = models.ForeignKey(Company, models.PROTECT, related_name="claims")
    kind = models.CharField(_("claim"), max_length=14, choices=ClaimKind)
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.SUBMITTED)
    #: what the company says, e.g. the number of an extract
    statement = models.CharField(_("statement"), max_length=500, blank=True)
    evidence = models.FileField(_("evidence"), upload_to=evidence_path, blank=True)
    #: what the sender called the file
    evidence_name = models.CharField(max_length=120, blank=True)
    #: what the officer looked at: "ACRA BizFile extract", "site visit", …
    source = models.CharField(_("checked against"), max_length=160, blank=True)
    #: what the check covers, in the officer's words; empty: what every check of this kind does (`rules.badges.SCOPES`)
    scope = models.CharField(_("covers"), max_length=200, blank=True)
    #: what the company was called when it was verified
    names_checked = ArrayField(models.CharField(max_length=160), default=list)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    verifier = models.ForeignKey("identity.User", models.PROTECT, null=True, related_name="+")
    checked_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    submitted_at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "kind"], name="claim_once_per_company"),
            models.CheckConstraint(
                condition=~Q(state=ClaimState.VERIFIED)
                | Q(verifier__isnull=False, checked_on__isnull=False) & ~Q(source=""),
                name="claim_verified_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["state", "submitted_at"], name="claim_queue")]
        permissions = [("decide_claim", "Can verify or refuse claims")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.company_id}"

    def holds_on(self, day: date) -> bool:
        """Verified, and not expired."""
        return self.state == ClaimState.VERIFIED and (self.expires_on is None or day <= self.expires_on)
