"""Addresses below /api/v1/."""

from __future__ import annotations

from django.urls import path

from financing.api import views

urlpatterns = [
    path("financing/offers/", views.OffersView.as_view(), name="api_offers"),
    path("financing/offers/<str:offer>/", views.OfferView.as_view(), name="api_offer"),
    path("financing/offers/<str:offer>/accept/", views.AcceptView.as_view(), name="api_offer_accept"),
    path("financing/offers/<str:offer>/decline/", views.DeclineView.as_view(), name="api_offer_decline"),
]
