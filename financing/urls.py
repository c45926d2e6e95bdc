"""Addresses of finance: the seller's under /c/<company>/finance/, the bank officer's under /c/<bank>/financing/, and where
banks send their messages."""

from __future__ import annotations

from django.urls import path, re_path

from financing.views import bank, hooks, seller

workspace_urlpatterns = [
    path("orders/<str:order>/finance/", seller.order_finance, name="order_finance"),
    path("orders/<str:order>/finance/ask/", seller.finance_ask, name="finance_ask"),
    path("finance/", seller.finance, name="finance"),
    re_path(r"^finance/export\.(?P<form>csv|xlsx)$", seller.finance_export, name="finance_export"),
    path("finance/preference/", seller.finance_preference, name="finance_preference"),
    path("finance/<str:offer>/", seller.finance_offer, name="finance_offer"),
    path("finance/<str:offer>/decline/", seller.finance_decline, name="finance_decline"),
    path("finance/<str:offer>/withdraw/", seller.finance_withdraw, name="finance_withdraw"),
    path("financing/", bank.financing, name="financing"),
    re_path(r"^financing/export\.(?P<form>csv|xlsx)$", bank.financing_export, name="financing_export"),
    path("financing/<str:offer>/", bank.financing_file, name="financing_file"),
    path("financing/<str:offer>/act/", bank.financing_act, name="financing_act"),
]

urlpatterns = [
    path("hooks/bank/<slug:bank>/", hooks.bank_message, name="bank_message"),
]
