"""How the API describes itself: bearer tokens, and a reference page without a CDN and without inline scripts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

__all__ = ["ApiReferenceScript", "ApiSchema", "BearerToken", "api_reference"]


class BearerToken(OpenApiAuthenticationExtension):
    target_class = "identity.api.TokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token that an owner issues in the workspace.",
        }


class ApiSchema(SpectacularAPIView):
    """The OpenAPI description."""


class ApiReferenceScript(SpectacularSwaggerSplitView):
    """The script of the reference page, at an address of its own, so that the CSP holds."""

    url_name = "api_schema"


@require_safe
def api_reference(request: HttpRequest) -> HttpResponse:
    """The reference page, in our frame."""
    context = {
        "swagger_ui_css": static("drf_spectacular_sidecar/swagger-ui-dist/swagger-ui.css"),
        "swagger_ui_bundle": static("drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js"),
        "schema_url": reverse("api_schema"),
        "script_url": f"{reverse('api_docs_script')}?script=",
    }
    return render(request, "api_reference.html", context)
