"""A whole Django site in one file: no middleware, no templates; rows by primary key through the ORM, HTML by f-strings.

`/20/` shows as many rows as a list of the product, `/1/` one. It reads the same table as the product's pages.
"""

import os

import environ
from django.conf import settings

settings.configure(
    DEBUG=False,
    SECRET_KEY="floor",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    INSTALLED_APPS=[],
    DATABASES={"default": {**environ.Env().db_url("DATABASE_URL"), "CONN_MAX_AGE": 60}},
    USE_TZ=True,
)

import django  # noqa: E402

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils.html import escape  # noqa: E402


class Row(models.Model):
    """What a list shows of a product, as one table has it."""

    id = models.BigIntegerField(primary_key=True, db_column="product_id")
    name_en = models.TextField()
    name_zh = models.TextField()
    from_sgd = models.DecimalField(max_digits=19, decimal_places=6)
    to_sgd = models.DecimalField(max_digits=19, decimal_places=6)
    moq = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.TextField()
    lead_time_days = models.IntegerField()
    origin = models.TextField()
    in_stock = models.BooleanField()
    standards = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        app_label = "floor"
        managed = False
        db_table = "catalog_shelfrow"


FIRST = int(os.environ.get("FLOOR_FIRST", "1000000"))


def rows(request, count):
    wanted = range(FIRST, FIRST + count)
    items = "".join(
        f"<li><a href='/{row.id}/'>{escape(row.name_en)}</a> <span>{escape(row.name_zh)}</span>"
        f" <b>S${row.from_sgd:,.2f}–S${row.to_sgd:,.2f}</b> MOQ {row.moq:f} {escape(row.unit)}"
        f" {'in stock' if row.in_stock else 'out of stock'} {row.lead_time_days} d {escape(row.origin)}"
        f" {escape(row.standards)} {row.published_at:%Y-%m-%d}</li>"
        for row in Row.objects.filter(pk__in=wanted)
    )
    return HttpResponse(f"<!doctype html><title>Floor</title><h1>Floor</h1><ol>{items}</ol>")


urlpatterns = [path("<int:count>/", rows)]
application = get_wsgi_application()
