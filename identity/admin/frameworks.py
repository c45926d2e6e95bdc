"""Officers suspend frameworks of trust; frameworks and levels are written once another officer has confirmed a draft."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import F, Model, QuerySet
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from identity import services
from identity.admin.governed import GovernedAdmin, ReasonForm
from identity.models import AssuranceLevel, FrameworkDraft, TrustFramework
from identity.states import Jurisdiction
from kernel.naming import local

DRAFTS = "admin:identity_frameworkdraft_changelist"
DRAFTED = gettext_lazy("Drafted. It is written once another officer has confirmed it.")


class FrameworkForm(ReasonForm):
    """A framework; of one that stands already only the words are corrected."""

    code = forms.SlugField(
        label=pgettext_lazy("framework", "Code"),
        max_length=40,
        help_text=gettext_lazy("The code of one that stands already: its words are corrected."),
    )
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=160)
    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=160)
    jurisdiction = forms.ChoiceField(label=gettext_lazy("Jurisdiction"), choices=Jurisdiction.choices)
    regulator_en = forms.CharField(label=gettext_lazy("Regulator, English"), max_length=160)
    regulator_zh = forms.CharField(label=gettext_lazy("Regulator, Chinese"), max_length=160)
    legal_basis_url = forms.URLField(
        label=gettext_lazy("Legal basis"),
        max_length=400,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"size": 60}),
    )
    field_order = (
        "code",
        "name_en",
        "name_zh",
        "jurisdiction",
        "regulator_en",
        "regulator_zh",
        "legal_basis_url",
    )


class FrameworkChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: TrustFramework) -> str:  # type: ignore[override]
        return local(obj)


class LevelForm(ReasonForm):
    """A level; of one that stands already only the words are corrected."""

    framework = FrameworkChoice(
        label=gettext_lazy("Trust framework"), queryset=TrustFramework.objects.order_by("code")
    )
    code = forms.CharField(
        label=pgettext_lazy("level", "Code"),
        max_length=80,
        help_text=gettext_lazy(
            "As issuers return it. The code of one that stands already: its words are corrected."
        ),
    )
    rank = forms.IntegerField(
        label=gettext_lazy("Rank"),
        min_value=1,
        max_value=4,
        help_text=gettext_lazy("On the common scale: 1 is little, 4 is very high. It is never changed."),
    )
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=160)
    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=160)
    field_order = ("framework", "code", "rank", "name_en", "name_zh")


@admin.register(TrustFramework)
class TrustFrameworkAdmin(GovernedAdmin):
    """Added and corrected by a draft that another officer confirms."""

    named = (gettext_lazy("trust framework"), gettext_lazy("trust frameworks"))
    labels: ClassVar[dict[str, Any]] = {
        "code": gettext_lazy("code"),
        "state": gettext_lazy("state"),
    }
    list_display = ("code", "name_en", "jurisdiction", "regulator_en", "state", "correct_link")
    list_filter = ("jurisdiction", "state")
    actions = ("suspend", "reinstate")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_govern_permission(request)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        form = FrameworkForm(request.POST or None, initial=_words_of(TrustFramework, request))
        return self.filled_page(
            request,
            form,
            lambda officer: services.draft_framework(actor=officer, now=timezone.now(), **form.cleaned_data),
            _("Draft a trust framework"),
            DRAFTED,
            to=DRAFTS,
        )

    @admin.display(description=gettext_lazy("words"))
    def correct_link(self, framework: TrustFramework) -> str:
        return _correct_link("trustframework", framework.pk)

    @admin.action(description=gettext_lazy("Suspend…"), permissions=["govern"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[TrustFramework]) -> HttpResponse | None:
        words = {
            "title": _("Suspend these frameworks?"),
            "consequence": _("All their issuers are suspended as well: nothing new rests on any of them."),
        }
        return self.decided(request, queryset, words, _suspend_framework)

    @admin.action(description=gettext_lazy("Reinstate…"), permissions=["govern"])
    def reinstate(self, request: HttpRequest, queryset: QuerySet[TrustFramework]) -> HttpResponse | None:
        words = {
            "title": _("Reinstate these frameworks?"),
            "consequence": _("Their issuers stay suspended until each is reinstated."),
        }
        return self.decided(request, queryset, words, _reinstate_framework)


@admin.register(AssuranceLevel)
class AssuranceLevelAdmin(GovernedAdmin):
    """Added and corrected by a draft that another officer confirms."""

    named = (gettext_lazy("assurance level"), gettext_lazy("assurance levels"))
    labels: ClassVar[dict[str, Any]] = {
        "framework": gettext_lazy("trust framework"),
        "code": gettext_lazy("code"),
    }
    list_display = ("framework", "code", "rank", "name_en", "correct_link")
    list_filter = ("framework",)
    list_select_related = ("framework",)
    ordering = ("framework__code", "rank", "code")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_govern_permission(request)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        form = LevelForm(request.POST or None, initial=_words_of(AssuranceLevel, request))
        return self.filled_page(
            request,
            form,
            lambda officer: services.draft_level(actor=officer, now=timezone.now(), **form.cleaned_data),
            _("Draft an assurance level"),
            DRAFTED,
            to=DRAFTS,
        )

    @admin.display(description=gettext_lazy("words"))
    def correct_link(self, level: AssuranceLevel) -> str:
        return _correct_link("assurancelevel", level.pk)


@admin.register(FrameworkDraft)
class FrameworkDraftAdmin(GovernedAdmin):
    """What waits for another officer on top."""

    named = (
        gettext_lazy("draft of a framework or a level"),
        gettext_lazy("drafts of frameworks and levels"),
    )
    labels: ClassVar[dict[str, Any]] = {
        "drafted_by": gettext_lazy("drafted by"),
        "drafted_at": gettext_lazy("drafted"),
        "decided_by": gettext_lazy("decided by"),
        "decided_at": gettext_lazy("decided"),
        "confirmed": gettext_lazy("confirmed"),
    }
    list_display = (
        *("framework_code", "level_code", "rank", "jurisdiction", "name_en", "name_zh"),
        *("drafted_by", "standing"),
    )
    list_select_related = ("drafted_by",)
    ordering = (F("decided_at").desc(nulls_first=True), "-pk")
    actions = ("confirm", "drop")

    def has_view_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Officers who were appointed before there were drafts read them too."""
        return self.has_govern_permission(request) or super().has_view_permission(request, obj)

    @admin.action(description=gettext_lazy("Confirm…"), permissions=["govern"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[FrameworkDraft]) -> HttpResponse | None:
        words = {
            "title": _("Confirm these drafts?"),
            "consequence": _(
                "They are written: issuers may be added to a new framework, and policies may name a new level."
            ),
        }
        return self.decided(request, queryset, words, _confirm, form_of=None)

    @admin.action(description=gettext_lazy("Drop…"), permissions=["govern"])
    def drop(self, request: HttpRequest, queryset: QuerySet[FrameworkDraft]) -> HttpResponse | None:
        words = {"title": _("Drop these drafts?"), "consequence": _("Nothing is written.")}
        return self.decided(request, queryset, words, _drop, form_of=None)

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, draft: FrameworkDraft) -> str:
        if draft.decided_at is None:
            return _("another officer confirms it")
        return _("confirmed") if draft.confirmed else _("dropped")


