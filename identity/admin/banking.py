"""Changes of where companies of one person are paid: an officer is the second one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity import services
from identity.actors import CONFIRM_BANK_ACCOUNT, staff_actor
from identity.models import BankAccount, BankAccountChange
from identity.services.beneficiaries import verified_names
from kernel.admin import ReadOnlyAdmin
from kernel.errors import Forbidden, Refused
from kernel.refusals import about, add_to_form


class BankChangeForm(forms.Form):
    """One officer's decision on one change."""

    confirmed = forms.TypedChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            ("yes", gettext_lazy("It is the company's own account")),
            ("no", gettext_lazy("Not accepted")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What you compared, and with what result. The company reads it."),
    )


@admin.register(BankAccountChange)
class BankAccountChangeAdmin(ReadOnlyAdmin):
    """Those that wait for an officer, the oldest on top. States are moved by the verb only."""

    named = (gettext_lazy("change of a bank account"), gettext_lazy("changes of bank accounts"))
    list_display = ("company", "currency", "state", "decide_link", "asked_at", "respond_by")
    list_filter = ("state", "currency")
    list_select_related = ("company",)
    search_fields = ("company__legal_name", "company__registration_number")
    fields = ("company", "currency", "beneficiary", "bank_name", "state", "asked_at", "decided_at", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[BankAccountChange]:
        """Companies with a second person are left to themselves."""
        queue: QuerySet[BankAccountChange] = super().get_queryset(request).filter(by_office=True)
        return queue.order_by("decided_at", "asked_at")

    def get_urls(self) -> list[URLPattern]:
        decide = path(
            "<int:change_id>/decide/",
            self.admin_site.admin_view(self.decide),
            name="identity_bankaccountchange_decide",
        )
        return [decide, *super().get_urls()]

    def decide(self, request: HttpRequest, change_id: int) -> HttpResponse:
        """The new account beside the one in force, and the form that calls the verb."""
        if not request.user.has_perm(CONFIRM_BANK_ACCOUNT):
            raise Forbidden
        changes = BankAccountChange.objects.filter(by_office=True).select_related("company", "asked_by")
        change = get_object_or_404(changes, pk=change_id)
        form = BankChangeForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                services.decide_bank_change(
                    actor=staff_actor(request.user),  # type: ignore[arg-type]
                    change=change,
                    now=timezone.now(),
                    **form.cleaned_data,
                )
                messages.success(request, _("The decision is recorded; the owners are told by mail."))
                return redirect("admin:identity_bankaccountchange_changelist")
            except Refused as refused:
                add_to_form(form, refused)
        return TemplateResponse(
            request, "identity/operator/decide_bank_change.html", self._shown(request, change, form)
        )

    def _shown(self, request: HttpRequest, change: BankAccountChange, form: BankChangeForm) -> dict[str, Any]:
        company = change.company
        standing = BankAccount.objects.standing().filter(company=company, currency=change.currency)
        return {
            **self.admin_site.each_context(request),
            "title": about(change.currency, company),
            "opts": self.model._meta,
            "change": change,
            "company": company,
            "known": standing.first(),
            "names": verified_names(company, timezone.now()),
            "form": form if change.is_waiting else None,
        }

    @admin.display(description=gettext_lazy("decision"))
    def decide_link(self, change: BankAccountChange) -> str:
        address = reverse("admin:identity_bankaccountchange_decide", args=[change.pk])
        return format_html('<a href="{}">{}</a>', address, _("Look and decide"))
