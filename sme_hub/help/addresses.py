"""Where a guide's links lead: to the reader's own workspace where they have one, else to the way in."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from identity.actors import Member

#: stands in for a company when a test asks whether such a page exists
NOBODY = "nobody"


class UnknownAddress(ValueError):
    """A guide names a page, guide or word that is not there."""


def address_for(actor: object) -> Addresses:
    return Addresses(actor.company.slug if isinstance(actor, Member) else "")


class Addresses:
    """Called with `page:orders`, `guide:answer-an-order`, `word:hs-code` or a plain address within the site."""

    def __init__(self, company: str) -> None:
        self._company = company

    def __call__(self, named: str) -> str:
        kind, _, name = named.partition(":")
        match kind:
            case "page":
                return self._page(name)
            case "guide":
                return reverse("help_guide", args=[name])
            case "word":
                return f"{reverse('help_glossary')}#{name}"
        return named

    def _page(self, name: str) -> str:
        """A page of a workspace for its member; others begin at the desk, which asks them to sign in."""
        try:
            return reverse(name)
        except NoReverseMatch:
            try:
                own = reverse(name, kwargs={"company": self._company or NOBODY})
            except NoReverseMatch as error:
                raise UnknownAddress(name) from error
            return own if self._company else reverse("desk")
