"""Every component with its states on one page, for whoever builds or checks the look. Served in development only."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"), help_text=_("As it stands on the register."))
    price = forms.DecimalField(label=_("Unit price"))
    kind = forms.ChoiceField(label=_("Unit"), choices=[("H87", "H87"), ("XCT", "XCT")])
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    way = forms.ChoiceField(
        label=_("Appearance"), choices=[("a", _("Light")), ("b", _("Dark"))], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label=_("Agreed"), required=False)
    file = forms.FileField(label=_("File"), required=False, help_text="CSV, XLSX; 10 MB")


def style_guide(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Saved. 已保存。")
    messages.error(request, "Refused. 已拒绝。")
    return render(request, "style_guide/index.html", _samples())


def _samples() -> dict[str, Any]:
    now = timezone.now()
    sent = SampleForm({"name": "", "price": "x", "kind": "H87", "way": "a"})
    sent.is_valid()
    return {
        "form": SampleForm(),
        "sent": sent,
        "deadline": now + timedelta(hours=40),
        "tones": ["success", "warning", "danger", "info", "brand"],
        "swatches": [
            "paper",
            "surface",
            "sunken",
            "ink",
            "brand",
            "accent",
            "success",
            "warning",
            "danger",
            "info",
        ],
        "amount": Decimal("1234.5"),
        "piece": Decimal("0.0185"),
        "facets": [
            {
                "name": "seller",
                "title": "Seller 卖家",
                "kind": "check",
                "options": [("a", "Tuas Fasteners", 42, True), ("b", "裕廊化工", "1,000+", False)],
            },
            {
                "title": "Price 价格",
                "kind": "range",
                "low_name": "min",
                "high_name": "max",
                "low": "1",
                "unit": "S$",
            },
        ],
        "chips": [("Tuas Fasteners", "?"), ("S$1–", "?")],
        "trail": [("SME Hub", "/"), ("Orders 订单", "/")],
        "entries": [
            {
                "text": "Order confirmed 订单已确认",
                "at": now,
                "by": "Alice",
                "tone": "success",
                "icon_name": "check",
            },
            {"text": "Order placed 已下单", "at": now - timedelta(days=1), "by": "Bo", "note": "PO 7731"},
        ],
        "address": ["Bo’s Works", "12 Tuas Ave 3", "Singapore 639405"],
        "products": [_product(number) for number in range(6)],
    }


def _product(number: int) -> dict[str, Any]:
    return {
        "name": f"Hex bolt, stainless A4-70, M{6 + 2 * number} × {20 + 5 * number} mm, DIN 933, box of 100",
        "other": f"六角头螺栓 不锈钢 A4-70 M{6 + 2 * number}×{20 + 5 * number}",
        "seller": "Tuas Fasteners Pte. Ltd.",
        "low": Decimal("0.0850") * (number + 1),
        "high": Decimal("0.1425") * (number + 1),
        "moq": 100 * (number + 1),
        "stock": number != 2,
    }
