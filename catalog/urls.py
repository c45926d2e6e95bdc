"""Addresses of the catalogue."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from catalog.views import currency, public, saved
from catalog.views.selling import urls as selling

#: inside the language prefix
public_urlpatterns = [
    path("search/", public.find, name="search"),
    path("products/<slug:product>/", public.product, name="product"),
    path("currency/", currency.set_currency, name="set_currency"),
]

#: under /c/<company>/
workspace_urlpatterns: list[URLPattern | URLResolver] = [
    *selling.urlpatterns,
    path("saved/", saved.saved, name="saved"),
    re_path(r"^saved/export\.(?P<form>csv|xlsx)$", saved.saved_export, name="saved_export"),
    path("saved/products/<slug:product>/", saved.product_saved, name="saved_product"),
    path("saved/sellers/<slug:seller>/", saved.seller_saved, name="saved_seller"),
    path("saved/searches/", saved.search_saved, name="saved_search_new"),
    path("saved/searches/<slug:search>/", saved.search_renamed, name="saved_search_rename"),
    path("saved/searches/<slug:search>/remove/", saved.search_forgotten, name="saved_search_remove"),
]
