"""Addresses of people and companies."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

#: without language or company in the path
urlpatterns: list[URLPattern | URLResolver] = []

#: under /c/<company>/
workspace_urlpatterns: list[URLPattern | URLResolver] = []
