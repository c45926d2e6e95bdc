"""Addresses of cases: the parties' under /c/<company>/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from disputes.views import acts, cases

workspace_urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/", cases.cases, name="cases"),
    re_path(r"^cases/export\.(?P<form>csv|xlsx)$", cases.cases_export, name="cases_export"),
    path("orders/<str:order>/case/", cases.case_new, name="case_new"),
    path("cases/<str:case>/", cases.case, name="case"),
    path("cases/<str:case>/rooms/<slug:zone>/", cases.case_room, name="case_room"),
    path("cases/<str:case>/record/", cases.case_record, name="case_record"),
    path("cases/<str:case>/files/<str:attachment>/", cases.case_file, name="case_file"),
    path("cases/<str:case>/sessions/<str:meeting>.ics", cases.case_session, name="case_session"),
    path("cases/<str:case>/<slug:act>/", acts.case_act, name="case_act"),
]
