"""What happens to an account, written down: for its person, who may know an act that was not theirs, and for the audit."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from identity.actors import Anonymous
from identity.events import OwnDataTaken, SignedUp, SignInFailed, SignUpTried
from identity.models import User
from kernel.events import BusinessEvent
from kernel.services import record


@transaction.atomic
def note_of_account(event: BusinessEvent, *, user: User | None, now: datetime) -> None:
    """`event` happened to the account of `user`, or to none that there is. One statement either way."""
    record(event, actor=Anonymous(user_id=user.pk if user else None), now=now, subject=user)


def note_failed_sign_in(*, email: str, by: str, now: datetime) -> None:
    """As many statements for an address that nobody has: how long it takes tells nothing."""
    user = User.objects.filter(email=email.strip().lower()).only("id", "uid").first()
    note_of_account(SignInFailed(user_id=user.pk if user else None, by=by), user=user, now=now)


def note_sign_up(*, email: str, made: bool, now: datetime) -> None:
    """Somebody signed up: an account was made, or the address has one, whose person may know that it was tried."""
    user = User.objects.filter(email=email.strip().lower()).only("id", "uid").first()
    event = (SignedUp if made else SignUpTried)(user_id=user.pk if user else None)
    note_of_account(event, user=user, now=now)


def note_data_taken(*, user: User, now: datetime) -> None:
    note_of_account(OwnDataTaken(user_id=user.pk), user=user, now=now)
