"""`manage.py load_demo [--basics | --cast]`: fill the marketplace with fictitious companies, goods and orders.

`--basics` makes the accounts and three sellers' shelves, so that the first page has something to show; `--cast` adds what
lies on the desks of whom a visitor may be, and stops there; without either, everything else follows. All may be repeated
and interrupted.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from sme_hub.demo.loading import shelves
from sme_hub.demo.loading.cast import load_cast
from sme_hub.demo.loading.everything import Tell, load_cast_at_work, load_everything


class Command(BaseCommand):
    help = "Load demo accounts, companies, catalogues, drawings and orders through the product’s own verbs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        some = parser.add_mutually_exclusive_group()
        some.add_argument("--basics", action="store_true", help="accounts and three sellers’ shelves only")
        some.add_argument("--cast", action="store_true", help="these, and what lies on their desks")
        parser.add_argument("--without-pictures", action="store_true", help="leave the drawings out")

    def handle(self, *args: Any, basics: bool, cast: bool, without_pictures: bool, **options: Any) -> None:
        started = time.monotonic()

        def tell(what: str) -> None:
            self.stdout.write(f"{time.monotonic() - started:6.1f} s  {what}")
            self.stdout.flush()

        accounts = Path(settings.STATE_DIR) / "accounts.json"
        if cast:
            load_cast_at_work(accounts, tell=tell)
        else:
            self._load(accounts, tell, basics=basics, pictures=not without_pictures)
        tell(f"done, {time.process_time():.0f} s of CPU here")

    def _load(self, accounts: Path, tell: Tell, *, basics: bool, pictures: bool) -> None:
        sellers = load_cast(accounts)
        tell(f"accounts: {accounts}")
        if basics:
            for seller in sellers:
                shelves.stock_shelves(seller, tell=tell)
        else:
            load_everything(tell=tell, pictures=pictures)
