"""People: their accounts and their language."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from identity.models import Membership, User
from kernel.errors import Refused

TIME_TO_CONFIRM = timedelta(days=30)
#: permissions of a programme officer, in this room
OFFICERS_MAY = (
    "confirm_bank_account",
    "decide_candidate",
    "decide_claim",
    "decide_link",
    "govern_recognition",
    "import_list",
    "suspend_company",
    "view_assurancelevel",
    "view_bankaccountchange",
    "view_candidate",
    "view_claim",
    "view_company",
    "view_enquiry",
    "view_entitybinding",
    "view_frameworkdraft",
    "view_identitylink",
    "view_issuer",
    "view_listsnapshot",
    "view_purposerequirement",
    "view_recognitionpolicy",
    "view_trustframework",
)


class EmailTaken(Refused):
    code = "user.email_taken"
    message = _("Somebody is registered with this e-mail address.")
    field = "email"


@transaction.atomic
def register_user(
    *, email: str, password: str | None, name: str, language: str = "en", hashed: str = "", now: datetime
) -> User:
    """A person whose e-mail address is taken as confirmed: for demo data and commands, not for the sign-up page.

    `hashed` is a password's hash made before, in place of `password`: hashing is slow by intent, and many demo accounts
    share one password.
    """
    if User.objects.filter(email__iexact=email).exists():
        raise EmailTaken
    user = User.objects.create_user(
        email, None if hashed else password, name=name, language=language, date_joined=now
    )
    if hashed:
        user.password = hashed
        user.save(update_fields=["password"])
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@transaction.atomic
def register_officer(
    *, email: str, password: str | None, name: str, language: str = "en", hashed: str = "", now: datetime
) -> User:
    """A programme officer, who verifies claims and acts for no company: for commands, not for a page."""
    user = register_user(email=email, password=password, name=name, language=language, hashed=hashed, now=now)
    appoint_officer(user=user)
    return user


@transaction.atomic
def appoint_officer(*, user: User) -> None:
    """Let a person decide claims and candidates, confirm bank accounts, suspend companies and govern recognition at /operator/; what they do for companies stays."""
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    user.user_permissions.add(
        *Permission.objects.filter(
            content_type__app_label="identity",
            codename__in=OFFICERS_MAY,
        )
    )


@transaction.atomic
def appoint_operator(*, user: User) -> None:
    """Let a person watch events and deliveries at /operator/, replay what is parked, and set switches; nothing of companies."""
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    user.user_permissions.add(
        *Permission.objects.filter(
            content_type__app_label="kernel",
            codename__in=["view_event", "view_delivery", "view_switch", "add_switch", "change_switch"],
        )
    )


@transaction.atomic
def free_address(*, email: str, keeper: User) -> None:
    """Somebody has shown that the address is theirs: accounts that took it and never confirmed it give way.

    Otherwise whoever types a stranger's address first would keep it from them.
    """
    _never_confirmed().filter(email__iexact=email).exclude(pk=keeper.pk).delete()


def forget_never_confirmed(*, now: datetime) -> int:
    """Remove accounts that were never confirmed within `TIME_TO_CONFIRM`. Returns how many."""
    _rows, by_model = _never_confirmed().filter(date_joined__lt=now - TIME_TO_CONFIRM).delete()
    return by_model.get("identity.User", 0)


def _never_confirmed() -> QuerySet[User]:
    """People who cannot have done anything yet: no address confirmed, never signed in, acting for nobody."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    acting = Membership.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(~Exists(confirmed), ~Exists(acting), last_login__isnull=True, is_staff=False)


def choose_language(*, user: User, language: str) -> None:
    """Remember in which language the person reads pages and mails; an unknown one is ignored."""
    if language in dict(settings.LANGUAGES) and user.language != language:
        user.language = language
        user.save(update_fields=["language"])
