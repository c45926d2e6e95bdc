"""After both cities' people have signed in, connected, linked, been refused and taken their data along: no NRIC, no resident
identity number and no subject stands in a row, a session, the cache, a log or a page, however it might be written.
"""

from __future__ import annotations

import base64
import io
import logging
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typst
from django.conf import settings as configured
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity import services
from identity.connectors.issuers import wire
from identity.models import EntityBinding, ExternalIdentity, IdentityLink, ListEntry, ListSnapshot
from identity.rules.consents import LINKING
from identity.states import LinkState, SnapshotState
from tests import factories
from tests.identity import canaries, cities, recognised
from tests.identity.canaries import everything_kept, found_in
from tests.identity.cities import SONGGANG, TUAS
from tests.identity.lists import bring_in, sample, sdn
from tests.simulators.issuers import ThreadIssuer, running

pytestmark = pytest.mark.django_db


@pytest.fixture
def issuers(
    tmp_path_factory: pytest.TempPathFactory, settings: Any
) -> Iterator[tuple[ThreadIssuer, ThreadIssuer]]:
    settings.BASE_URL = "http://testserver"
    folder = tmp_path_factory.mktemp("issuers")
    cities.publish()
    wire._breaker.cache_clear()
    with (
        running("corppass_fapi", folder, hub_keys=cities.hub_keys, code="sg") as sg,
        running("cn_oidc", folder, hub_keys=cities.hub_keys, code="cn") as cn,
    ):
        for server in (sg, cn):
            cities.known(server)
        yield sg, cn


class Reader(Client):
    """Keeps every page that it is shown."""

    pages: list[str]

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        self.pages = [*getattr(self, "pages", []), f"{answer.items()} {content.decode(errors='replace')}"]
        return answer


def the_whole_walk(sg: ThreadIssuer) -> list[str]:
    """What everybody was shown on it."""
    lee, xu = cities.lee(), cities.xu()
    first, second, visitor = Reader(), Reader(), Reader()
    factories.show_again(factories.sign_in(first, lee))
    factories.show_again(factories.sign_in(second, xu))
    first.get(cities.leaves(first, "sg", "lee-kah-yee", TUAS))
    second.get(cities.leaves(second, "cn", "xu-jiahui", SONGGANG))

    second.post(reverse("linking_start"), {"first": "sg", "second": "cn"})
    link = IdentityLink.objects.get(user=xu.user)
    for code, company in (("sg", "202199958E"), ("cn", SONGGANG)):
        second.get(cities.leaves(second, code, "xu-jiahui", company, ceremony=str(link.ceremony_id)))
    second.post(reverse("linking_consent", args=[link.public_id]), {"notice": LINKING.version})
    for name in ("olive", "peter"):
        services.decide_link(
            actor=recognised.officer(name), link=link, accepted=True, reason="Seen", now=timezone.now()
        )
    link.refresh_from_db()
    assert link.state == LinkState.ACTIVE

    visitor.get(cities.leaves(visitor, "cn", "xu-jiahui", SONGGANG))  # by it alone
    for fault in ("tampered_jws", "wrong_nonce", "expired"):
        sg.misbehaves(fault)
        first.get(cities.leaves(first, "sg", "lee-kah-yee", TUAS))
    stranger = Reader()
    stranger.get(cities.leaves(stranger, "sg", "vincent-teo", "201699914D"))
    factories.show_again(factories.sign_in(stranger, factories.charlie()))
    stranger.get(cities.leaves(stranger, "sg", "cheng-boon-hock", "197899951W"))  # struck off
    stranger.get(cities.leaves(stranger, "sg", "lee-kah-yee", TUAS))  # held by somebody else
    first.post(reverse("my_data_file"))
    for client in (first, second):
        for page in ("security", "my_data", "identities"):
            client.get(reverse(page))
    cities.leaves(first, "sg", "lee-kah-yee", TUAS)  # on its way still
    factories.sign_in(office := Reader(), factories.officer())
    office.get(reverse("admin:kernel_event_changelist"))
    assert ExternalIdentity.objects.count() == 3 and EntityBinding.objects.count() == 2
    return [page for client in (first, second, visitor, stranger, office) for page in client.pages]


