"""Facets, chips and addresses of a search, as the list's frame shows them."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.utils.translation import get_language, gettext

from catalog.queries import Facets, Place, category_tree
from catalog.rules.bands import MOQ_STEPS, PRICE_BANDS
from catalog.rules.wanted import Sort, Wanted
from kernel.templatetags.look import format_amount, quantity
from tariffs.rules.countries import country_name

#: options shown per facet
SHOWN = 12

Option = tuple[Any, ...]
Parameters = list[tuple[str, str]]


class Filters:
    """The filters of one search, and the addresses that change one of them."""

    def __init__(
        self,
        wanted: Wanted,
        facets: Facets,
        *,
        explicit_currency: bool,
        view: str = "",
        of_seller: bool = False,
    ) -> None:
        self.wanted, self.found = wanted, facets
        self.explicit_currency = explicit_currency
        #: the address itself names the seller, so that it is no filter
        self.of_seller = of_seller
        self.language = get_language() or "en"
        on = parameters(wanted, explicit_currency, view)
        self.on: Parameters = [pair for pair in on if not (of_seller and pair[0] == "seller")]

    @cached_property
    def _said(self) -> list[tuple[str, str]]:
        """Each parameter that is on, by name, as an address says it: written once for thirty addresses."""
        return [(name, urlencode([(name, value)])) for name, value in self.on]

    # addresses

    def with_(self, **changes: str | None) -> str:
        """This search with parameters set, or removed where None, from its first page on."""
        kept = [said for name, said in self._said if name not in changes]
        return "?" + "&".join(
            [*kept, *(f"{name}={quote_plus(value)}" for name, value in changes.items() if value)]
        )

    def without(self, name: str, value: str) -> str:
        return "?" + urlencode([pair for pair in self.on if pair != (name, value)])

    @property
    def count_on(self) -> int:
        """How many filters narrow the list."""
        return self.wanted.filters_on - self.of_seller

    @property
    def kept(self) -> Parameters:
        """What the form of filters sends along besides its own fields."""
        own = {"min", "max", "seller", "origin", "in_stock"}
        kept = [(name, value) for name, value in self.on if name not in own and name != "currency"]
        return [*kept, ("currency", self.wanted.currency)]

    # facets

    def facets(self) -> list[dict[str, Any]]:
        offered = (
            self._categories(),
            self._prices(),
            self._bands(),
            self._moqs(),
            self._stock(),
            {} if self.of_seller else self._sellers(),
            self._origins(),
        )
        return [facet for facet in offered if facet]

    def count(self, number: int, facet: str = "") -> str:
        """`12`, or `12+` where not every match was counted."""
        return f"{number:,}+" if self.found.bounded or facet in self.found.at_least else f"{number:,}"

    def _categories(self) -> dict[str, Any]:
        tree, counts = category_tree(), self.found.categories
        chosen = tree.by_code.get(self.wanted.category)
        level = tree.families if chosen is None else chosen.family.children
        shown = sorted(
            (place for place in level if counts.get(place.pk)), key=lambda place: -counts[place.pk]
        )
        options: list[Option] = []
        if chosen is not None:
            options.append((self.with_(category=None), gettext("All families"), "", False))
            options.append(self._category(chosen.family, chosen is chosen.family))
        options += [self._category(place, place is chosen) for place in shown[:SHOWN]]
        return {"title": gettext("Category"), "kind": "links", "options": options} if options else {}

    def _category(self, place: Place, current: bool) -> Option:
        count = self.found.categories.get(place.pk, 0)
        url = self.with_(category=place.code)
        return (
            url,
            place.name_in(self.language),
            self.count(count, "" if current else "categories") if count else "",
            current,
        )

    def _prices(self) -> dict[str, Any]:
        return {
            "title": gettext("Unit price, %(currency)s") % {"currency": self.wanted.currency},
            "kind": "range",
            "low_name": "min",
            "low": _plain(self.wanted.low),
            "high_name": "max",
            "high": _plain(self.wanted.high),
            "unit": self.wanted.currency,
        }

    def _bands(self) -> dict[str, Any]:
        limits = PRICE_BANDS[self.wanted.currency]
        options = []
        for band, count in sorted(self.found.prices.items()):
            low = limits[band - 1] if band else None
            high = limits[band] if band < len(limits) else None
            url = self.with_(
                min=None if low is None else str(low),
                max=None if high is None else str(high),
                currency=self.wanted.currency,
            )
            options.append((url, self._price_words(low, high), self.count(count), False))
        narrow = len(options) > 1
        return {"title": gettext("Price bands"), "kind": "links", "options": options} if narrow else {}

    def _moqs(self) -> dict[str, Any]:
        chosen = self.wanted.moq
        options = [
            (
                self.with_(moq=None if chosen == step else str(step)),
                gettext("At most %(quantity)s") % {"quantity": quantity(step)},
                self.count(self.found.moqs.get(step, 0)),
                chosen == step,
            )
            for step in MOQ_STEPS
            if self.found.moqs.get(step)
        ]
        return {"title": gettext("Minimum order"), "kind": "links", "options": options} if options else {}

    def _stock(self) -> dict[str, Any]:
        if not (self.found.in_stock or self.wanted.in_stock):
            return {}
        option = ("1", gettext("In stock"), self.count(self.found.in_stock), self.wanted.in_stock)
        return {"name": "in_stock", "title": gettext("Stock"), "kind": "check", "options": [option]}

    def _sellers(self) -> dict[str, Any]:
        """What is chosen comes first: a box that is left out would be taken as unticked."""
        chosen = self.wanted.sellers
        most = max(SHOWN, len(chosen))
        options = [
            (
                seller.slug,
                self._seller_name(seller),
                self.count(seller.products, "" if seller.slug in chosen else "sellers"),
                seller.slug in chosen,
            )
            for seller in sorted(self.found.sellers, key=lambda seller: seller.slug not in chosen)[:most]
        ]
        return (
            {"name": "seller", "title": gettext("Seller"), "kind": "check", "options": options}
            if options
            else {}
        )

    def _seller_name(self, seller: Any) -> str:
        first = seller.name_zh if self.language.startswith("zh") else seller.name_en
        return first or seller.name_en or seller.name_zh or seller.legal_name

    def _origins(self) -> dict[str, Any]:
        chosen = self.wanted.origins
        ranked = sorted(self.found.origins.items(), key=lambda item: (item[0] not in chosen, -item[1]))
        options = [
            (
                code,
                country_name(code, self.language),
                self.count(count, "" if code in chosen else "origins"),
                code in chosen,
            )
            for code, count in ranked[: max(SHOWN, len(chosen))]
        ]
        return (
            {"name": "origin", "title": gettext("Origin"), "kind": "check", "options": options}
            if options
            else {}
        )

    # chips

    def chips(self) -> list[tuple[str, str]]:
        """What is on, each with the address without it."""
        wanted, chips = self.wanted, []
        place = category_tree().by_code.get(wanted.category)
        if wanted.category:
            label = place.name_in(self.language) if place else wanted.category
            chips.append((label, self.with_(category=None)))
        names = {seller.slug: self._seller_name(seller) for seller in self.found.sellers}
        if not self.of_seller:
            chips += [(names.get(slug, slug), self.without("seller", slug)) for slug in wanted.sellers]
        if wanted.low is not None or wanted.high is not None:
            chips.append((self._price_words(wanted.low, wanted.high), self._without_limits()))
        if wanted.moq is not None:
            label = gettext("MOQ at most %(quantity)s") % {"quantity": quantity(wanted.moq)}
            chips.append((label, self.with_(moq=None)))
        if wanted.in_stock:
            chips.append((gettext("In stock"), self.with_(in_stock=None)))
        chips += [
            (country_name(code, self.language), self.without("origin", code)) for code in wanted.origins
        ]
        return chips

    def _without_limits(self) -> str:
        """The currency goes with the limits, unless the address named it for its own sake."""
        if self.explicit_currency:
            return self.with_(min=None, max=None)
        return self.with_(min=None, max=None, currency=None)

    def clear_url(self) -> str:
        return "?" + urlencode([pair for pair in self.on if pair[0] in ("q", "sort", "view")])

    def _price_words(self, low: Decimal | int | None, high: Decimal | int | None) -> str:
        shown = [None if end is None else _money(end, self.wanted.currency) for end in (low, high)]
        if shown[0] is None:
            return gettext("up to %(price)s") % {"price": shown[1]}
        if shown[1] is None:
            return gettext("from %(price)s") % {"price": shown[0]}
        return f"{shown[0]}–{shown[1]}"


def parameters(wanted: Wanted, explicit_currency: bool, view: str) -> Parameters:
    limits = wanted.low is not None or wanted.high is not None
    pairs: Parameters = [
        ("q", wanted.q),
        ("category", wanted.category),
        *(("seller", slug) for slug in wanted.sellers),
        ("min", _plain(wanted.low)),
        ("max", _plain(wanted.high)),
        ("currency", wanted.currency if explicit_currency or limits else ""),
        ("moq", _plain(wanted.moq)),
        *(("origin", code) for code in wanted.origins),
        ("in_stock", "1" if wanted.in_stock else ""),
        ("sort", "" if wanted.sort is Sort.RELEVANCE else str(wanted.sort)),
        ("view", view),
    ]
    return [(name, value) for name, value in pairs if value]


def _plain(number: Decimal | None) -> str:
    return "" if number is None else quantity(number).replace(",", "")


def _money(amount: Decimal | int, currency: str) -> str:
    number = Decimal(amount)
    return format_amount(number, currency, decimals=0 if number == number.to_integral_value() else 2)
