"""Recognition policies are drafted, approved by two officers and ended. Nobody edits one."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from identity import services
from identity.admin.governed import GovernedAdmin, ReasonForm
from identity.models import (
    AssuranceLevel,
    Issuer,
    PolicyDecision,
    RecognitionPolicy,
)
from identity.queries.recognition import day_of, standing_of
from identity.states import Jurisdiction, Purpose
from kernel.naming import local

DATE = forms.DateInput(attrs={"type": "date"})


class EndForm(ReasonForm):
    effective_on = forms.DateField(
        label=gettext_lazy("First day without it"),
        required=False,
        widget=DATE,
        help_text=gettext_lazy("Today, where you say nothing."),
    )


class IssuerChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Issuer) -> str:  # type: ignore[override]
        return local(obj)


class LevelChoice(forms.ModelChoiceField):
    """Two frameworks may have a level of the same code."""

    def label_from_instance(self, obj: AssuranceLevel) -> str:  # type: ignore[override]
        rank = _("rank %(rank)s") % {"rank": obj.rank}
        return f"{local(obj.framework)} · {obj.code} · {rank}"


class PolicyForm(forms.Form):
    issuer = IssuerChoice(label=gettext_lazy("Issuer"), queryset=Issuer.objects.order_by("code"))
    min_level = LevelChoice(
        label=gettext_lazy("Least level"),
        queryset=AssuranceLevel.objects.select_related("framework").order_by(
            "framework__code", "rank", "code"
        ),
    )
    recognised_rank = forms.IntegerField(
        label=gettext_lazy("Recognised as rank"),
        min_value=1,
        max_value=4,
        help_text=gettext_lazy("1 is little, 4 is very high. Never more than the level itself."),
    )
    relying_jurisdiction = forms.ChoiceField(label=gettext_lazy("Relied on in"), choices=Jurisdiction.choices)
    purpose = forms.ChoiceField(label=gettext_lazy("For"), choices=Purpose.choices)
    valid_from = forms.DateField(label=gettext_lazy("Holds from"), widget=DATE)
    valid_to = forms.DateField(
        label=gettext_lazy("First day without it"),
        required=False,
        widget=DATE,
        help_text=gettext_lazy("Left empty, it holds until it is ended."),
    )
    legal_note = forms.CharField(
        label=gettext_lazy("Rests on"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Law, agreement, or the platform's own judgement. It is public."),
    )


class DecisionInline(admin.TabularInline):  # type: ignore[type-arg]
    """Who approved and who ended it."""

    model = PolicyDecision
    verbose_name_plural = gettext_lazy("decisions")
    fields = ("kind", "officer", "at", "effective_on", "reason")
    ordering = ("pk",)
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """With the policy itself."""
        return True


@admin.register(RecognitionPolicy)
class RecognitionPolicyAdmin(GovernedAdmin):
    """The latest drafts on top."""

    named = (gettext_lazy("recognition policy"), gettext_lazy("recognition policies"))
    labels: ClassVar[dict[str, Any]] = {
        "issuer": gettext_lazy("issuer"),
        "purpose": gettext_lazy("purpose"),
        "relying_jurisdiction": gettext_lazy("relied on in"),
        "recognised_rank": gettext_lazy("counts as rank"),
        "valid_from": gettext_lazy("holds from"),
        "valid_to": gettext_lazy("first day without it"),
        "min_level": gettext_lazy("least level"),
        "legal_note": gettext_lazy("rests on"),
        "drafted_by": gettext_lazy("drafted by"),
        "drafted_at": gettext_lazy("drafted"),
    }
    list_display = (
        "issuer",
        "purpose",
        "relying_jurisdiction",
        "recognised_rank",
        "standing",
        "valid_from",
        "valid_to",
        "min_level",
    )
    list_filter = ("purpose", "relying_jurisdiction", "issuer")
    list_select_related = ("issuer", "min_level")
    ordering = ("-pk",)
    actions = ("approve", "end")
    inlines = (DecisionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RecognitionPolicy]:
        found: QuerySet[RecognitionPolicy] = super().get_queryset(request).prefetch_related("decisions")
        return found

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_govern_permission(request)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        form = PolicyForm(request.POST or None, initial={"valid_from": day_of(timezone.now()).isoformat()})
        return self.filled_page(
            request,
            form,
            lambda officer: services.draft_policy(actor=officer, now=timezone.now(), **form.cleaned_data),
            _("Draft a recognition policy"),
            _("Drafted. It has no force until two officers have approved it."),
        )

    @admin.action(description=gettext_lazy("Approve…"), permissions=["govern"])
    def approve(self, request: HttpRequest, queryset: QuerySet[RecognitionPolicy]) -> HttpResponse | None:
        words = {
            "title": _("Approve these policies?"),
            "consequence": _(
                "With the approval of a second, other officer they hold. They cannot be edited."
            ),
        }
        return self.decided(request, queryset, words, _approve, form_of=None)

    @admin.action(description=gettext_lazy("End…"), permissions=["govern"])
    def end(self, request: HttpRequest, queryset: QuerySet[RecognitionPolicy]) -> HttpResponse | None:
        words = {
            "title": _("End these policies?"),
            "consequence": _("From that day on they recognise nothing. Past days stay as they were."),
        }
        return self.decided(request, queryset, words, _end, form_of=EndForm)

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, policy: RecognitionPolicy) -> str:
        today = day_of(timezone.now())
        found = standing_of(policy, today)
        if found.ended_on is not None:
            return (
                _("ends %(day)s") % {"day": found.ended_on}
                if found.in_force
                else pgettext("recognition", "Ended")
            )
        if found.in_force:
            return _("in force")
        if found.approvals < 2:
            return _("%(count)d of 2 approvals") % {"count": found.approvals}
        return _("over") if _is_over(policy, today) else _("approved, not begun")


def _is_over(policy: RecognitionPolicy, today: date) -> bool:
    return policy.valid_to is not None and policy.valid_to <= today


def _approve(officer: Any, policy: RecognitionPolicy, given: dict[str, Any]) -> Any:
    return services.approve_policy(actor=officer, policy=policy, now=timezone.now())


def _end(officer: Any, policy: RecognitionPolicy, given: dict[str, Any]) -> Any:
    return services.end_policy(actor=officer, policy=policy, now=timezone.now(), **given)
