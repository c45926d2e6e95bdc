"""Addresses of papers, under /c/<company>/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from documents import views

workspace_urlpatterns: list[URLPattern | URLResolver] = [
    path("papers/", views.papers, name="papers"),
    re_path(r"^papers/export\.(?P<form>csv|xlsx)$", views.papers_export, name="papers_export"),
    path("papers/<str:paper>/", views.paper, name="paper"),
    path("papers/files/<str:rendition>/", views.paper_file, name="paper_file"),
    path("orders/<str:order>/papers/", views.order_papers, name="order_papers"),
]
