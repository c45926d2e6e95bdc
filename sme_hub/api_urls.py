"""Addresses of `/api/v1/`: each room's nouns, the feed of events, and the API's description of itself."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from catalog.api import finding
from catalog.api import urls as catalog
from documents.api import urls as documents
from orders.api import urls as orders
from sme_hub.api_events import EventsView
from sme_hub.api_schema import ApiReferenceScript, ApiSchema, api_reference

urlpatterns: list[URLPattern | URLResolver] = [
    *catalog.urlpatterns,
    *finding.urlpatterns,
    *orders.urlpatterns,
    *documents.urlpatterns,
    path("events/", EventsView.as_view(), name="api_events"),
    path("schema/", ApiSchema.as_view(), name="api_schema"),
    path("docs/", api_reference, name="api_docs"),
    path("docs/script/", ApiReferenceScript.as_view(), name="api_docs_script"),
]
