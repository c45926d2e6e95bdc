"""Choices and moves of people and companies."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member may do for the company. Owner includes all the others."""

    OWNER = "owner", _("Owner")
    SELLER = "seller", _("Seller")
    BUYER = "buyer", _("Buyer")
    APPROVER = "approver", _("Approver")
    FINANCE = "finance", _("Finance")
    LOGISTICS = "logistics", _("Logistics")


class EnquiryTopic(models.TextChoices):
    """What somebody writes to the programme office about."""

    ACCOUNT = "account", _("My account or company")
    ORDER = "order", _("An order or a dispute")
    PRIVACY = "privacy", _("My personal data")
    SAFETY = "safety", _("A seller, goods or a security problem")
    OTHER = "other", _("Something else")


class RegistrationKind(models.TextChoices):
    """Which register the company's number is from."""

    UEN = "uen", _("UEN (Singapore)")
    USCC = "uscc", _("Unified Social Credit Code (China)")
    OTHER = "other", _("Another register (not checked here)")


class CompanyState(models.TextChoices):
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")


COMPANY_MOVES: dict[str, set[str]] = {
    CompanyState.ACTIVE: {CompanyState.SUSPENDED},
    CompanyState.SUSPENDED: {CompanyState.ACTIVE},
}


class ClaimKind(models.TextChoices):
    """What a programme officer verifies, one by one."""

    REGISTRATION = "registration", _("Registered company")
    ADDRESS = "address", _("Business address")
    AUTHORITY = "authority", _("Authority of the representative")
    BANK = "bank", _("Bank account in the company's name")


class ClaimState(models.TextChoices):
    SUBMITTED = "submitted", _("Waiting for a check")
    VERIFIED = "verified", _("Verified")
    REFUSED = "refused", _("Not accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


CLAIM_MOVES: dict[str, set[str]] = {
    ClaimState.SUBMITTED: {ClaimState.VERIFIED, ClaimState.REFUSED, ClaimState.WITHDRAWN},
    # a verified claim is sent again when its check is about to expire
    ClaimState.VERIFIED: {ClaimState.SUBMITTED, ClaimState.REFUSED, ClaimState.WITHDRAWN},
    ClaimState.REFUSED: {ClaimState.SUBMITTED},
    ClaimState.WITHDRAWN: {ClaimState.SUBMITTED},
}


class NoticeMail(models.TextChoices):
    """When a person is told by mail."""

    NOW = "now", _("At once")
    DAILY = "daily", _("Once a day, together")
    NEVER = "never", _("Never")


class MatterKind(models.TextChoices):
    """What two companies write to one another about."""

    PRODUCT = "product", _("Product")
    ORDER = "order", _("Order")
    CASE = "case", _("Dispute")
