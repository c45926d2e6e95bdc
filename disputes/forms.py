"""The shape of what people send about cases. What is possible is for the verbs to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disputes.rules.consents import CODES
from disputes.services import ClaimMade
from disputes.states import ClaimKind, Remedy, Zone
from kernel.ids import new_uuid


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, as (content, name); the verb says how many and of what kind."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FilesInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}))
        super().__init__(required=False, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        files: list[UploadedFile] = [
            each for each in (data if isinstance(data, list | tuple) else [data]) if each
        ]
        return [(each, (each.name or "")[:200]) for each in files]


_FILES = _("PDF, PNG or JPEG, up to 5 MB each.")


class OpenForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is it about"), choices=ClaimKind.choices)
    amount = forms.DecimalField(label=_("Amount claimed"), max_digits=19, decimal_places=2)
    remedy = forms.ChoiceField(label=_("What do you ask for"), choices=Remedy.choices)
    statement = forms.CharField(
        label=pgettext_lazy("as the claimant tells it", "What happened"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "The other party, the office and the mediator read this. Say when, what, and how you know."
        ),
    )
    files = FilesField(label=_("Files"), help_text=_FILES)  # type: ignore[assignment]  # a field, as forms declare them
    urgent = forms.BooleanField(label=_("It is urgent: mediation may be requested at once"), required=False)
    key = forms.CharField(max_length=200, widget=forms.HiddenInput)

    def claim(self) -> ClaimMade:
        wanted = ("kind", "amount", "remedy", "statement", "urgent")
        return ClaimMade(**{name: self.cleaned_data[name] for name in wanted})


class NoForm(forms.Form):
    """A button."""


class RequestForm(forms.Form):
    urgent = forms.BooleanField(required=False)


class AnswerForm(forms.Form):
    takes_part = forms.TypedChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("We take part in the mediation")), ("no", _("We decline"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("In your words"), max_length=6000, widget=forms.Textarea(attrs={"rows": 6})
    )
    files = FilesField(label=_("Files"), help_text=_FILES)  # type: ignore[assignment]  # a field, as forms declare them


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500)


class ConsentForm(forms.Form):
    text_seen = forms.CharField(max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in CODES:
            self.fields[code] = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        ticks = [code for code in CODES if data.get(code)]
        return {"text_seen": data.get("text_seen", ""), "ticks": ticks}


class MessageForm(forms.Form):
    zone = forms.ChoiceField(choices=Zone.choices)
    meant_for = forms.CharField(max_length=10)
    words = forms.CharField(label=_("Message"), max_length=6000, required=False)
    phrases = forms.CharField(max_length=40, required=False)
    files = FilesField(label=_("Files"), help_text=_FILES)  # type: ignore[assignment]  # a field, as forms declare them
    key = forms.CharField(max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        sent = self.data.getlist("phrases") if hasattr(self.data, "getlist") else []
        return data | {"phrases": sent[:20], "key": data.get("key") or new_uuid().hex}


class SignForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120)
    text_seen = forms.CharField(max_length=64)


class FilingForm(forms.Form):
    manifest_seen = forms.CharField(max_length=64)


class ReceiveForm(forms.Form):
    number = forms.IntegerField(min_value=1, max_value=999)
    received_on = forms.DateField(label=_("Received on"))


class FilterForm(forms.Form):
    """The list's address; what is unknown counts as not given."""

    show = forms.CharField(max_length=10, required=False)
    q = forms.CharField(max_length=80, required=False)
    after = forms.CharField(max_length=40, required=False)
