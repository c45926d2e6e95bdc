"""What a reader may know before trusting: terms, privacy, what is simulated, and whom to write to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from identity import services
from identity.models import Issuer, Suspension, User
from identity.queries import Recognised, matrix
from identity.queries.recognition import day_of
from identity.states import EnquiryTopic
from sme_hub.simulated import parts

#: of the terms, and of the privacy notice; other words are a new version with the day from which it holds
TERMS, PRIVACY = ("1.0", date(2026, 11, 23)), ("1.1", date(2026, 11, 23))
#: letters to the office from one address
CONTACT_LIMIT = {"contact": "5/h/ip"}


#: the first day of which recognition is told, and how far ahead
FIRST_DAY, YEARS_AHEAD = date(2020, 6, 17), 10


class AsOfForm(forms.Form):
    """Of which day recognition is asked."""

    as_of = forms.DateField(
        label=gettext_lazy("As of"),
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last_day = today.replace(year=today.year + YEARS_AHEAD, day=1)
        self.fields["as_of"].widget.attrs |= {
            "min": FIRST_DAY.isoformat(),
            "max": self.last_day.isoformat(),
        }

    def clean_as_of(self) -> date:
        day: date = self.cleaned_data["as_of"]
        if not FIRST_DAY <= day <= self.last_day:
            raise forms.ValidationError(_("Choose a day between 2020 and ten years from now."))
        return day


class ContactForm(forms.Form):
    topic = forms.ChoiceField(label=gettext_lazy("What do you write about"), choices=EnquiryTopic.choices)
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("The answer goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    words = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=4000,
        help_text=gettext_lazy("Name the order or company if it is about one. Send no identity numbers."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "trust/terms.html", _texts(TERMS))


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "trust/privacy.html", _texts(PRIVACY))


@require_safe
def simulated(request: HttpRequest) -> HttpResponse:
    return render(request, "trust/simulated.html", {"parts": parts()})


@require_safe
def recognition(request: HttpRequest) -> HttpResponse:
    """What is recognised on a day: today where none is asked for, or none that can be told."""
    now = timezone.now()
    today = day_of(now)
    asked = request.GET if "as_of" in request.GET else None
    form = AsOfForm(asked, today=today, initial={"as_of": today})
    as_of = form.cleaned_data["as_of"] if form.is_valid() else today
    found = matrix(as_of, now=now)
    shown = {"form": form, "today": today, "matrix": found, "issuers": _issuances(found.rows)}
    return render(request, "trust/recognition.html", shown)


@dataclass(frozen=True)
class Issuance:
    """What one issuer is recognised for; alike policies of several jurisdictions are one line."""

    issuer: Issuer
    suspension: Suspension | None
    #: a row, and where it is relied on
    lines: list[tuple[Recognised, list[str]]]


def _issuances(rows: list[Recognised]) -> list[Issuance]:
    """In the order of `rows`, where those of one issuer stand together."""
    found = []
    for _issuer, group in groupby(rows, key=lambda row: row.policy.issuer_id):
        alike: dict[tuple[Any, ...], tuple[Recognised, list[str]]] = {}
        first, *others = group
        for row in (first, *others):
            policy = row.policy
            key = (
                *(policy.purpose, policy.min_level_id, policy.recognised_rank),
                *(policy.valid_from, policy.valid_to, policy.legal_note),
            )
            alike.setdefault(key, (row, []))[1].append(policy.get_relying_jurisdiction_display())
        found.append(Issuance(first.policy.issuer, first.suspension, list(alike.values())))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """The form, and sending it: kept at once, mailed by a worker, so many an hour from one address."""
    if request.method != "POST":
        form = ContactForm(initial=_known_of(request.user))
    else:
        form = ContactForm(request.POST)
        if form.is_valid():
            if refused := ratelimit.consume_or_429(
                request, app="sme_hub", action="contact", config=CONTACT_LIMIT
            ):
                return refused
            services.send_enquiry(
                **form.cleaned_data,
                language=get_language() or "en",
                user_id=request.user.pk,
                now=timezone.now(),
            )
            messages.success(request, _("Your message is on its way to the programme office."))
            return redirect("contact")
    return render(request, "trust/contact.html", {"form": form, **_office()})


def _known_of(user: Any) -> dict[str, str]:
    return {"name": user.name, "email": user.email} if isinstance(user, User) else {}


def _texts(edition: tuple[str, date]) -> dict[str, Any]:
    version, version_of = edition
    return {"version": version, "version_of": version_of, **_office()}


def _office() -> dict[str, str]:
    return {
        "office_email": settings.PROGRAMME_OFFICE_EMAIL,
        "office_name": settings.PROGRAMME_OFFICE_NAME,
        "office_address": settings.PROGRAMME_OFFICE_ADDRESS,
    }