def _words_of(model: type[Model], request: HttpRequest) -> dict[str, Any]:
    """What stands already, where its words are to be corrected; else nothing."""
    row = model._default_manager.filter(pk=request.GET["of"]).first() if _is_number(request) else None
    return model_to_dict(row) if row is not None else {}


def _is_number(request: HttpRequest) -> bool:
    return request.GET.get("of", "").isdecimal() and len(request.GET["of"]) < 19


def _correct_link(model: str, key: int) -> str:
    return format_html(
        '<a href="{}?of={}">{}</a>', reverse(f"admin:identity_{model}_add"), key, _("Correct the words…")
    )


def _confirm(officer: Any, draft: FrameworkDraft, given: dict[str, Any]) -> Any:
    return services.confirm_framework_draft(actor=officer, draft=draft, now=timezone.now())


def _drop(officer: Any, draft: FrameworkDraft, given: dict[str, Any]) -> Any:
    return services.drop_framework_draft(actor=officer, draft=draft, now=timezone.now())


def _suspend_framework(officer: Any, framework: TrustFramework, given: dict[str, Any]) -> Any:
    return services.suspend_framework(actor=officer, framework=framework, now=timezone.now(), **given)


def _reinstate_framework(officer: Any, framework: TrustFramework, given: dict[str, Any]) -> Any:
    return services.reinstate_framework(actor=officer, framework=framework, now=timezone.now(), **given)
