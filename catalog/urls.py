"""Addresses of the catalogue."""

from __future__ import annotations

from django.urls import path

from catalog.views import currency, public
from catalog.views.selling import urls as selling

#: inside the language prefix
public_urlpatterns = [
    path("search/", public.find, name="search"),
    path("products/<slug:product>/", public.product, name="product"),
    path("currency/", currency.set_currency, name="set_currency"),
]

#: under /c/<company>/
workspace_urlpatterns = selling.urlpatterns
