"""The shape of what people send about offers of money."""

from __future__ import annotations

import secrets

from django import forms
from django.utils.translation import gettext_lazy as _

from financing.queries import Filters
from financing.states import Ask, OfferState


class AcceptForm(forms.Form):
    """The confirm step: the figure that was seen, and a key so that pressing twice accepts once."""

    key = forms.CharField(max_length=200, widget=forms.HiddenInput)
    net_seen = forms.DecimalField(max_digits=19, decimal_places=4, widget=forms.HiddenInput)
    sure = forms.BooleanField(
        label=_("I act for the company, and the invoice is assigned to the bank until it is repaid.")
    )

    @staticmethod
    def new_key() -> str:
        return secrets.token_urlsafe(18)


class ActForm(forms.Form):
    """What the officer has the bank do."""

    ask = forms.ChoiceField(choices=[(ask.value, ask.label) for ask in Ask])


class PreferenceForm(forms.Form):
    wants_offers = forms.BooleanField(
        label=_("Ask banks when an invoice on credit is issued"), required=False
    )


class FilterForm(forms.Form):
    state = forms.ChoiceField(choices=OfferState.choices, required=False)
    q = forms.CharField(max_length=80, required=False)
    after = forms.CharField(max_length=60, required=False)

    def filters(self) -> Filters:
        """What is not understood narrows nothing."""
        return Filters(state=self._said("state"), words=self._said("q"))

    def cursor(self) -> str:
        return self._said("after")

    def _said(self, name: str) -> str:
        return str(self.cleaned_data.get(name, "")) if self.is_valid() or name in self.cleaned_data else ""
