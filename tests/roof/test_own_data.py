"""What a person takes along: all that is personal and hangs on them, nothing secret, nothing of anybody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.db import OperationalError
from django.db.models import ForeignKey
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog import services as catalog
from identity import services
from identity.models import ExternalIdentity, User
from identity.states import Role
from kernel.models import Event
from sme_hub.field_map import FIELD_MAP, Class
from sme_hub.own_data import LEFT_OUT, PARTS, Part, secrets_in
from tests import factories
from tests.identity import recognised

#: a row that refers to one of these is a person's
PEOPLE = {"identity.User", "identity.Membership", "identity.ExternalIdentity"}


def hangs_on_a_person(label: str) -> bool:
    model = apps.get_model(label)
    links = [field for field in model._meta.get_fields() if isinstance(field, ForeignKey)]
    return label in PEOPLE or any(field.related_model._meta.label in PEOPLE for field in links)


def test_all_that_is_personal_is_in_the_file_or_left_out_for_a_reason() -> None:
    held = {(part.model, name) for part in PARTS for name in part.fields}
    left = {(line.split()[0], name) for line in LEFT_OUT for name in line.split()[1:]}
    personal = {
        (label, name)
        for label, classes in FIELD_MAP.items()
        if hangs_on_a_person(label)
        for name, class_ in classes.items()
        if class_ == Class.PERSONAL
    }
    assert personal - held == left, "each is in one list, and no reason is given for what is gone"
    assert {part.name: secrets_in(part) for part in PARTS if secrets_in(part)} == {}


@pytest.mark.django_db
def test_a_person_takes_along_what_is_theirs_having_shown_that_it_is_them() -> None:
    alice, bo, now = factories.alice(), factories.bo(), timezone.now()
    identity = recognised.identity(alice.user, recognised.issuer("sg"), "the subject of Alice", now)
    ExternalIdentity.objects.filter(pk=identity.pk).update(name_shown="ALICE TAN")
    _token, secret = services.issue_token(
        actor=alice, name="Warehouse", roles=[Role.SELLER], expires_at=now.replace(year=now.year + 1), now=now
    )
    catalog.save_search(actor=alice, name="Gloves", query="q=gloves", now=now)
    TOTP.activate(alice.user, "JBSWY3DPEHPK3PXP")
    factories.sign_in(client := Client(), alice)
    asked = client.post(reverse("my_data_file"))
    assert asked.status_code == 302 and "reauthenticate" in asked["Location"]
    assert not Event.objects.filter(name="OwnDataTaken").exists()
    factories.show_again(client)
    answer = client.post(reverse("my_data_file"))
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "OwnDataTaken" not in text, "noted when the file is there"
    told: dict[str, Any] = json.loads(text)
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert [row["email"] for row in told["account"]] == [alice.user.email]
    assert [row["name_shown"] for row in told["identities"]] == ["ALICE TAN"]
    assert [row["type"] for row in told["second_factors"]] == ["totp"]
    assert [row["name"] for row in told["tokens"]] == ["Warehouse"]
    assert [row["name"] for row in told["saved_searches"]] == ["Gloves"]
    assert Event.objects.filter(name="OwnDataTaken", subject_id=alice.user.uid).count() == 1
    assert {row["name"] for row in told["what_you_did"]} > {"CompanyRegistered"} or told["what_you_did"]
    kept = User.objects.get(pk=alice.user_id).password
    for hidden in (
        kept,
        secret,
        identity.subject_hash,
        identity.assertion_digest,
        client.session.session_key,
    ):
        assert hidden not in text
    assert bo.user.email not in text and "Bo Wen" not in text
    assert set(told) == {"made_at", *(part.name for part in PARTS), "complete"}
    assert int(answer["Content-Length"]) == len(text.encode())
    assert reverse("my_data_file") in client.get(reverse("my_data")).content.decode()


@pytest.mark.django_db
def test_a_file_that_breaks_off_half_way_is_not_sent_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = factories.alice()
    factories.show_again(client := factories.sign_in(Client(raise_request_exception=False), alice))
    broken, rows = PARTS[-1].name, Part.rows

    def breaks_off(part: Part, user: User) -> Iterator[dict[str, Any]]:
        yield from rows(part, user)
        if part.name == broken:
            raise OperationalError("the connection is gone")

    monkeypatch.setattr(Part, "rows", breaks_off)
    answer = client.post(reverse("my_data_file"))
    assert answer.status_code == 500 and "attachment" not in answer.headers.get("Content-Disposition", "")
    assert not Event.objects.filter(name="OwnDataTaken").exists(), "nothing was taken"
