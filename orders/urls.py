"""Addresses of carts and orders. The page of one order (`order`) joins rooms and lies under the roof."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from orders.views import acts, approvals, basket, cart, checkout, journeys, orders, quick

#: in the reader's language
public_urlpatterns = [
    path("basket/", basket.basket, name="basket"),
    path("basket/add/", basket.basket_add, name="basket_add"),
    path("basket/set/", basket.basket_set, name="basket_set"),
]

#: under /c/<company>/
workspace_urlpatterns: list[URLPattern | URLResolver] = [
    path("cart/", cart.cart, name="cart"),
    path("cart/set/", cart.cart_set, name="cart_set"),
    path("cart/quick/", quick.quick_order, name="quick_order"),
    path("cart/remove/", cart.cart_remove, name="cart_remove"),
    path("cart/currency/", cart.cart_currency, name="cart_currency"),
    path("cart/<slug:seller>/checkout/", checkout.checkout, name="checkout"),
    path("approvals/", approvals.approvals, name="approvals"),
    re_path(r"^approvals/export\.(?P<form>csv|xlsx)$", approvals.approvals_export, name="approvals_export"),
    path("approvals/limit/", approvals.spending_limit, name="spending_limit"),
    path("approvals/<str:approval>/", approvals.approval, name="approval"),
    path("approvals/<str:approval>/give/", approvals.approval_give, name="approval_give"),
    path("approvals/<str:approval>/decline/", approvals.approval_decline, name="approval_decline"),
    path("approvals/<str:approval>/withdraw/", approvals.approval_withdraw, name="approval_withdraw"),
    path("approvals/<str:approval>/again/", approvals.approval_again, name="approval_again"),
    path("orders/", orders.orders, name="orders"),
    re_path(r"^orders/export\.(?P<form>csv|xlsx)$", orders.orders_export, name="orders_export"),
    re_path(r"^orders/lines\.(?P<form>csv|xlsx)$", orders.order_lines_export, name="order_lines_export"),
    path("orders/<str:order>/accept/", acts.order_accept, name="order_accept"),
    path("orders/<str:order>/refuse/", acts.order_refuse, name="order_refuse"),
    path("orders/<str:order>/cancel/", acts.order_cancel, name="order_cancel"),
    path("orders/<str:order>/freight/", acts.order_freight, name="order_freight"),
    path("orders/<str:order>/agree/", acts.order_agree, name="order_agree"),
    path("orders/<str:order>/again/", acts.order_again, name="order_again"),
    path("orders/<str:order>/payment/", journeys.order_payment, name="order_payment"),
    path("orders/<str:order>/despatch/", journeys.order_despatch, name="order_despatch"),
    path("orders/<str:order>/receive/<str:despatch>/", journeys.order_receive, name="order_receive"),
]
