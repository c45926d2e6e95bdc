"""The shape of what people send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from identity.models import Company, User
from identity.rules import country_choices
from identity.services import CompanyDetails
from kernel.money import CURRENCIES


def countries_to_choose() -> list[tuple[str, Any]]:
    """Countries in the reader's language, an empty choice first."""
    return [("", _("Choose")), *country_choices(translation.get_language() or "en")]


class SignupNameForm(forms.Form):
    """What sign-up asks besides e-mail and password."""

    name = forms.CharField(label=_("Your name"), max_length=120)

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth with the new user."""
        user.name = self.cleaned_data["name"]
        user.language = translation.get_language() or "en"
        user.save(update_fields=["name", "language"])


class CompanyForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a company says of itself."""

    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=[(code, code) for code in CURRENCIES],
        help_text=_("In which you usually buy and sell. Each order can use another one."),
    )

    class Meta:
        model = Company
        fields = (
            "legal_name",
            "name_en",
            "name_zh",
            "city",
            "currency",
            "buys",
            "sells",
            "profile_en",
            "profile_zh",
        )
        labels = {
            "buys": _("We buy on the hub"),
            "sells": _("We sell on the hub"),
        }
        help_texts = {
            "legal_name": _("As it stands on the register, in the language of the register."),
            "name_en": _("For readers of English, where the registered name is another."),
            "name_zh": _("For readers of Chinese, where the registered name is another."),
        }
        widgets = {
            "profile_en": forms.Textarea(attrs={"rows": 4}),
            "profile_zh": forms.Textarea(attrs={"rows": 4}),
        }

    def details(self) -> CompanyDetails:
        data = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return CompanyDetails(**data, time_zone=self.instance.time_zone if self.instance.pk else "")


class NewCompanyForm(CompanyForm):
    """Registering: with country and number, which stay."""

    country = forms.ChoiceField(label=_("Country of registration"), choices=countries_to_choose)
    registration_number = forms.CharField(
        label=_("Registration number"),
        max_length=40,
        help_text=_("Singapore: the UEN. China: the Unified Social Credit Code. Both are checked."),
    )
    field_order = ("country", "registration_number", "legal_name")
