"""How allauth's flows fit our house."""

from __future__ import annotations

import logging
from contextlib import suppress
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.signals import user_logged_in
from allauth.usersessions.signals import on_user_logged_in
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from identity.choosing import take_choice
from identity.models import User
from identity.provider import check_not_resting, note_shown
from identity.services import free_address
from kernel.errors import Refused

logger = logging.getLogger(__name__)

#: addresses of pages in letters, built in the language of the page that asked for the letter
LINKS = ("activate_url", "password_reset_url", "signup_url")


#: the session of a sign-in is noted by `SessionSeenMiddleware`, as of every request, and forgotten by the clock; allauth
#: would look into each of the person's sessions, one by one, while they wait
user_logged_in.disconnect(on_user_logged_in)


class MailNotSent(Refused):
    code = "mail.not_sent"
    message = _("The mail could not be sent just now. Nothing is lost: try again in a few minutes.")
    status = 503


class AccountAdapter(DefaultAccountAdapter):
    """E-mail sign-in; letters in their reader's language."""

    def format_email_subject(self, subject: str) -> str:
        return subject

    def login(self, request: HttpRequest, user: User) -> None:
        check_not_resting(request)
        super().login(request, user)
        take_choice(request, user)
        note_shown(request, user, now=timezone.now())

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """An address belongs to who reads its mail, not to who typed it first."""
        free_address(email=email_address.email, keeper=email_address.user)
        return bool(super().confirm_email(request, email_address))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        reader = context.get("user")
        language = getattr(reader, "language", "") or translation.get_language() or "en"
        links = {name: translate_url(context[name], language) for name in LINKS if context.get(name)}
        try:
            with translation.override(language):
                super().send_mail(template_prefix, email, context | links)
        except (SMTPException, OSError) as error:
            logger.exception("mail %s could not be sent", template_prefix)
            raise MailNotSent from error

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """In the reader's language. The change it tells of stands where the mail cannot leave."""
        with suppress(MailNotSent):
            super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)
