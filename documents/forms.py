"""The shape of what a seller sends to correct a paper."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.services import Correction


class CorrectionForm(forms.Form):
    reason = forms.CharField(
        label=_("What is corrected"), max_length=200, help_text=_("Printed on the new version")
    )
    po_number = forms.CharField(label=_("Buyer’s purchase order number"), max_length=60, required=False)
    remarks = forms.CharField(
        label=_("Remarks"),
        max_length=1000,
        required=False,
        help_text=_("Printed under the table, e.g. a licence or letter of credit number"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def correction(self) -> Correction:
        return Correction(**self.cleaned_data)
