from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FinancingConfig(AppConfig):
    name = "financing"
    verbose_name = _("Invoice finance")
    default_auto_field = "django.db.models.BigAutoField"
