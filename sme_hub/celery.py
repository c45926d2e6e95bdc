"""Celery carries wake-ups and the clock; the work itself lies in `kernel.Delivery` rows."""

import os

from celery import Celery
from celery.signals import worker_process_init

from sme_hub.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sme_hub.settings")

app = Celery("sme_hub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
worker_process_init.connect(lambda **_: settle(), weak=False)
