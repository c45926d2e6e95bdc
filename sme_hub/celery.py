"""Celery carries wake-ups and the clock; the work itself lies in `kernel.Delivery` rows."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sme_hub.settings")

app = Celery("sme_hub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
