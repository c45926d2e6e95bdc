"""Officers add and suspend issuers of identities."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from identity import services
from identity.admin.governed import GovernedAdmin
from identity.models import Issuer, TrustFramework
from identity.services.discovering import iss_behind
from identity.services.issuers import IssuerDetails
from identity.states import IssuerProfile


class DataField(forms.JSONField):
    """JSON in a few lines, begun with brackets of its kind: whoever leaves it so takes what the profile has."""

    def __init__(self, *, kind: type, **kwargs: Any) -> None:
        super().__init__(initial=kind, required=False, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)


class IssuerForm(forms.Form):
    """An issuer as data. What is left empty is as the profile usually is."""

    profile = forms.ChoiceField(label=gettext_lazy("Profile"), choices=IssuerProfile.choices)
    framework = forms.ModelChoiceField(
        label=gettext_lazy("Trust framework"),
        queryset=TrustFramework.objects.order_by("code"),
        to_field_name="code",
        required=False,
        help_text=gettext_lazy("Left empty, it is that of the profile."),
    )
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
        given["framework"] = given["framework"].code if given["framework"] else ""
        given["iss"] = given["iss"] or iss_behind(given["discovery_url"])
        for name in ("claim_map", "level_map"):
            given[name] = given[name] or {}
        for name in ("id_token_algs", "id_token_enc"):
            given[name] = tuple(given[name] or ())
        return IssuerDetails(**given)


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
        "keys_from": gettext_lazy("keys read anew since"),
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


def _suspend_issuer(officer: Any, issuer: Issuer, given: dict[str, Any]) -> Any:
    return services.suspend_issuer(actor=officer, issuer=issuer, now=timezone.now(), **given)


def _reinstate_issuer(officer: Any, issuer: Issuer, given: dict[str, Any]) -> Any:
    return services.reinstate_issuer(actor=officer, issuer=issuer, now=timezone.now(), **given)
