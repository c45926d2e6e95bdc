"""Officers govern recognition: issuers are added and suspended, policies drafted, approved by two and ended. Nobody edits one."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from identity import services
from identity.admin.governed import GovernedAdmin, ReasonForm
from identity.models import (
    AssuranceLevel,
    Issuer,
    PolicyDecision,
    PurposeRequirement,
    RecognitionPolicy,
    TrustFramework,
)
from identity.queries.enforcement import asking_at, drafts_at
from identity.queries.recognition import day_of, standing_of
from identity.services.discovering import iss_behind
from identity.services.recognition import IssuerDetails
from identity.states import IssuerProfile, Jurisdiction, Purpose
from kernel.admin import ReadOnlyAdmin
from kernel.templatetags.look import local, moment

DATE = forms.DateInput(attrs={"type": "date"})


class EndForm(ReasonForm):
    effective_on = forms.DateField(
        label=gettext_lazy("First day without it"),
        required=False,
        widget=DATE,
        help_text=gettext_lazy("Today, where you say nothing."),
    )


class EnforceForm(ReasonForm):
    from_at = forms.DateTimeField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("At once, where you say nothing."),
    )


class DataField(forms.JSONField):
    """JSON in a few lines, begun with brackets of its kind: whoever leaves it so takes what the profile has."""

    def __init__(self, *, kind: type, **kwargs: Any) -> None:
        super().__init__(initial=kind, required=False, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)


class IssuerForm(forms.Form):
    """An issuer as data. What is left empty is as the profile usually is."""

    profile = forms.ChoiceField(label=gettext_lazy("Profile"), choices=IssuerProfile.choices)
    code = forms.SlugField(
        label=pgettext_lazy("issuer", "Code"),
        max_length=40,
        help_text=gettext_lazy("Stands in addresses. It is never changed."),
    )
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=160)
    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=160)
    discovery_url = forms.URLField(
        label=gettext_lazy("Discovery document"),
        max_length=400,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"size": 60}),
    )
    iss = forms.URLField(
        label=gettext_lazy("Issuer (“iss”)"),
        max_length=400,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"size": 60}),
        help_text=gettext_lazy("Left empty, it is read from the discovery document."),
    )
    client_id = forms.CharField(label=gettext_lazy("Client ID"), max_length=120)
    scope = forms.CharField(label=gettext_lazy("Scope"), max_length=400, required=False)
    acr_values = forms.CharField(label=gettext_lazy("Levels asked for"), max_length=400, required=False)
    claim_map = DataField(label=gettext_lazy("Claim map"), kind=dict)
    level_map = DataField(label=gettext_lazy("Level map"), kind=dict)
    id_token_algs = DataField(label=gettext_lazy("Signature algorithms"), kind=list)
    id_token_enc = DataField(label=gettext_lazy("Encryption algorithms"), kind=list)
    assertion_key = forms.CharField(label=gettext_lazy("SM2 public key"), max_length=128, required=False)
    simulated = forms.BooleanField(label=gettext_lazy("Played by a program of ours"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, kind in (
            ("claim_map", dict),
            ("level_map", dict),
            ("id_token_algs", list),
            ("id_token_enc", list),
        ):
            value = given.get(name)
            texts = value.values() if isinstance(value, dict) else value or []
            if value and not (isinstance(value, kind) and all(isinstance(text, str) for text in texts)):
                self.add_error(name, _("An object of texts.") if kind is dict else _("A list of texts."))
        return given

    def details(self) -> IssuerDetails:
        given = dict(self.cleaned_data)
        given["iss"] = given["iss"] or iss_behind(given["discovery_url"])
        for name in ("claim_map", "level_map"):
            given[name] = given[name] or {}
        for name in ("id_token_algs", "id_token_enc"):
            given[name] = tuple(given[name] or ())
        return IssuerDetails(**given)


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


@admin.register(TrustFramework)
class TrustFrameworkAdmin(GovernedAdmin):
    named = (gettext_lazy("trust framework"), gettext_lazy("trust frameworks"))
    labels: ClassVar[dict[str, Any]] = {
        "code": gettext_lazy("code"),
        "state": gettext_lazy("state"),
    }
    list_display = ("code", "name_en", "jurisdiction", "regulator_en", "state")
    list_filter = ("jurisdiction", "state")
    actions = ("suspend", "reinstate")

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
class AssuranceLevelAdmin(ReadOnlyAdmin):
    named = (gettext_lazy("assurance level"), gettext_lazy("assurance levels"))
    labels: ClassVar[dict[str, Any]] = {
        "framework": gettext_lazy("trust framework"),
        "code": gettext_lazy("code"),
    }
    list_display = ("framework", "code", "rank", "name_en")
    list_filter = ("framework",)
    list_select_related = ("framework",)
    ordering = ("framework__code", "rank", "code")


@admin.register(Issuer)
class IssuerAdmin(GovernedAdmin):
    named = (gettext_lazy("issuer of identities"), gettext_lazy("issuers of identities"))
    labels: ClassVar[dict[str, Any]] = {
        "code": gettext_lazy("code"),
        "framework": gettext_lazy("trust framework"),
        "profile": gettext_lazy("profile"),
        "simulated": gettext_lazy("played by a program of ours"),
        "state": gettext_lazy("state"),
        "suspended_at": gettext_lazy("suspended"),
        "suspended_reason": gettext_lazy("reason"),
        "added_at": gettext_lazy("added"),
        "discovery_url": gettext_lazy("discovery document"),
        "client_id": gettext_lazy("client ID"),
        "scope": gettext_lazy("scope"),
        "acr_values": gettext_lazy("levels asked for"),
        "claim_map": gettext_lazy("claim map"),
        "level_map": gettext_lazy("level map"),
        "id_token_algs": gettext_lazy("signature algorithms"),
        "id_token_enc": gettext_lazy("encryption algorithms"),
        "subject_kind": gettext_lazy("vouches for"),
        "assertion_key": gettext_lazy("SM2 public key"),
    }
    list_display = ("code", "name_en", "framework", "profile", "simulated", "state", "suspended_at")
    list_filter = ("state", "framework")
    list_select_related = ("framework",)
    actions = ("suspend", "reinstate")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_govern_permission(request)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        form = IssuerForm(request.POST or None)
        return self.filled_page(
            request,
            form,
            lambda officer: services.add_issuer(actor=officer, details=form.details(), now=timezone.now()),
            _("Add an issuer of identities"),
            _("Added. It counts for nothing until a policy recognises it."),
        )

    @admin.action(description=gettext_lazy("Suspend…"), permissions=["govern"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Issuer]) -> HttpResponse | None:
        words = {
            "title": _("Suspend these issuers?"),
            "consequence": _("From now on nothing new rests on them. What was signed keeps its evidence."),
        }
        return self.decided(request, queryset, words, _suspend_issuer)

    @admin.action(description=gettext_lazy("Reinstate…"), permissions=["govern"])
    def reinstate(self, request: HttpRequest, queryset: QuerySet[Issuer]) -> HttpResponse | None:
        words = {
            "title": _("Reinstate these issuers?"),
            "consequence": _("They are recognised again as the policies of the day say."),
        }
        return self.decided(request, queryset, words, _reinstate_issuer)


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


@admin.register(PurposeRequirement)
class PurposeRequirementAdmin(GovernedAdmin):
    """What is laid down, and from when on acts ask for it: one officer drafts a change, another one decides it."""

    named = (gettext_lazy("requirement of an act"), gettext_lazy("requirements of acts"))
    labels: ClassVar[dict[str, Any]] = {
        "purpose": gettext_lazy("purpose"),
        "rank": gettext_lazy("rank needed"),
        "max_age_seconds": gettext_lazy("seconds since it was shown"),
        "two_persons": gettext_lazy("two persons"),
        "valid_from": gettext_lazy("holds from"),
    }
    list_display = ("purpose", "rank", "max_age_seconds", "two_persons", "valid_from", "asked", "source_en")
    list_filter = ("purpose",)
    ordering = ("rank", "purpose", "-valid_from")
    actions = ("enforce", "ease", "confirm")

    @admin.action(description=gettext_lazy("Ask for it…"), permissions=["govern"])
    def enforce(self, request: HttpRequest, queryset: QuerySet[PurposeRequirement]) -> HttpResponse | None:
        words = {
            "title": _("Ask for it at these acts?"),
            "consequence": _(
                "Once another officer confirms it, nobody does such an act from then on without having shown who they are. "
                "Everybody can read it on the page of recognised identities."
            ),
        }
        return self.decided(request, queryset, words, _enforce, form_of=EnforceForm)

    @admin.action(description=gettext_lazy("Ask no longer…"), permissions=["govern"])
    def ease(self, request: HttpRequest, queryset: QuerySet[PurposeRequirement]) -> HttpResponse | None:
        words = {
            "title": _("Ask for it no longer at these acts?"),
            "consequence": _("Once another officer confirms it, the role alone decides who does them."),
        }
        return self.decided(request, queryset, words, _ease)

    @admin.action(description=gettext_lazy("Confirm what a colleague drafted…"), permissions=["govern"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[PurposeRequirement]) -> HttpResponse | None:
        words = {
            "title": _("Confirm what was drafted for these acts?"),
            "consequence": _("It holds from its moment on, and everybody can read it."),
        }
        return self.decided(request, queryset, words, _confirm, form_of=None)

    @admin.display(description=gettext_lazy("asked for"))
    def asked(self, requirement: PurposeRequirement) -> str:
        now = timezone.now()
        draft = drafts_at(now).get(requirement.purpose)
        if draft is not None:
            what = _("to be asked for") if draft.asked else _("to be asked for no longer")
            return _("%(what)s: drafted by %(officer)s, another officer confirms it") % {
                "what": what,
                "officer": draft.officer.name,
            }
        asking = asking_at(now).get(requirement.purpose)
        if asking is not None and asking.since:
            return _("since %(moment)s") % {"moment": moment(asking.since)}
        if asking is not None and asking.next:
            return _("from %(moment)s") % {"moment": moment(asking.next)}
        return _("not yet")


def _is_over(policy: RecognitionPolicy, today: date) -> bool:
    return policy.valid_to is not None and policy.valid_to <= today


def _suspend_issuer(officer: Any, issuer: Issuer, given: dict[str, Any]) -> Any:
    return services.suspend_issuer(actor=officer, issuer=issuer, now=timezone.now(), **given)


def _reinstate_issuer(officer: Any, issuer: Issuer, given: dict[str, Any]) -> Any:
    return services.reinstate_issuer(actor=officer, issuer=issuer, now=timezone.now(), **given)


def _suspend_framework(officer: Any, framework: TrustFramework, given: dict[str, Any]) -> Any:
    return services.suspend_framework(actor=officer, framework=framework, now=timezone.now(), **given)


def _reinstate_framework(officer: Any, framework: TrustFramework, given: dict[str, Any]) -> Any:
    return services.reinstate_framework(actor=officer, framework=framework, now=timezone.now(), **given)


def _approve(officer: Any, policy: RecognitionPolicy, given: dict[str, Any]) -> Any:
    return services.approve_policy(actor=officer, policy=policy, now=timezone.now())


def _end(officer: Any, policy: RecognitionPolicy, given: dict[str, Any]) -> Any:
    return services.end_policy(actor=officer, policy=policy, now=timezone.now(), **given)


def _enforce(officer: Any, requirement: PurposeRequirement, given: dict[str, Any]) -> Any:
    return services.enforce_requirement(
        actor=officer, purpose=requirement.purpose, now=timezone.now(), **given
    )


def _confirm(officer: Any, requirement: PurposeRequirement, given: dict[str, Any]) -> Any:
    return services.confirm_requirement(actor=officer, purpose=requirement.purpose, now=timezone.now())


def _ease(officer: Any, requirement: PurposeRequirement, given: dict[str, Any]) -> Any:
    return services.ease_requirement(actor=officer, purpose=requirement.purpose, now=timezone.now(), **given)
