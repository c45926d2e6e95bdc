"""Shelve every product again: after a change of tokens or bands, or after new exchange rates (`--converted`)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from catalog.services.shelving import reprice, reshelve


class Command(BaseCommand):
    help = "Make the shelf say again what the listings say."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--converted", action="store_true", help="only products with converted prices")

    def handle(self, *args: Any, converted: bool, **options: Any) -> None:
        count = reprice(now=timezone.now()) if converted else reshelve(now=timezone.now())
        self.stdout.write(f"Products shelved: {count}")
