"""From when on acts ask for what is laid down: one officer drafts a change, another one decides it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity import services
from identity.admin.governed import GovernedAdmin, ReasonForm
from identity.models import (
    PurposeRequirement,
)
from identity.queries.enforcement import asking_at, drafts_at
from kernel.templatetags.look import moment


class EnforceForm(ReasonForm):
    from_at = forms.DateTimeField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("At once, where you say nothing."),
    )


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


def _enforce(officer: Any, requirement: PurposeRequirement, given: dict[str, Any]) -> Any:
    return services.enforce_requirement(
        actor=officer, purpose=requirement.purpose, now=timezone.now(), **given
    )


def _confirm(officer: Any, requirement: PurposeRequirement, given: dict[str, Any]) -> Any:
    return services.confirm_requirement(actor=officer, purpose=requirement.purpose, now=timezone.now())


def _ease(officer: Any, requirement: PurposeRequirement, given: dict[str, Any]) -> Any:
    return services.ease_requirement(actor=officer, purpose=requirement.purpose, now=timezone.now(), **given)
