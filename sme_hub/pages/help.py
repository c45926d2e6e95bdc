"""Help: the guides on their shelves, one guide, and the glossary. Public, and read from files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from identity.acting import current_actor
from sme_hub.help import reading
from sme_hub.help.addresses import address_for
from sme_hub.help.finding import search
from sme_hub.help.glossary import Term, terms_in
from sme_hub.help.shelf import SHELVES, Guide, beside, guide_named, shelf_of

LONGEST_SEARCH = 100


@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """All guides by role, or those that hold the words of `q`."""
    language, q = _language(), request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    found, terms = search(q, language)
    context = {
        "shelves": [(shelf, [_card(guide, language) for guide in shelf.guides]) for shelf in SHELVES],
        "wanted": q,
        "found": [_card(each.guide, language) for each in found],
        "terms": [_entry(term, language) for term in terms],
    }
    return render(request, "help/index.html", context)


@require_safe
def help_guide(request: HttpRequest, guide: str) -> HttpResponse:
    found = guide_named(guide)
    if found is None:
        raise Http404
    language = _language()
    text, shelf = reading.read(found.code, language), shelf_of(found)
    before, after = beside(found)
    context = {
        "text": text,
        "html": reading.render(text, address_for(current_actor(request))),
        "shelf": shelf,
        "siblings": [_card(guide, language) for guide in shelf.guides],
        "code": found.code,
        "before": _card(before, language) if before else None,
        "after": _card(after, language) if after else None,
        "trail": [(_("Help"), reverse("help")), (shelf.words, f"{reverse('help')}#{shelf.code}")],
    }
    return render(request, "help/guide.html", context)


@require_safe
def help_glossary(request: HttpRequest) -> HttpResponse:
    language = _language()
    context = {
        "terms": [_entry(term, language) for term in terms_in(language)],
        "trail": [(_("Help"), reverse("help"))],
    }
    return render(request, "help/glossary.html", context)


def _language() -> str:
    return "zh-hans" if (get_language() or "en").startswith("zh") else "en"


def _card(guide: Guide, language: str) -> dict[str, Any]:
    text = reading.read(guide.code, language)
    return {
        "code": guide.code,
        "title": text.title,
        "summary": text.summary,
        "url": reverse("help_guide", args=[guide.code]),
    }


def _entry(term: Term, language: str) -> dict[str, Any]:
    guide = guide_named(term.guide) if term.guide else None
    return {
        "code": term.code,
        "name": term.name(language),
        "other": term.other_name(language),
        "means": term.means(language),
        "guide": _card(guide, language) if guide else None,
    }
