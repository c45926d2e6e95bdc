"""People: their accounts and their language."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity.models import User
from kernel.errors import Refused


class EmailTaken(Refused):
    code = "user.email_taken"
    message = _("Somebody is registered with this e-mail address.")
    field = "email"


@transaction.atomic
def register_user(
    *, email: str, password: str | None, name: str, language: str = "en", now: datetime
) -> User:
    """A person whose e-mail address is taken as confirmed: for demo data and commands, not for the sign-up page."""
    if User.objects.filter(email__iexact=email).exists():
        raise EmailTaken
    user = User.objects.create_user(email, password, name=name, language=language, date_joined=now)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@transaction.atomic
def register_officer(
    *, email: str, password: str | None, name: str, language: str = "en", now: datetime
) -> User:
    """A programme officer, who verifies claims and acts for no company: for commands, not for a page."""
    user = register_user(email=email, password=password, name=name, language=language, now=now)
    appoint_officer(user=user)
    return user


@transaction.atomic
def appoint_officer(*, user: User) -> None:
    """Let a person verify and refuse claims at /operator/; what they do for companies stays as it is."""
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    user.user_permissions.add(
        *Permission.objects.filter(
            content_type__app_label="identity", codename__in=["decide_claim", "view_claim", "view_company"]
        )
    )


def choose_language(*, user: User, language: str) -> None:
    """Remember in which language the person reads pages and mails; an unknown one is ignored."""
    if language in dict(settings.LANGUAGES) and user.language != language:
        user.language = language
        user.save(update_fields=["language"])
