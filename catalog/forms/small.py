"""Short forms of the seller's workspace: filters, a stock count, pictures, data sheets, an import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.queries.listings import SORTS, Wanted
from catalog.services import SheetDetails
from catalog.states import SheetKind

SORT_WORDS = {
    "changed": _("Last changed"),
    "newest": _("Newest"),
    "sku": _("SKU"),
    "stock": _("Least stock"),
}


class TableForm(forms.Form):
    """What the table of listings is asked for; anything unknown counts as not asked."""

    q = forms.CharField(required=False, max_length=100)
    state = forms.CharField(required=False, max_length=10)
    category = forms.CharField(required=False, max_length=60)
    stock = forms.ChoiceField(required=False, choices=[("", _("All")), ("none", _("Out of stock"))])
    sort = forms.ChoiceField(required=False, choices=[(name, SORT_WORDS[name]) for name in SORTS])
    after = forms.CharField(required=False, max_length=400)
    before = forms.CharField(required=False, max_length=400)

    def wanted(self) -> Wanted:
        self.is_valid()
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value})


class CountForm(forms.Form):
    """A stock count."""

    counted = forms.CharField(
        label=_("Counted"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Its value is a list of files."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        one = super().clean
        return [one(file, initial) for file in data] if data else [one(None, initial)]


class PicturesForm(forms.Form):
    """One or several pictures."""

    file = ManyFilesField(
        label=_("Pictures"),
        widget=ManyFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG or WebP, up to 8 MB each."),
    )


class SheetForm(forms.Form):
    """A data sheet."""

    kind = forms.ChoiceField(label=_("Kind"), choices=SheetKind.choices)
    title = forms.CharField(label=_("Title"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    expires_on = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    file = forms.FileField(
        label=_("PDF file"),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        help_text=_("Up to 10 MB."),
    )

    def details(self) -> SheetDetails:
        data: dict[str, Any] = self.cleaned_data
        return SheetDetails(
            kind=data["kind"], title=data["title"], language=data["language"], expires_on=data["expires_on"]
        )


class ImportForm(forms.Form):
    """A file of listings."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
        help_text=_("CSV (UTF-8 or GBK) or XLSX, up to 10 MB and 20,000 rows."),
        allow_empty_file=True,
    )
    dry_run = forms.BooleanField(label=_("Dry run: check every row and save nothing"), required=False)