def test_no_number_and_no_subject_is_kept_logged_or_shown(
    issuers: tuple[ThreadIssuer, ThreadIssuer],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    shown = "\n".join(the_whole_walk(issuers[0]))
    kept = everything_kept(configured.REDIS_URL)
    assert TUAS in kept and "Lee Kah Yee" in kept and "Lee Kah Yee" in shown, "the search finds what is there"
    assert "callback" in caplog.text
    assert found_in(kept) == set()
    assert found_in(shown) == set()
    assert found_in(caplog.text) == set()
    assert found_in("".join(capfd.readouterr())) == set()


def test_a_number_that_is_packed_in_a_file_would_be_found(tmp_path: Path) -> None:
    number = min(canaries.PLANTED)
    drawn = typst.compile(f"NRIC {number}".encode())
    assert number.encode() not in drawn, "letters of a PDF are numbers of a font's"
    stream = b"<</Filter/FlateDecode>> stream\n%b\nendstream" % zlib.compress(f"({number}) Tj".encode())
    sheet = io.BytesIO()
    with zipfile.ZipFile(sheet, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("sheet1.xml", f"<c>{number}</c>")
    for content in (drawn, b"%PDF-1.7\n1 0 obj " + stream, sheet.getvalue(), number.encode()):
        (file := tmp_path / "paper").write_bytes(content)
        assert found_in(canaries.everything_stored(tmp_path))
        file.unlink()
    assert found_in(canaries.everything_stored(tmp_path)) == set()


def test_a_number_that_is_kept_would_be_found(caplog: pytest.LogCaptureFixture) -> None:
    """Planted in each form and in each place; what is not looked for is not found either."""
    for planted in canaries.PLANTED:
        for name, form in canaries.forms_of(planted):
            assert found_in(f"…{form}…"), name
            assert found_in(f"…{form.upper()}…") or "base64" in name, name
    number = min(canaries.PLANTED)
    for before in ("", "a", "ab"):
        assert found_in(base64.b64encode(f"{before}{number} and more".encode()).decode()), before
    assert not found_in("T0000000A 440306209900000000 0a5d5da1-0000-0000-0000-000000000000")
    before = found_in(everything_kept(configured.REDIS_URL))
    assert before == set()
    papers = f"DOB 01 Jan 2099; NRIC {number}; D.N.I. {number}; C.U.R.P. {number} (Nowhere); Personal ID Card {number}"
    ofac = bring_in("ofac_sdn", sdn((1, "A Lantern", papers)))
    un = sample("un_consolidated").replace(
        b"<VERSIONNUM>", f"<COMMENTS1>Card {number}</COMMENTS1><VERSIONNUM>".encode()
    )
    assert {ofac.state, bring_in("un_consolidated", un).state} == {SnapshotState.READY}
    assert ListEntry.objects.get(snapshot=ofac).facts == {"born": "2099", "mentioned": "NRIC, Personal ID"}
    assert found_in(everything_kept(configured.REDIS_URL)) == set(), "of lists, names and years of birth stay"
    assert services.forget_read_files() == 2 and not default_storage.exists(str(ofac.file.name))
    assert not ListSnapshot.objects.exclude(file="").exists() and len(ofac.digest) == 64
    sent = {"topic": "other", "name": "Alice", "email": "a@example.com", "language": "en", "user_id": None}
    services.send_enquiry(**sent, words=f"I am {number}", now=timezone.now())
    assert found_in(everything_kept(configured.REDIS_URL))
    services.forget_old_enquiries(now=timezone.now().replace(year=timezone.now().year + 2))
    assert not found_in(everything_kept(configured.REDIS_URL))
    cache.set("somebody", {"number": number})
    assert found_in(everything_kept(configured.REDIS_URL))
    cache.delete("somebody")
    logging.getLogger("identity").warning("refused %s", base64.b64encode(number.encode()).decode())
    assert found_in(caplog.text)
