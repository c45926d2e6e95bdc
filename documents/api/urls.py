"""Addresses below /api/v1/."""

from __future__ import annotations

from django.urls import path

from documents.api import views

urlpatterns = [
    path("papers/", views.PapersView.as_view(), name="api_papers"),
    path("papers/<str:paper>/", views.PaperView.as_view(), name="api_paper"),
    path("papers/<str:paper>/versions/", views.VersionsView.as_view(), name="api_paper_versions"),
    path("papers/<str:paper>/download/", views.DownloadView.as_view(), name="api_paper_download"),
]
