"""What is held of a person, for that person to take along: one JSON file, written down whole before any of it leaves.

What the field map calls secret never leaves. Of what belongs to a company or to both sides of a deal, the file holds what the
person did and when, by reference: the records themselves are the companies' own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import ForeignKey, Model, Q, QuerySet

from identity.models import User
from kernel.models import PublicRow
from sme_hub.field_map import FIELD_MAP, Class

#: rows of one statement
CHUNK = 500
#: bytes of a file that are kept in memory; a larger one waits on the disk until it has left
IN_MEMORY = 2_000_000


@dataclass(frozen=True)
class Part:
    """One list of the file: rows of `model`, a person's by `whose`, each with `fields`."""

    name: str
    model: str
    whose: str | Callable[[User], Q]
    fields: tuple[str, ...]

    def rows(self, user: User) -> Iterator[dict[str, Any]]:
        """In the order in which they were made, a chunk at a time: memory stays small, however much there is."""
        found, last = self._found(user), 0
        while chunk := list(found.filter(pk__gt=last).order_by("pk")[:CHUNK]):
            for row in chunk:
                yield self._written(row)
            last = chunk[-1].pk

    def _found(self, user: User) -> QuerySet[Any]:
        model = apps.get_model(self.model)
        links = [name for name in self.fields if isinstance(model._meta.get_field(name), ForeignKey)]
        wanted = self.whose(user) if callable(self.whose) else Q(**{self.whose: user})
        return model._base_manager.filter(wanted).select_related(*links)

    def _written(self, row: Model) -> dict[str, Any]:
        own = {"id": row.public_id} if isinstance(row, PublicRow) else {}
        return own | {name: _named(getattr(row, name)) for name in self.fields}


def _named(value: Any) -> Any:
    """A row of ours by the name that it has outside; what a person is in another's row stays out of the file."""
    if not isinstance(value, Model):
        return value
    return value.public_id if isinstance(value, PublicRow) else getattr(value, "code", None)


def _part(name: str, model: str, whose: str | Callable[[User], Q], fields: str) -> Part:
    return Part(name, model, whose, tuple(fields.split()))


def _addresses(user: User) -> set[str]:
    """Those that the person has confirmed."""
    confirmed = apps.get_model("account.EmailAddress").objects.filter(user=user, verified=True)
    return set(confirmed.values_list("email", flat=True))


def _written_to(user: User) -> Q:
    return Q(email__in=_addresses(user))


def _account(user: User) -> Q:
    """What happened to the account and to the identities that hang on it."""
    subjects = [user.uid]
    for model in ("identity.ExternalIdentity", "identity.IdentityLink", "identity.Consent"):
        subjects += apps.get_model(model).objects.filter(user=user).values_list("uid", flat=True)
    return Q(subject_id__in=subjects)


def _acts(user: User) -> Q:
    """What the person did for the companies whose member they are or were; of each, what it may read itself."""
    seats = list(user.memberships.values_list("pk", "company_id"))
    keys = [f"member:{seat}" for seat, _company in seats]
    return Q(audience__overlap=[company for _seat, company in seats], actor__in=keys)


