"""Change the keys by which issuers of identities know the platform."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from identity import services
from identity.actors import System
from identity.services.keys import KEEP


class Command(BaseCommand):
    help = "Make new keys for signing to issuers of identities and opening what they send; the former stay published a while."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--keep-days",
            type=int,
            default=KEEP.days,
            help="how long the former keys stay at /.well-known/jwks.json (days; 0 where they are known to others)",
        )

    def handle(self, *args: Any, keep_days: int, **options: Any) -> None:
        if not 0 <= keep_days <= 365:
            raise CommandError("--keep-days is a number from 0 to 365.")
        made = services.rotate_keys(
            actor=System(reason="rotate_keys"), now=timezone.now(), keep=timedelta(days=keep_days)
        )
        for key in made:
            self.stdout.write(f"{key.use}: {key.kid}")
