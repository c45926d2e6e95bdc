"""Members, mandates, addresses, API tokens and claims as files: what each page shows, to whom it shows it.

A token's file names it and says how long it holds; no part of its secret is in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from identity import queries
from identity.acting import CompanyRequest, for_company
from identity.models import Address, ApiToken, Claim, Invitation, Mandate, Membership
from identity.rules import country_name
from identity.states import ClaimKind, ClaimState, Role
from identity.templatetags.trust import roles
from kernel.naming import local
from kernel.sheets import Row, sheet_of

MEMBER_COLUMNS = (
    *(pgettext_lazy("person", "Name"), _("E-mail address"), _("Roles")),
    *(_("State"), _("Since"), _("Until")),
)
MANDATE_COLUMNS = (
    *(pgettext_lazy("person", "Name"), pgettext_lazy("mandate", "May"), _("Up to"), _("Currency")),
    *(_("Given by"), _("State"), _("Since"), _("Until"), _("Revoked on")),
)
ADDRESS_COLUMNS = (
    *(_("Label"), pgettext_lazy("address", "Goods"), pgettext_lazy("address", "Bills")),
    *(_("Address in English"), _("Address in Chinese"), _("City"), _("Postal code"), _("Country")),
    *(_("Contact person"), _("Telephone")),
)
TOKEN_COLUMNS = (
    *(_("Name"), _("Made by"), _("Roles"), _("Made on"), _("Last used")),
    *(_("State"), _("Expires"), _("Revoked on")),
)
CLAIM_COLUMNS = (
    *(_("Claim"), _("State"), _("Checked against"), _("Checked on"), _("Holds until")),
    *(_("Statement"), _("Evidence"), _("Sent"), _("Reason")),
)


@require_safe
@for_company
def members(request: CompanyRequest, form: str) -> HttpResponseBase:
    """Who acts for the company, who is invited as far as the reader may know it, and who did."""
    now = timezone.now()
    rows: list[Row] = [_member(member) for member in queries.members_of(request.actor, now)]
    if request.actor.may(Role.OWNER):
        rows += [_invited(invitation, now) for invitation in queries.invitations_of(request.actor)]
    rows += [_former(member) for member in queries.former_members_of(request.actor, now)]
    return _file("members", MEMBER_COLUMNS, rows, form)


@require_safe
@for_company(Role.OWNER)
def mandates(request: CompanyRequest, form: str) -> HttpResponseBase:
    now = timezone.now()
    rows = (_mandate(mandate, now) for mandate in queries.mandates_of(request.actor))
    return _file("mandates", MANDATE_COLUMNS, rows, form)


@require_safe
@for_company
def addresses(request: CompanyRequest, form: str) -> HttpResponseBase:
    language = get_language() or "en"
    rows = (_address(address, language) for address in queries.addresses_of(request.actor))
    return _file("addresses", ADDRESS_COLUMNS, rows, form)


@require_safe
@for_company
def tokens(request: CompanyRequest, form: str) -> HttpResponseBase:
    """An owner's file holds all tokens of the company, everybody else's their own."""
    now = timezone.now()
    rows = (_token(token, now) for token in queries.tokens_of(request.actor))
    return _file("tokens", TOKEN_COLUMNS, rows, form)


@require_safe
@for_company
def claims(request: CompanyRequest, form: str) -> HttpResponseBase:
    today = timezone.localdate()
    rows = (_claim(kind, claim, today) for kind, claim in queries.claims_of(request.actor).items())
    return _file("claims", CLAIM_COLUMNS, rows, form)


def _file(name: str, columns: Iterable[Any], rows: Iterable[Row], form: str) -> HttpResponseBase:
    return sheet_of(f"{name}-{timezone.localdate():%Y%m%d}", list(columns), rows, form)


# --- rows ----------------------------------------------------------------------------------------------------------


def _member(member: Membership) -> Row:
    state = pgettext("membership", "Member")
    return (str(member.user), member.user.email, roles(member.roles), state, member.valid_from, None)


def _invited(invitation: Invitation, now: datetime) -> Row:
    expired = invitation.expires_at <= now
    state = pgettext("membership", "Invitation expired") if expired else pgettext("membership", "Invited")
    return ("", invitation.email, roles(invitation.roles), state, None, invitation.expires_at)


def _former(member: Membership) -> Row:
    """The page no longer says how to reach them."""
    state = pgettext("membership", "Former member")
    return (str(member.user), "", roles(member.roles), state, member.valid_from, member.ended_at)


def _mandate(mandate: Mandate, now: datetime) -> Row:
    return (
        str(mandate.holder),
        mandate.get_act_display(),
        round(mandate.ceiling, 2) if mandate.ceiling is not None else gettext("any amount"),
        mandate.currency,
        str(local(mandate.issuer)) if mandate.issuer else gettext("The company"),
        _not_begun(mandate, now) or _standing(mandate.revoked_at, mandate.valid_to, now),
        mandate.valid_from,
        mandate.valid_to,
        mandate.revoked_at,
    )


def _address(address: Address, language: str) -> Row:
    return (
        address.label,
        _yes_or_no(address.for_shipping),
        _yes_or_no(address.for_billing),
        address.lines_en,
        address.lines_zh,
        address.city,
        address.postal_code,
        country_name(address.country, language),
        address.contact_name,
        address.phone,
    )


def _token(token: ApiToken, now: datetime) -> Row:
    return (
        token.name,
        str(token.user),
        roles(token.roles),
        token.created_at,
        token.last_used_on,
        _standing(token.revoked_at, token.expires_at, now),
        token.expires_at,
        token.revoked_at,
    )


def _claim(kind: str, claim: Claim | None, today: date) -> Row:
    named = str(ClaimKind(kind).label)
    if claim is None:
        return (named, gettext("Not asked for yet"), *[None] * (len(CLAIM_COLUMNS) - 2))
    verified = claim.state == ClaimState.VERIFIED
    lapsed = verified and not claim.holds_on(today)
    return (
        named,
        gettext("Check expired") if lapsed else str(claim.get_state_display()),
        claim.source if verified else "",
        claim.checked_on if verified else None,
        claim.expires_on if verified else None,
        claim.statement,
        claim.evidence_name,
        claim.submitted_at,
        claim.reason,
    )


def _not_begun(mandate: Mandate, now: datetime) -> str:
    waits = mandate.revoked_at is None and now < mandate.valid_from
    return pgettext("mandate", "Not yet in force") if waits else ""


def _standing(revoked_at: datetime | None, ends_at: datetime | None, now: datetime) -> str:
    """How a mandate or a token stands, in a word."""
    if revoked_at:
        return gettext("Revoked")
    return gettext("Expired") if ends_at and ends_at <= now else pgettext("mandate or token", "In force")


def _yes_or_no(said: bool) -> str:
    return gettext("Yes") if said else gettext("No")
