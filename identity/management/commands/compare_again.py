"""Compare every company with all of a list in force once more: after another threshold, or another way to read names."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from identity.actors import System
from identity.models import ListSource
from identity.services.screening import compare_again
from identity.states import ListCode


class Command(BaseCommand):
    help = "Let workers compare every company with all of a list in force (acra, ofac_sdn, un_consolidated) once more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", choices=ListCode.values)

    def handle(self, *args: Any, source: str, **options: Any) -> None:
        named = ListSource.objects.get(code=source)
        snapshot = compare_again(actor=System(reason="compare_again"), source=named, now=timezone.now())
        if snapshot is None:
            raise CommandError(f"No copy of {named} is in force.")
        self.stdout.write(f"{named} as of {snapshot.as_of}: {snapshot.rows} entries are compared again.")