PARTS = (
    _part(
        "account",
        "identity.User",
        lambda user: Q(pk=user.pk),
        "email name language is_staff is_active date_joined last_login",
    ),
    _part("emails", "account.EmailAddress", "user", "email verified primary"),
    _part("memberships", "identity.Membership", "user", "company roles valid_from ended_at"),
    _part(
        "invitations",
        "identity.Invitation",
        _written_to,
        "company email roles created_at expires_at accepted_at revoked_at",
    ),
    _part("sessions", "usersessions.UserSession", "user", "created_at last_seen_at ip user_agent"),
    _part("second_factors", "mfa.Authenticator", "user", "type created_at last_used_at"),
    _part(
        "identities",
        "identity.ExternalIdentity",
        "user",
        "issuer level_code auth_time amr name_shown first_proved_at last_proved_at ended_at ended_reason consent",
    ),
    _part(
        "bindings",
        "identity.EntityBinding",
        "identity__user",
        "identity company scheme identifier entity_name entity_status roles proved_at valid_to ended_at",
    ),
    _part("proofs", "identity.Proof", "user", "identity level auth_time at"),
    _part(
        "links",
        "identity.IdentityLink",
        "user",
        "first second kind state consent started_at expires_at decided_at reason revoked_at revoked_reason",
    ),
    _part(
        "consents",
        "identity.Consent",
        "user",
        "purpose data_categories from_jurisdiction to_jurisdiction legal_basis notice_version given_at withdrawn_at",
    ),
    _part(
        "mandates",
        "identity.Mandate",
        "holder",
        "company act ceiling currency valid_from valid_to issuer revoked_at",
    ),
    _part(
        "bank_changes",
        "identity.BankAccountChange",
        lambda user: Q(asked_by=user) | Q(decided_by=user),
        "company currency asked_at respond_by state decided_at",
    ),
    _part(
        "tokens",
        "identity.ApiToken",
        "user",
        "company name roles created_at expires_at revoked_at last_used_on",
    ),
    _part(
        "inbox",
        "identity.Notice",
        "user",
        "company code about at read_at settled_at mail mailed_at reminded_at",
    ),
    _part("inbox_preferences", "identity.NoticePreference", "user", "group mail informs"),
    _part("messages", "identity.Message", "author", "thread company at files_count"),
    _part("letters_to_the_office", "identity.Enquiry", _written_to, "topic name email words language at"),
    _part("saved_searches", "catalog.SavedSearch", "saved_by", "company name query saved_at"),
    _part(
        "offices", "disputes.Official", "user", "kind name_en name_zh about_en about_zh appointed_at ended_at"
    ),
    _part("cases_opened", "disputes.Case", "opened_by", "number opened_at state"),
    _part("case_messages", "disputes.Message", "author", "case zone at"),
    _part(
        "case_consents",
        "disputes.Consent",
        "given_by",
        "case side mediation arbitration different_arbitrator online language data_transfer text_version at",
    ),
    _part("signatures", "disputes.Signature", "signed_by", "terms side name at"),
    _part("orders_placed", "orders.Order", "placed_by", "reference placed_at state"),
    _part("what_happened", "kernel.Event", _account, "name payload at"),
    _part("what_you_did", "kernel.Event", _acts, "name subject_id about at"),
)

#: personal fields of what hangs on a person that the file does not hold, and why
LEFT_OUT = {
    "orders.Order bill_to ship_to": "of the order, which both companies hold; its own page and files show them",
    "disputes.Case statement answer evidence": "of the case; its record shows them to whoever may read them",
    "identity.Candidate ref state why seen reason ended_for": "of a company and a list; the officer only decided on it",
    "disputes.Message body": "some of it was said in confidence and is encrypted for its case; it is read there",
}


def whole_file(user: User, *, now: datetime) -> IO[bytes]:
    """The file from its beginning, all of it: what goes wrong on the way goes wrong before anything is sent."""
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    try:
        for piece in _pieces(user, now=now):
            file.write(piece.encode())
    except BaseException:
        file.close()
        raise
    return file


def _pieces(user: User, *, now: datetime) -> Iterator[str]:
    """The last line says that it is the last."""
    yield f'{{"made_at": {json.dumps(now.isoformat())}'
    for part in PARTS:
        yield f',\n"{part.name}": ['
        for number, row in enumerate(part.rows(user)):
            text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
            yield f"{',' if number else ''}\n  {text}"
        yield "]"
    yield ',\n"complete": true}\n'


def secrets_in(part: Part) -> set[str]:
    """Fields of the list that the field map calls secret: always none."""
    classes = FIELD_MAP.get(part.model, {})
    return {name for name in part.fields if classes.get(name) == Class.SECRET}
