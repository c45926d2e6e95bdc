"""The shape of what people send."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from identity.actors import Member
from identity.models import Address, BankAccount, Claim, Company, Membership, User
from identity.rules import country_choices
from identity.services import AddressDetails, CompanyDetails
from identity.services.evidence import SUFFIXES
from identity.services.mandates import MANDATED
from identity.states import Role
from kernel.money import CURRENCIES

#: zones of places, without the historic aliases
TIME_ZONES = sorted(
    zone
    for zone in available_timezones()
    if zone.startswith(("Africa/", "America/", "Asia/", "Australia/", "Europe/", "Pacific/"))
)


def countries_to_choose() -> list[tuple[str, Any]]:
    """Countries in the reader's language, an empty choice first."""
    return [("", _("Choose")), *country_choices(translation.get_language() or "en")]


class SignupNameForm(forms.Form):
    """What sign-up asks besides e-mail and password."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth with the new user."""
        user.name = self.cleaned_data["name"]
        user.language = translation.get_language() or "en"
        user.save(update_fields=["name", "language"])


class CompanyForm(forms.ModelForm):
    """What a company says of itself."""

    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=[(code, code) for code in CURRENCIES],
        help_text=_("In which you usually buy and sell. Each order can use another one."),
    )

    class Meta:
        model = Company
        fields: tuple[str, ...] = (
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
        labels = {"buys": _("We buy on the hub"), "sells": _("We sell on the hub")}
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
        return CompanyDetails(**{name: self.cleaned_data[name] for name in self.Meta.fields})


class EditCompanyForm(CompanyForm):
    """The same for a company that is registered, with its time zone."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone) for zone in TIME_ZONES])

    class Meta(CompanyForm.Meta):
        fields = (*CompanyForm.Meta.fields, "time_zone")
        help_texts = {
            **CompanyForm.Meta.help_texts,
            "legal_name": _(
                "As it stands on the register. Another name ends the checks of the registration and of the bank "
                "accounts, and the accounts themselves."
            ),
        }


class NewCompanyForm(CompanyForm):
    """Registering: with country and number, which stay."""

    country = forms.ChoiceField(label=_("Country of registration"), choices=countries_to_choose)
    registration_number = forms.CharField(
        label=_("Registration number"),
        max_length=60,
        help_text=_(
            "Singapore: the UEN. China: the Unified Social Credit Code. Both are checked as you register; "
            "numbers of other registers are shown as not checked here."
        ),
    )
    field_order = ("country", "registration_number", "legal_name")


class RolesField(forms.TypedMultipleChoiceField):
    """Roles as check boxes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, **kwargs
        )


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    roles = RolesField(help_text=_("Owner includes all the others."))


class MandateForm(forms.Form):
    """Whom a company lets do what, up to how much and until when."""

    holder = forms.ChoiceField(label=_("Who"))
    act = forms.ChoiceField(
        label=pgettext_lazy("mandate", "May"), choices=[(act.value, act.label) for act in MANDATED]
    )
    ceiling = forms.DecimalField(
        label=_("Up to"),
        required=False,
        max_digits=15,
        decimal_places=2,
        min_value=0,
        help_text=_(
            "Each time. Left empty: any amount. Other currencies count by the stored rate of the day."
        ),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Left empty, it holds until you revoke it."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, members: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].choices = [  # type: ignore[attr-defined]
            (each.public_id, str(each.user)) for each in members if Role.OWNER not in each.roles
        ]

    def given(self) -> dict[str, Any]:
        """As `services.give_mandate` takes it."""
        said = self.cleaned_data
        ceiling, day = said["ceiling"], said["last_day"]
        return {
            "holder": said["holder"],
            "act": said["act"],
            "ceiling": ceiling,
            "currency": "" if ceiling is None else said["currency"],
            "valid_to": day and timezone.make_aware(datetime.combine(day, time(23, 59, 59))),
        }


class RolesForm(forms.Form):
    roles = RolesField(help_text=_("Owner includes all the others."))


class AddressForm(forms.ModelForm):
    country = forms.ChoiceField(label=_("Country"), choices=countries_to_choose)

    class Meta:
        model = Address
        fields = (
            "label",
            "contact_name",
            "phone",
            "lines_en",
            "lines_zh",
            "city",
            "postal_code",
            "country",
            "for_shipping",
            "for_billing",
        )
        widgets = {
            "lines_en": forms.Textarea(attrs={"rows": 3, "lang": "en"}),
            "lines_zh": forms.Textarea(attrs={"rows": 3, "lang": "zh-Hans"}),
        }
        help_texts = {
            "lines_en": _("As on an envelope, the most specific line first. English papers print this form."),
            "lines_zh": _("As on an envelope in China, province first. Chinese papers print this form."),
        }

    def details(self) -> AddressDetails:
        return AddressDetails(**{name: self.cleaned_data[name] for name in self.Meta.fields})

    def _post_clean(self) -> None:
        """The verb checks the address as a whole; the form holds only its shape."""


class BankAccountForm(forms.ModelForm):
    class Meta:
        model = BankAccount
        fields = ("beneficiary", "bank_name", "bic", "account_number")
        help_texts = {"bic": _("8 or 11 characters.")}
        widgets = {
            "bic": forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
            "account_number": forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
        }


class ClaimForm(forms.ModelForm):
    evidence = forms.FileField(
        label=_("Evidence"),
        help_text=_(
            "One PDF, PNG or JPEG file of up to 5 MB. Only the programme's officers and your company read it."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES.values())}),
    )

    class Meta:
        model = Claim
        fields = ("statement", "evidence")
        widgets = {"statement": forms.Textarea(attrs={"rows": 3})}


class TokenForm(forms.Form):
    """A token can hold no more roles than its maker."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What uses it, e.g. “ERP export, warehouse 2”.")
    )
    roles = RolesField()
    expires_on = forms.DateField(
        label=_("Expires on"),
        help_text=_("At the end of that day; at most a year from now."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, maker: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [(role.value, role.label) for role in Role if maker.may(role)]
        self.fields["roles"].choices = held  # type: ignore[attr-defined]

    def expires_at(self) -> datetime:
        day = self.cleaned_data["expires_on"]
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
