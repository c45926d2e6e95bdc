"""Bring in a copy of a list that companies are compared with; a worker reads it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from identity import services
from identity.actors import System
from identity.models import ListSource
from identity.states import ListCode
from kernel.errors import Refused


class Command(BaseCommand):
    help = "Take a file of a list (acra, ofac_sdn, un_consolidated); workers read it and compare every company with it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", choices=ListCode.values)
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--as-of", type=date.fromisoformat, required=True, help="the publisher's day, YYYY-MM-DD"
        )

    def handle(self, *args: Any, source: str, file: Path, as_of: date, **options: Any) -> None:
        try:
            with file.open("rb") as opened:
                snapshot = services.receive_list(
                    actor=System(reason="import_list"),
                    source=ListSource.objects.get(code=source),
                    file=opened,
                    file_name=file.name,
                    as_of=as_of,
                    now=timezone.now(),
                )
        except (Refused, OSError) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"{snapshot.source} as of {snapshot.as_of}: {snapshot.get_state_display()}, sha256 {snapshot.digest}"
        )
