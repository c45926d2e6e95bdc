"""Reference rows that the product cannot work without. Repeatable; runs as the application's role."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from catalog.services import load_categories
from catalog.services.shelving import reprice
from disputes.services import load_calendars, load_rule_sets, wind_up_what_waits
from identity.services import load_frameworks, load_list_sources
from tariffs.services import load_exchange_rates, load_tax_rates


class Command(BaseCommand):
    help = (
        "Load categories with their attributes, exchange rates, tax rates, calendars, the rules of cases, frameworks "
        "of identity, and the lists that companies are compared with."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"frameworks of identity: {load_frameworks()}")
        self.stdout.write(f"categories: {load_categories()}")
        self.stdout.write(f"lists that companies are compared with: {load_list_sources()}")
        self.stdout.write(f"exchange rates: {load_exchange_rates()}")
        self.stdout.write(f"tax rates: {load_tax_rates()}")
        self.stdout.write(f"calendars: {load_calendars(now=timezone.now())}")
        self.stdout.write(f"rules of cases: {load_rule_sets()}")
        self.stdout.write(f"cases that had no end to wait for: {wind_up_what_waits(now=timezone.now())}")
        self.stdout.write(f"prices converted again: {reprice(now=timezone.now())}")
