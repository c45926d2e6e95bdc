"""How officers decide at their desk: rows are read, and changed only by verbs, with a reason where one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity.actors import GOVERN, staff_actor
from kernel.admin import ReadOnlyAdmin
from kernel.errors import Forbidden, Refused
from kernel.refusals import about, add_to_form


class ReasonForm(forms.Form):
    """Why officers decide what they decide."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept with the decision."),
    )


class GovernedAdmin(ReadOnlyAdmin):
    """Read by those who may view, changed by verbs of those who govern recognition."""

    formfield_overrides: ClassVar[dict[Any, Any]] = {models.URLField: {"assume_scheme": "https"}}

    def has_govern_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(GOVERN))

    def filled_page(
        self,
        request: HttpRequest,
        form: forms.Form,
        verb: Callable[[Any], Any],
        title: str,
        done: Any,
        to: str = "",
    ) -> HttpResponse:
        """A form that makes a row by its verb, which is given who acts; then the page named `to`, or the list of such rows."""
        if not self.has_govern_permission(request):
            raise Forbidden
        changelist = to or f"admin:identity_{self.opts.model_name}_changelist"
        if form.is_valid():
            try:
                verb(staff_actor(request.user))  # type: ignore[arg-type]
            except Refused as refused:
                add_to_form(form, refused)
            else:
                messages.success(request, done)
                return redirect(changelist)
        shown = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "form": form}
        return TemplateResponse(request, "identity/operator/governed_add.html", shown)

    def decided(
        self,
        request: HttpRequest,
        chosen: QuerySet[Any],
        words: dict[str, str],
        verb: Callable[..., Any],
        form_of: type[forms.Form] | None = ReasonForm,
    ) -> HttpResponse | None:
        """First a page that asks for what the decision needs; sent with it, the verb for each chosen row."""
        form = None
        if form_of is not None:
            form = form_of(request.POST if "confirmed" in request.POST else None)
        if "confirmed" in request.POST and (form is None or form.is_valid()):
            given = form.cleaned_data if form is not None else {}
            for row in chosen:
                self._decide_one(request, row, verb, given)
            return None
        shown = {**self.admin_site.each_context(request), **words, "opts": self.opts}
        shown |= {"chosen": chosen, "form": form, "action": request.POST.get("action", "")}
        return TemplateResponse(request, "identity/operator/governed_decide.html", shown)

    def _decide_one(
        self, request: HttpRequest, row: Any, verb: Callable[..., Any], given: dict[str, Any]
    ) -> None:
        officer = staff_actor(request.user)  # type: ignore[arg-type]
        try:
            verb(officer, row, given)
        except Refused as refused:
            self.message_user(request, about(row, refused), messages.ERROR)
        else:
            self.message_user(request, about(row, _("recorded")), messages.SUCCESS)
