"""Addresses under /c/<company>/ for those who sell."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from catalog.views.selling import editing, imports, keeping, table

urlpatterns: list[URLPattern | URLResolver] = [
    path("listings/", table.table, name="listings"),
    path("listings/act/", table.act_on_many, name="listings_act"),
    re_path(r"^listings/export\.(?P<form>csv|xlsx)$", table.export, name="listings_export"),
    path("listings/new/", editing.new, name="listing_new"),
    path("listings/attributes/", editing.attribute_fields, name="listing_attributes"),
    path("listings/hs/", editing.hs_found, name="listing_hs"),
    path("listings/<slug:product>/", keeping.overview, name="listing"),
    path("listings/<slug:product>/edit/", editing.edit, name="listing_edit"),
    path("listings/<slug:product>/publish/", keeping.publish, name="listing_publish"),
    path("listings/<slug:product>/pause/", keeping.pause, name="listing_pause"),
    path("listings/<slug:product>/end/", keeping.end, name="listing_end"),
    path("listings/<slug:product>/stock/", keeping.stock, name="listing_stock"),
    path("listings/<slug:product>/pictures/", keeping.pictures, name="listing_pictures"),
    path("listings/<slug:product>/pictures/<slug:picture>/", keeping.picture_act, name="listing_picture_act"),
    path("listings/<slug:product>/sheets/", keeping.sheets, name="listing_sheets"),
    path(
        "listings/<slug:product>/sheets/<slug:sheet>/remove/",
        keeping.sheet_remove,
        name="listing_sheet_remove",
    ),
    re_path(r"^imports/export\.(?P<form>csv|xlsx)$", imports.export, name="imports_export"),
    path("imports/", imports.table, name="imports"),
    path("imports/new/", imports.new, name="import_new"),
    re_path(r"^imports/template\.(?P<form>csv|xlsx)$", imports.template, name="import_template"),
    path("imports/<slug:job>/", imports.report, name="import"),
    path("imports/<slug:job>/problems.csv", imports.problems_file, name="import_problems"),
    path("imports/<slug:job>/run/", imports.run_for_real, name="import_run"),
]
