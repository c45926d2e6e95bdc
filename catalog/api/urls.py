"""Addresses below /api/v1/ for those who sell."""

from __future__ import annotations

from django.urls import path

from catalog.api import imports, listings

urlpatterns = [
    path("products/", listings.ListingsView.as_view(), name="api_products"),
    path("products/<slug:product>/", listings.ListingView.as_view(), name="api_product"),
    path("products/<slug:product>/publish/", listings.PublishView.as_view(), name="api_product_publish"),
    path("products/<slug:product>/pause/", listings.PauseView.as_view(), name="api_product_pause"),
    path("products/<slug:product>/end/", listings.EndView.as_view(), name="api_product_end"),
    path("products/<slug:product>/stock/", listings.StockView.as_view(), name="api_product_stock"),
    path("products/<slug:product>/pictures/", listings.PicturesView.as_view(), name="api_product_pictures"),
    path(
        "products/<slug:product>/pictures/<slug:picture>/",
        listings.PictureView.as_view(),
        name="api_product_picture",
    ),
    path("products/<slug:product>/sheets/", listings.SheetsView.as_view(), name="api_product_sheets"),
    path(
        "products/<slug:product>/sheets/<slug:sheet>/", listings.SheetView.as_view(), name="api_product_sheet"
    ),
    path("imports/", imports.ImportsView.as_view(), name="api_imports"),
    path("imports/<slug:job>/", imports.ImportView.as_view(), name="api_import"),
    path("imports/<slug:job>/problems/", imports.ImportProblemsView.as_view(), name="api_import_problems"),
]
