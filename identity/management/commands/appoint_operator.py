"""Let somebody who has signed up watch the product's work at /operator/."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from identity import services
from identity.models import User


class Command(BaseCommand):
    help = "Make the person with this confirmed e-mail address an operator, who replays deliveries and sets switches."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody has signed up with {email}.")
        services.appoint_operator(user=user)
        self.stdout.write(f"{user} sees deliveries at /operator/ from now on.")
