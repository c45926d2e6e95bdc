"""Ordering by SKU, for those who know what they want."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from catalog.queries.saved import saved_sellers
from identity.acting import CompanyRequest, for_company
from identity.actors import Member
from identity.states import Role
from kernel.errors import NotFound, Refused
from kernel.refusals import add_to_form
from orders import services
from orders.queries import year_of


class QuickForm(forms.Form):
    """A seller that the company knows, and lines."""

    seller = forms.CharField(label=_("Seller"), max_length=60)
    lines = forms.CharField(
        label=_("SKU and quantity, a line each"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10, "class": "mono", "placeholder": "GLV-0001, 200"}),
        help_text=_("Pasted from a spreadsheet or typed; parted by a comma, a tab or a space."),
    )

    def __init__(self, *args: Any, sellers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seller"].widget = forms.Select(choices=sellers)


@require_http_methods(["GET", "HEAD", "POST"])
@for_company(Role.BUYER)
def quick_order(request: CompanyRequest) -> HttpResponse:
    """Lines of one seller, pasted; each bad one is named, and nothing typed is lost."""
    chosen = request.GET.get("seller", "")[:60]
    sellers = _sellers(request.actor, chosen)
    form = QuickForm(request.POST or None, sellers=sellers, initial={"seller": chosen})
    if request.method == "POST" and form.is_valid():
        try:
            count = services.put_in_by_sku(
                actor=request.actor,
                seller=form.cleaned_data["seller"],
                text=form.cleaned_data["lines"],
                now=timezone.now(),
            )
        except NotFound:
            form.add_error("seller", _("There is no such seller."))
        except Refused as refused:
            add_to_form(form, refused)
        else:
            told = ngettext("%(count)d product is in the cart.", "%(count)d products are in the cart.", count)
            messages.success(request, told % {"count": count})
            return redirect("cart", company=request.actor.company.slug)
    return render(request, "orders/quick_order.html", {"form": form, "sellers": sellers})


def _sellers(actor: Member, chosen: str) -> list[tuple[str, str]]:
    """Kept sellers, those most ordered from, and the one that the page was asked for."""
    language = get_language() or "en"
    known = {
        favourite.seller.slug: favourite.seller.name_in(language)
        for favourite in saved_sellers(actor).rows
        if favourite.seller
    }
    for party in year_of(actor).buying.named("parties"):
        legal, english, chinese = party["names"]
        name = (chinese or english) if language.startswith("zh") else (english or chinese)
        known.setdefault(party["slug"], name or legal)
    if chosen:
        known.setdefault(chosen, chosen)
    return list(known.items())
