"""A seller's storefront: its evidence claim by claim, its profile, and its goods with the same search."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from catalog.queries import search
from catalog.rules.wanted import read
from catalog.views.currency import chosen_currency
from catalog.views.hearts import of_seller
from catalog.views.public import filters_of, list_context
from catalog.views.rows import checked_words, place_words
from identity.acting import current_actor
from identity.models import Claim, Company
from identity.queries import public_company, verified_claims_of
from identity.rules import scope_words
from identity.states import ClaimKind, RegistrationKind
from kernel.templatetags.look import day


@require_safe
def storefront(request: HttpRequest, seller: str) -> HttpResponse:
    today = timezone.localdate()
    company = public_company(seller)
    asked = request.GET.copy()
    asked.setlist("seller", [company.slug])
    wanted = read(asked, currency=chosen_currency(request), many=asked.getlist)
    found = search(wanted, of_seller=company.pk)
    language = get_language() or "en"
    context = {
        **list_context(found, filters_of(request, found, of_seller=True), today=today),
        **_profile(company, language),
        "seller": _seller(company, today, language),
        "claims": _claims(company, today),
        "here_q": found.wanted.q,
        **(of_seller(current_actor(request), company) if request.user.is_authenticated else {}),
    }
    return render(request, "catalog/public/storefront.html", context)


def _profile(company: Company, language: str) -> dict[str, str]:
    first, second = ("zh", "en") if language.startswith("zh") else ("en", "zh")
    chosen = first if getattr(company, f"profile_{first}") else second
    return {
        "profile": getattr(company, f"profile_{chosen}"),
        "profile_lang": "zh-Hans" if chosen == "zh" else "en",
    }


def _seller(company: Company, today: date, language: str) -> dict[str, Any]:
    name = company.name_in(language)
    other = company.name_en if language.startswith("zh") else company.name_zh
    return {
        "name": name,
        "other": other if other != name else "",
        "legal_name": company.legal_name,
        "register": RegistrationKind(company.registration_kind).label,
        "number": company.registration_number,
        "place": place_words(company.city, company.country, language),
        "checked": checked_words(
            company.registration_kind,
            company.registration_checked_on,
            company.registration_check_expires_on,
            today,
            language,
        ),
    }


def _claims(company: Company, today: date) -> list[dict[str, Any]]:
    """Every kind of claim, checked or not."""
    verified = verified_claims_of(company.pk)
    return [_claim(kind, verified.get(kind.value), today) for kind in ClaimKind]


def _claim(kind: ClaimKind, claim: Claim | None, today: date) -> dict[str, Any]:
    if claim is None:
        return {"kind": kind.label, "state": "unchecked"}
    return {
        "kind": kind.label,
        "state": "holds" if claim.holds_on(today) else "expired",
        "source": claim.source,
        "scope": scope_words(claim.kind, claim.scope),
        "checked": day(claim.checked_on),
        "expires": day(claim.expires_on),
    }
