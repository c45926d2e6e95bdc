"""Addresses of papers, under /c/<company>/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from documents import views

workspace_urlpatterns: list[URLPattern | URLResolver] = [
    path("papers/", views.papers, name="papers"),
    path("papers/<str:paper>/", views.paper, name="paper"),
    path("papers/files/<str:rendition>/", views.paper_file, name="paper_file"),
    path("orders/<str:order>/papers/", views.order_papers, name="order_papers"),
]
