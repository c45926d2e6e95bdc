"""Addresses below /api/v1/."""

from __future__ import annotations

from django.urls import path

from orders.api import views

urlpatterns = [
    path("cart/", views.CartView.as_view(), name="api_cart"),
    path("cart/lines/<str:product>/", views.CartLineView.as_view(), name="api_cart_line"),
    path("orders/", views.OrdersView.as_view(), name="api_orders"),
    path("orders/<str:order>/", views.OrderView.as_view(), name="api_order"),
    path("orders/<str:order>/accept/", views.AcceptView.as_view(), name="api_order_accept"),
    path("orders/<str:order>/refuse/", views.RefuseView.as_view(), name="api_order_refuse"),
    path("orders/<str:order>/cancel/", views.CancelView.as_view(), name="api_order_cancel"),
    path("orders/<str:order>/freight/", views.FreightView.as_view(), name="api_order_freight"),
    path("orders/<str:order>/agree/", views.AgreeView.as_view(), name="api_order_agree"),
    path("orders/<str:order>/payments/", views.PaymentsView.as_view(), name="api_order_payments"),
    path("orders/<str:order>/despatches/", views.DespatchesView.as_view(), name="api_order_despatches"),
    path("orders/<str:order>/receipts/", views.ReceiptsView.as_view(), name="api_order_receipts"),
    path("orders/<str:order>/again/", views.AgainView.as_view(), name="api_order_again"),
]
