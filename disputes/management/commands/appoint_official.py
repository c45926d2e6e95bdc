"""`manage.py appoint_official E-MAIL KIND NAME`: a seat in the case office for somebody with an account."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from disputes import services
from disputes.states import OfficeKind
from identity.models import User


class Command(BaseCommand):
    help = "Make a person a mediator, a case manager, or the person at the arbitration desk."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("email")
        parser.add_argument("kind", choices=OfficeKind.values)
        parser.add_argument("name_en")
        parser.add_argument("--name-zh", default="")

    def handle(self, *args: Any, email: str, kind: str, name_en: str, name_zh: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"nobody has the address {email}")
        services.appoint_official(user=user, kind=kind, name_en=name_en, name_zh=name_zh, now=timezone.now())
        self.stdout.write(f"{name_en}: {kind}")
