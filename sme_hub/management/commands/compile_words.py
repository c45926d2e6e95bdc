"""Merge the Chinese of all rooms and compile it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from sme_hub import words


class Command(BaseCommand):
    help = "Merge locale/parts/*.zh_Hans.po into one catalogue and compile it (Babel; no msgfmt needed)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--missing", action="store_true", help="list what has no Chinese yet, as PO")

    def handle(self, *args: Any, **options: Any) -> None:
        catalogue, clashes = words.compile_catalogue()
        for clash in clashes:
            self.stderr.write(str(clash))
        if options["missing"]:
            self._list_missing()
        else:
            self.stdout.write(f"{len(catalogue)} words compiled")

    def _list_missing(self) -> None:
        for (msgid, context), place in words.missing().items():
            self.stdout.write(f"\n#: {place}")
            if context:
                self.stdout.write(f'msgctxt "{context}"')
            escaped = msgid.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            self.stdout.write(f'msgid "{escaped}"\nmsgstr ""')
