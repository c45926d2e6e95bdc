"""`manage.py load_demo [--basics]`: fill the marketplace with fictitious companies, goods and orders.

`--basics` makes the accounts and three sellers' shelves, so that the first page has something to show; without it, everything
else follows. Both may be repeated and interrupted.
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
from sme_hub.demo.loading.everything import load_everything


class Command(BaseCommand):
    help = "Load demo accounts, companies, catalogues, drawings and orders through the product’s own verbs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--basics", action="store_true", help="accounts and three sellers’ shelves only")
        parser.add_argument("--without-pictures", action="store_true", help="leave the drawings out")

    def handle(self, *args: Any, basics: bool, without_pictures: bool, **options: Any) -> None:
        started = time.monotonic()

        def tell(what: str) -> None:
            self.stdout.write(f"{time.monotonic() - started:6.1f} s  {what}")
            self.stdout.flush()

        accounts = Path(settings.STATE_DIR) / "accounts.json"
        sellers = load_cast(accounts)
        tell(f"accounts: {accounts}")
        if basics:
            for seller in sellers:
                shelves.stock_shelves(seller, tell=tell)
        else:
            load_everything(tell=tell, pictures=not without_pictures)
        tell(f"done, {time.process_time():.0f} s of CPU here")
