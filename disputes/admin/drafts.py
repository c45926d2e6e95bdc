"""The shape of what officials send: whom to ask, disclosures, sessions, and terms in two columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from disputes.models import Case, Terms
from disputes.rules.clauses import Pair, Payment
from disputes.states import SessionMode, Zone

#: rows of the form; what is left empty counts as not there
CLAUSES, PAYMENTS = 12, 6
MOST_WORDS = 4000


class AskForm(forms.Form):
    mediator = forms.CharField(label=_("Mediator"), max_length=40)


class DisclosureForm(forms.Form):
    disclosure = forms.CharField(label=_("Disclosure"), max_length=4000)


class SessionForm(forms.Form):
    session = forms.CharField(max_length=40, required=False)
    zone = forms.ChoiceField(
        label=_("With"),
        choices=[(zone.value, zone.label) for zone in (Zone.JOINT, Zone.CAUCUS_A, Zone.CAUCUS_B)],
    )
    mode = forms.ChoiceField(label=_("How"), choices=SessionMode.choices)
    starts_at = forms.DateTimeField(label=_("Begins"), input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=720)
    place = forms.CharField(label=_("Where"), max_length=200)


class CancelForm(forms.Form):
    session = forms.CharField(max_length=40)


@dataclass(frozen=True)
class Draft:
    """What the form shows: rows of clauses and payments."""

    clauses: list[dict[str, str]]
    payments: list[dict[str, str]]
    governing: str


class TermsForm(forms.Form):
    """Clauses `en-1`, `zh-1`, …; payments `payer-1`, `amount-1`, `due-1`, …"""

    governing = forms.CharField(max_length=8)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return {
            "clauses": self._clauses(),
            "payments": self._payments(),
            "governing": data.get("governing", ""),
        }

    def _clauses(self) -> list[Pair]:
        rows = [
            Pair(self.data.get(f"en-{n}", "")[:MOST_WORDS], self.data.get(f"zh-{n}", "")[:MOST_WORDS])
            for n in range(1, CLAUSES + 1)
        ]
        return [pair for pair in rows if pair.en.strip() or pair.zh.strip()]

    def _payments(self) -> list[Payment]:
        found = []
        for n in range(1, PAYMENTS + 1):
            amount, due = (self.data.get(f"{name}-{n}", "").strip()[:30] for name in ("amount", "due"))
            if not amount and not due:
                continue
            try:
                found.append(
                    Payment(
                        payer=self.data.get(f"payer-{n}", "")[:1],
                        amount=Decimal(amount.replace(",", "")),
                        currency=self.data.get("currency", "")[:3],
                        due_on=date.fromisoformat(due),
                    )
                )
            except (InvalidOperation, ValueError) as error:
                raise forms.ValidationError(
                    _("Payment %(number)s: give an amount and a day."), params={"number": n}
                ) from error
        return found


def draft_of(terms: Terms | None, case: Case, sent: Mapping[str, str] | None) -> Draft:
    """The rows to show: what was sent and refused, else the standing text, and empty rows below."""
    if sent is not None:
        clauses = [
            {"en": sent.get(f"en-{n}", ""), "zh": sent.get(f"zh-{n}", "")} for n in range(1, CLAUSES + 1)
        ]
        payments = [
            {name: sent.get(f"{name}-{n}", "") for name in ("payer", "amount", "due")}
            for n in range(1, PAYMENTS + 1)
        ]
        return Draft(clauses, payments, sent.get("governing", "en"))
    clauses, payments, governing = [], [], "en"
    if terms is not None:
        governing = terms.governing_language
        clauses = [{"en": each.text_en, "zh": each.text_zh} for each in terms.clauses.all()]
        payments = [
            {"payer": each.payer, "amount": f"{each.amount:.2f}", "due": each.due_on.isoformat()}
            for each in terms.instalments.all()
        ]
    clauses += [{"en": "", "zh": ""}] * (CLAUSES - len(clauses))
    payments += [{"payer": "b", "amount": "", "due": ""}] * (PAYMENTS - len(payments))
    return Draft(clauses[:CLAUSES], payments[:PAYMENTS], governing)
