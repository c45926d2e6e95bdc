"""Ask the database whether everything that must be true is."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from identity.services.enforcing import unasked
from sme_hub.invariants import check, waiting


class Command(BaseCommand):
    help = (
        "Check what must always be true: stock, totals, papers, deliveries. Fails when something is not. Says as well "
        "which acts nobody is asked for who they are."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--wait",
            type=int,
            default=0,
            metavar="SECONDS",
            help="wait up to so long until nothing is under way",
        )
        parser.add_argument(
            "--busy", action="store_true", help="check only what holds while work is under way, too"
        )

    def handle(self, *args: Any, wait: int, busy: bool, **options: Any) -> None:
        deadline = time.monotonic() + wait
        while waiting() and time.monotonic() < deadline:
            time.sleep(0.2)
        findings = check(quiet=not busy)
        for finding in findings:
            self.stdout.write(f"{'ok' if finding.holds else 'BROKEN':8}{finding.invariant}")
            for fault in finding.faults:
                self.stdout.write(f"{'':8}  {fault}")
            if finding.count > len(finding.faults):
                self.stdout.write(f"{'':8}  and {finding.count - len(finding.faults)} more")
        if open_acts := unasked(timezone.now()):
            self.stdout.write(f"{'OPEN':8}nobody is asked who they are for: {', '.join(open_acts)}")
        broken = [finding for finding in findings if not finding.holds]
        if broken:
            raise CommandError(f"{len(broken)} of {len(findings)} do not hold")
