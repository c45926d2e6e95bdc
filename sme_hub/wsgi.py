"""The web server's entry point."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from sme_hub.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sme_hub.settings")

application = get_wsgi_application()
_ = get_resolver().url_patterns  # every room's views, which the first visitor would wait for
settle()
