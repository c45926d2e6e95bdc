"""`manage.py import_calendar FILE…`: keep the days off that a country announced. A later notice stands beside the earlier."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from disputes import services
from disputes.services.calendars import NotANotice


class Command(BaseCommand):
    help = (
        "Import notices of days off as JSON: country (CN, SG), year, source, provisional, off and worked: lists of "
        "{day, name}. Open deadlines that stood on a year not yet announced are counted anew; none moves earlier."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("files", nargs="+", type=Path)

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        for file in files:
            try:
                told = json.loads(file.read_text())
                for notice in told if isinstance(told, list) else [told]:
                    made = services.import_notice(notice, now=timezone.now())
                    self.stdout.write(f"{file.name}: {made or 'known already'}")
            except (OSError, ValueError, KeyError, NotANotice) as error:
                raise CommandError(f"{file}: {error}") from error
        moved = services.recount_provisional(now=timezone.now())
        self.stdout.write(f"deadlines moved later: {moved}")
