"""Addresses of people and companies."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from identity.views import companies

#: without language or company in the path
urlpatterns: list[URLPattern | URLResolver] = [
    path("companies/new/", companies.company_new, name="company_new"),
]

#: under /c/<company>/
workspace_urlpatterns: list[URLPattern | URLResolver] = []
