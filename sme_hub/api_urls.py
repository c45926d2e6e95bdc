"""Addresses of `/api/v1/`: each room's nouns, the feed of events, and the API's description of itself."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt

from catalog.api import finding
from catalog.api import urls as catalog
from documents.api import urls as documents
from financing.api import urls as financing
from kernel.errors import NotFound
from kernel.refusals import PROBLEM_JSON, as_problem
from orders.api import urls as orders
from sme_hub.api_events import EventsView
from sme_hub.api_schema import ApiReferenceScript, ApiSchema, api_reference
from sme_hub.api_threads import ThreadFileView, ThreadMessagesView, ThreadReadView, ThreadsView, ThreadView


@csrf_exempt
def nothing_here(request: HttpRequest) -> JsonResponse:
    """A program reads problem+json at a wrong address too. Only with a slash at the end, so that one is still added."""
    return JsonResponse(as_problem(NotFound()), status=404, content_type=PROBLEM_JSON)


urlpatterns: list[URLPattern | URLResolver] = [
    *catalog.urlpatterns,
    *finding.urlpatterns,
    *orders.urlpatterns,
    *documents.urlpatterns,
    *financing.urlpatterns,
    path("threads/", ThreadsView.as_view(), name="api_threads"),
    path("threads/<str:thread>/", ThreadView.as_view(), name="api_thread"),
    path("threads/<str:thread>/messages/", ThreadMessagesView.as_view(), name="api_thread_messages"),
    path("threads/<str:thread>/read/", ThreadReadView.as_view(), name="api_thread_read"),
    path("threads/<str:thread>/files/<str:file>/", ThreadFileView.as_view(), name="api_thread_file"),
    path("events/", EventsView.as_view(), name="api_events"),
    path("schema/", ApiSchema.as_view(), name="api_schema"),
    path("docs/", api_reference, name="api_docs"),
    path("docs/script/", ApiReferenceScript.as_view(), name="api_docs_script"),
    re_path(r"^(?:.*/)?$", nothing_here, name="api_nothing_here"),
]
