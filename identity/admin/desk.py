"""The queue of claims, and companies and people to look at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity import services
from identity.actors import DECIDE, SUSPEND, staff_actor
from identity.models import Claim, Company, Enquiry, Membership, User
from identity.queries.screening import Standing, screening_of
from identity.rules import district_of, scope_words
from identity.services.claims import ClaimSentAgain
from identity.states import ClaimState
from kernel.admin import ReadOnlyAdmin
from kernel.errors import Forbidden, Refused
from kernel.refusals import about, add_to_form

#: how a company stands against the lists, for whoever decides what it claims
AGAINST_LISTS = {
    Standing.CLEAR: gettext_lazy("compared with every list, and on none"),
    Standing.OPEN: gettext_lazy("may be on a list: decide that first"),
    Standing.CONFIRMED: gettext_lazy("is on a list: nothing of it is verified"),
    Standing.STALE: gettext_lazy("not compared with a copy of today of every list"),
}


class DecisionForm(forms.Form):
    """One officer's decision on one claim."""

    #: which sending of the claim the officer looks at
    submitted_at = forms.CharField(widget=forms.HiddenInput)
    verified = forms.TypedChoiceField(
        label=gettext_lazy("Decision"),
        choices=[("yes", gettext_lazy("Verified")), ("no", gettext_lazy("Not accepted"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    source = forms.CharField(
        label=gettext_lazy("Checked against"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("E.g. “ACRA BizFile extract of 3 Nov 2026”, “site visit”. Needed to verify."),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Holds until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("The badge ends by itself after this day. Needed to verify."),
    )
    scope = forms.CharField(
        label=gettext_lazy("Covers"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "What exactly you checked, where it is less than usual: one site, one account, one person. Buyers read it."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Needed when the claim is not accepted; the company reads it."),
    )

    def clean_submitted_at(self) -> datetime:
        try:
            return datetime.fromisoformat(self.cleaned_data["submitted_at"])
        except ValueError as error:
            raise forms.ValidationError(_("Open the claim again.")) from error


class StandingForm(forms.Form):
    """Why companies are suspended or reinstated."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The companies read it."),
    )


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    """Waiting claims first, the oldest on top. States are moved by the verb only."""

    named = (gettext_lazy("claim"), gettext_lazy("claims"))
    labels: ClassVar[dict[str, Any]] = {
        "company": gettext_lazy("company"),
        "state": gettext_lazy("state"),
        "submitted_at": gettext_lazy("sent on"),
        "checked_on": gettext_lazy("checked on"),
        "expires_on": gettext_lazy("holds until"),
        "verifier": gettext_lazy("checked by"),
    }
    list_display = ("company", "kind", "state", "decide_link", "submitted_at", "checked_on", "expires_on")
    list_filter = ("state", "kind")
    list_select_related = ("company",)
    search_fields = ("company__legal_name", "company__registration_number")
    exclude = ("evidence", "evidence_name")
    readonly_fields = ("evidence_link", "decide_link")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        waiting_first = Case(
            When(state=ClaimState.SUBMITTED, then=Value(0)), default=Value(1), output_field=IntegerField()
        )
        queue: QuerySet[Claim] = super().get_queryset(request).order_by(waiting_first, "submitted_at")
        return queue

    def get_urls(self) -> list[URLPattern]:
        decide = path(
            "<int:claim_id>/decide/", self.admin_site.admin_view(self.decide), name="identity_claim_decide"
        )
        return [decide, *super().get_urls()]

    def decide(self, request: HttpRequest, claim_id: int) -> HttpResponse:
        """One claim, its evidence, and the form that calls the verb."""
        if not request.user.has_perm(DECIDE):
            raise Forbidden
        claim = get_object_or_404(Claim.objects.select_related("company"), pk=claim_id)
        form = DecisionForm(
            request.POST if request.method == "POST" else None,
            initial={"submitted_at": claim.submitted_at.isoformat()},
        )
        if form.is_valid():
            try:
                services.decide_claim(
                    actor=staff_actor(request.user),  # type: ignore[arg-type]
                    claim=claim,
                    now=timezone.now(),
                    **form.cleaned_data,
                )
                messages.success(request, _("The decision is recorded; the owners are told by mail."))
                return redirect("admin:identity_claim_changelist")
            except ClaimSentAgain as refused:
                messages.error(request, str(refused))
                return redirect(request.path)
            except Refused as refused:
                add_to_form(form, refused)
        shown = {
            **self.admin_site.each_context(request),
            "title": about(claim.get_kind_display(), claim.company),
            "opts": self.model._meta,
            "claim": claim,
            "against_lists": AGAINST_LISTS[screening_of(claim.company, timezone.now())],
            "usual_scope": scope_words(claim.kind, ""),
            "company": claim.company,
            "district": district_of(claim.company.registration_kind, claim.company.registration_number),
            "form": form,
        }
        return TemplateResponse(request, "identity/operator/decide_claim.html", shown)

    @admin.display(description=gettext_lazy("decision"))
    def decide_link(self, claim: Claim) -> str:
        address = reverse("admin:identity_claim_decide", args=[claim.pk])
        return format_html('<a href="{}">{}</a>', address, _("Look and decide"))

    @admin.display(description=gettext_lazy("evidence"))
    def evidence_link(self, claim: Claim) -> str:
        if not claim.evidence:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', reverse("media", args=[claim.evidence.name]), claim.evidence_name
        )


@admin.register(Company)
class CompanyAdmin(ReadOnlyAdmin):
    named = (gettext_lazy("company"), gettext_lazy("companies"))
    labels: ClassVar[dict[str, Any]] = {
        "state": gettext_lazy("state"),
        "registration_checked_on": gettext_lazy("registration checked on"),
    }
    list_display = ("legal_name", "country", "registration_number", "state", "registration_checked_on")
    list_filter = ("state", "country", "sells", "buys")
    search_fields = ("legal_name", "name_en", "name_zh", "registration_number")
    actions = ("suspend", "reinstate")

    def has_suspend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(SUSPEND)

    @admin.action(description=gettext_lazy("Suspend…"), permissions=["suspend"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Company]) -> HttpResponse | None:
        words = {
            "title": _("Suspend these companies?"),
            "consequence": _(
                "Their goods are no longer found, and they place no orders. Orders placed before go on."
            ),
        }
        return self._decide_standing(request, queryset, "suspend", services.suspend_company, words)

    @admin.action(description=gettext_lazy("Reinstate…"), permissions=["suspend"])
    def reinstate(self, request: HttpRequest, queryset: QuerySet[Company]) -> HttpResponse | None:
        words = {
            "title": _("Reinstate these companies?"),
            "consequence": _("Their published goods are found again, and they may order."),
        }
        return self._decide_standing(request, queryset, "reinstate", services.reinstate_company, words)

    def _decide_standing(
        self,
        request: HttpRequest,
        companies: QuerySet[Company],
        action: str,
        verb: Callable[..., Company],
        words: dict[str, str],
    ) -> HttpResponse | None:
        """First a page that asks for the reason; sent with one, the verb for each company."""
        form = StandingForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid():
            for company in companies:
                self._decide_one(request, company, verb, form.cleaned_data["reason"])
            return None
        shown = {**self.admin_site.each_context(request), **words, "opts": self.model._meta}
        shown |= {"companies": companies, "form": form, "action": action}
        return TemplateResponse(request, "identity/operator/decide_standing.html", shown)

    def _decide_one(
        self, request: HttpRequest, company: Company, verb: Callable[..., Company], reason: str
    ) -> None:
        officer = staff_actor(request.user)  # type: ignore[arg-type]
        try:
            decided = verb(actor=officer, company=company, reason=reason, now=timezone.now())
        except Refused as refused:
            self.message_user(request, about(company, refused), messages.ERROR)
        else:
            self.message_user(request, about(company, decided.get_state_display()), messages.SUCCESS)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    named = (gettext_lazy("membership"), gettext_lazy("memberships"))
    list_display = ("user", "company", "roles", "valid_from", "ended_at")
    list_select_related = ("user", "company")
    search_fields = ("user__email", "company__legal_name")


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Passwords are set by their owners; what members may do comes from memberships."""

    named = (gettext_lazy("person"), gettext_lazy("people"))

    list_display = ("email", "name", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email", "name")
    exclude = ("password",)


@admin.register(Enquiry)
class EnquiryAdmin(ReadOnlyAdmin):
    """What people wrote on the contact page; answered by mail, forgotten after a year."""

    named = (gettext_lazy("enquiry"), gettext_lazy("enquiries"))
    list_display = ("at", "topic", "name", "email", "language")
    list_filter = ("topic",)
    search_fields = ("name", "email", "words")
    ordering = ("-at",)
