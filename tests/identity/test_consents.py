"""Consents are records: their words stay as they were, their person sees and withdraws them, and what rested on them ends."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from identity import services
from identity.actors import Member
from identity.models import Consent, ExternalIdentity
from identity.rules.consents import CONNECTING, DATA, LINKING, NOTICES, PURPOSES, Notice
from identity.states import LinkState
from kernel.models import Event
from tests import factories
from tests.identity import recognised
from tests.identity.test_linking import agreed, both_shown

pytestmark = pytest.mark.django_db

#: of the words of each version: other words are another version
WORDS = {
    "connect-2026-11": "78d9d8622c1c667def0a790fd1cc95a5325ae86cf91b82723235ceda5a3b7f9e",
    "link-2026-11": "2d2c31fb5604d3af139976029327474977f607da17d82dea351a6176671bd90a",
}


def test_the_words_of_a_version_are_never_changed() -> None:
    found = {
        version: hashlib.sha256(
            (Path(settings.BASE_DIR) / "templates" / notice.template).read_bytes()
        ).hexdigest()
        for version, notice in NOTICES.items()
    }
    assert found == WORDS
    assert {notice.purpose for notice in NOTICES.values()} == set(PURPOSES)
    assert {code for notice in NOTICES.values() for code in notice.data} == set(DATA)
    with translation.override("zh-hans"):
        page = Client().get(reverse("consent_notice", args=["connect-2026-11"])).content.decode()
    assert 'lang="en"' in page and 'lang="zh-Hans"' in page and "告知书" in page
    assert Client().get(reverse("consent_notice", args=["nothing"])).status_code == 404


def connected(member: Member) -> ExternalIdentity:
    consent = services.give_consent(
        user=member.user, notice=CONNECTING, from_jurisdiction="CN", to_jurisdiction="SG", now=timezone.now()
    )
    found = recognised.identity(member.user, recognised.issuer("cn"), "a subject", timezone.now())
    ExternalIdentity.objects.filter(pk=found.pk).update(consent=consent)
    found.refresh_from_db()
    return found


def test_whoever_withdraws_a_consent_is_disconnected() -> None:
    alice = factories.alice()
    identity = connected(alice)
    consent = identity.consent
    assert consent is not None
    factories.sign_in(client := Client(), alice)
    page = client.get(reverse("my_data")).content.decode()
    for words in ("Connecting an identity", "From Mainland China to Singapore", "connect-2026-11", "PIPL"):
        assert words in page
    address = reverse("consent_withdraw", args=[consent.public_id])
    factories.sign_in(stranger := Client(), factories.charlie())
    assert stranger.post(address).status_code == 404
    identity.refresh_from_db()
    assert identity.ended_at is None and not Event.objects.filter(name="DataConsentWithdrawn").exists()
    for _once_and_again in range(2):
        assert client.post(address)["Location"] == reverse("my_data")
    identity.refresh_from_db()
    consent.refresh_from_db()
    assert identity.ended_at is not None and consent.withdrawn_at is not None
    assert Event.objects.filter(name="DataConsentWithdrawn", subject_id=consent.uid).count() == 1
    assert address not in client.get(reverse("my_data")).content.decode()


def test_whoever_agrees_has_read_the_words_that_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """The form names the version that it showed; when another has taken its place meanwhile, it is read and agreed to anew."""
    bo = factories.bo()
    client = factories.sign_in(Client(), bo)
    now = timezone.now()
    session = services.session_hash(client.session.session_key)
    sides = {code: recognised.issuer(code) for code in ("sg", "cn")}
    link = services.start_link(user=bo.user, first=sides["sg"], second=sides["cn"], session=session, now=now)
    for side in sides.values():
        shown = recognised.identity(bo.user, side, now=now)
        services.prove_side(link=link, identity=shown, auth_time=now, session=session, now=now)
    page, consent = (reverse(name, args=[link.public_id]) for name in ("linking", "linking_consent"))
    older = re.search(r'name="notice" value="([^"]+)"', client.get(page).content.decode())
    assert older and older[1] == LINKING.version
    newer = dataclasses.replace(LINKING, version="link-2027-01")
    monkeypatch.setattr(Notice, "template", f"identity/notices/{LINKING.version}.html")
    for place in ("identity.services.ceremony.LINKING", "identity.views.linking.LINKING"):
        monkeypatch.setattr(place, newer)
    for sent in ({"notice": older[1]}, {}):
        answer = client.post(consent, sent, follow=True).content.decode()
        assert "worded otherwise" in answer and 'value="link-2027-01"' in answer
        link.refresh_from_db()
        assert link.state == LinkState.B_PROVED and not Consent.objects.exists()
    client.post(consent, {"notice": newer.version})
    assert Consent.objects.get(user=bo.user).notice_version == "link-2027-01"


def test_whoever_withdraws_the_consent_of_a_link_takes_the_link_back() -> None:
    bo = factories.bo()
    link = agreed(both_shown(bo.user))
    factories.sign_in(client := Client(), bo)
    assert link.consent is not None
    client.post(reverse("consent_withdraw", args=[link.consent.public_id]))
    link.refresh_from_db()
    assert link.state == LinkState.REVOKED
    assert not Consent.objects.filter(user=bo.user, withdrawn_at=None).exists()
    with translation.override("zh-hans"):
        page = client.get(reverse("my_data")).content.decode()
    assert "关联两地身份" in page and "已撤回" in page and "第三十九条" in page
