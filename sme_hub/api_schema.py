"""How the API describes itself: bearer tokens, and a reference page without a CDN and without inline scripts."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

__all__ = ["ApiReference", "ApiSchema", "BearerToken"]


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


class ApiReference(SpectacularSwaggerSplitView):
    """The reference page; its script comes from an address of our own, so that the CSP holds."""

    url_name = "api_schema"
    template_name = "api_reference.html"
