"""Keeping products, sellers and searches to come back to. Any member keeps for the company."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import Favourite, Product, SavedSearch
from identity.actors import Actor, Member
from identity.queries import public_company
from kernel.errors import Conflict, Forbidden, NotFound, Refused

MOST_FAVOURITES, MOST_SEARCHES = 500, 50
LONGEST_NAME, LONGEST_QUERY = 80, 1500


class TooManySaved(Refused):
    code = "saved.too_many"
    message = _("Your company keeps %(most)d of these already. Remove one first.")


class NothingToSave(Refused):
    code = "saved.nothing"
    message = _("This search looks for everything. Search for something or set a filter, then save it.")


class NameMissing(Refused):
    code = "saved.name_missing"
    message = _("Give the search a name of up to 80 characters.")
    field = "name"


class NameTaken(Conflict):
    code = "saved.name_taken"
    message = _("Your company has saved a search under this name already.")
    field = "name"


def keep_product(*, actor: Actor, product: str, kept: bool, now: datetime) -> Product:
    """Keep a product on sale (`prd_…`), or no longer; twice is as good as once."""
    member = _member(actor)
    if kept:
        found: Product = Product.objects.on_sale().fetch(product)
        _keep(member, now, product=found)
        return found
    found = Product.objects.fetch(product)
    if not Favourite.objects.visible_to(member).filter(product=found).delete()[0]:
        Product.objects.on_sale().fetch(product)
    return found


def keep_seller(*, actor: Actor, seller: str, kept: bool, now: datetime) -> str:
    """Keep a seller by the name in its address, or no longer; its name."""
    member = _member(actor)
    if not kept:
        Favourite.objects.visible_to(member).filter(seller__slug=seller).delete()
        return seller
    found = public_company(seller)
    if not found.sells:
        raise NotFound
    _keep(member, now, seller=found)
    return str(found)


def save_search(*, actor: Actor, name: str, query: str, now: datetime) -> SavedSearch:
    """Keep the address of a search, as the search wrote it, under a name of the company's own."""
    member = _member(actor)
    if not query:
        raise NothingToSave
    if len(query) > LONGEST_QUERY:
        raise Refused
    if SavedSearch.objects.visible_to(member).count() >= MOST_SEARCHES:
        raise TooManySaved(most=MOST_SEARCHES)
    search = SavedSearch(
        company=member.company, name=_name(name), query=query, saved_by=member.user, saved_at=now
    )
    return _named(search)


def rename_search(*, actor: Actor, search: str, name: str) -> SavedSearch:
    found: SavedSearch = SavedSearch.objects.visible_to(_member(actor)).fetch(search)
    found.name = _name(name)
    return _named(found)


def forget_search(*, actor: Actor, search: str) -> SavedSearch:
    found: SavedSearch = SavedSearch.objects.visible_to(_member(actor)).fetch(search)
    SavedSearch.objects.filter(pk=found.pk).delete()
    return found


def _member(actor: Actor) -> Member:
    if not isinstance(actor, Member):
        raise Forbidden
    return actor


def _keep(member: Member, now: datetime, **what: object) -> None:
    """Bounded: a list that nobody can read is no list."""
    mine = Favourite.objects.visible_to(member)
    if mine.filter(**what).exists():
        return
    if mine.count() >= MOST_FAVOURITES:
        raise TooManySaved(most=MOST_FAVOURITES)
    favourite = Favourite(company=member.company, saved_by=member.user, saved_at=now, **what)
    Favourite.objects.bulk_create([favourite], ignore_conflicts=True)


def _name(name: str) -> str:
    found = " ".join(name.replace("\0", "").split())
    if not found or len(found) > LONGEST_NAME:
        raise NameMissing
    return found


def _named(search: SavedSearch) -> SavedSearch:
    try:
        with transaction.atomic():
            search.save()
    except IntegrityError as error:
        raise NameTaken from error
    return search
