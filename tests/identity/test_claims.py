"""Claims: sent with evidence, decided one by one by an officer, and ending by themselves."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.utils import timezone
from PIL import Image

from identity import services
from identity.actors import Staff, staff_actor
from identity.models import Claim
from identity.services.evidence import MOST_BYTES
from identity.states import ClaimKind, ClaimState, Role
from kernel.errors import Refused
from kernel.models import Event
from tests import factories

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind: str = "PNG", size: tuple[int, int] = (20, 20)) -> bytes:
    stream = io.BytesIO()
    Image.new("1", size).save(stream, kind)
    return stream.getvalue()


def submit(
    kind: str = ClaimKind.REGISTRATION, content: bytes = PDF, name: str = "extract.pdf", actor: object = None
) -> Claim:
    return services.submit_claim(
        actor=actor or factories.alice(),
        kind=kind,
        statement="BizFile of 1 November",
        evidence=io.BytesIO(content) if content is not None else None,
        evidence_name=name,
        now=timezone.now(),
    )


def decide(claim: Claim, actor: Staff | None = None, **given: object) -> Claim:
    wanted = {
        "verified": True,
        "source": "ACRA BizFile",
        "expires_on": timezone.localdate() + timedelta(days=365),
        "reason": "",
        "now": timezone.now(),
    }
    return services.decide_claim(actor=actor or factories.officer(), claim=claim, **wanted | given)


def refused_with(verb: object, *args: object, **given: object) -> str:
    with pytest.raises(Refused) as refused:
        verb(*args, **given)
    return refused.value.code


def test_a_verified_registration_shows_its_day_and_ends_by_itself() -> None:
    claim = submit()
    company = factories.alice().company
    assert not company.is_checked_on(timezone.localdate())
    decided = decide(claim)
    company.refresh_from_db()
    assert (decided.state, decided.verifier.name) == (ClaimState.VERIFIED, "Olive Ong")
    assert company.registration_checked_on == timezone.localdate()
    assert company.is_checked_on(decided.expires_on)
    assert not company.is_checked_on(decided.expires_on + timedelta(days=1))
    assert not decided.holds_on(decided.expires_on + timedelta(days=1))


def test_claims_are_decided_one_by_one() -> None:
    registration, address = submit(), submit(ClaimKind.ADDRESS)
    decide(address)
    registration.refresh_from_db()
    company = factories.alice().company
    company.refresh_from_db()
    assert registration.state == ClaimState.SUBMITTED
    assert company.registration_checked_on is None


def test_a_refusal_needs_a_reason_and_a_check_a_source_and_an_end() -> None:
    claim = submit()
    today = timezone.localdate()
    assert refused_with(decide, claim, verified=False) == "claim.reason_missing"
    assert refused_with(decide, claim, source=" ") == "claim.source_missing"
    for never in (None, today, date(1999, 1, 1)):
        assert refused_with(decide, claim, expires_on=never) == "claim.expiry_missing"
    claim.refresh_from_db()
    assert claim.state == ClaimState.SUBMITTED
    assert not Event.objects.filter(name="ClaimDecided").exists()


def test_what_was_refused_is_mended_and_sent_again() -> None:
    claim = decide(submit(), verified=False, reason="The extract is of 2019.")
    assert claim.expires_on is None
    again = submit()
    assert (again.pk, again.state, again.reason) == (claim.pk, ClaimState.SUBMITTED, "")


def test_a_waiting_claim_is_not_sent_twice() -> None:
    submit()
    assert refused_with(submit) == "state.illegal_move"


def test_a_check_taken_back_takes_the_badge() -> None:
    claim = decide(submit())
    decide(claim, verified=False, reason="The company was struck off.")
    company = factories.alice().company
    company.refresh_from_db()
    assert company.registration_checked_on is None


def test_a_badge_stays_while_a_new_check_waits_and_until_it_is_decided() -> None:
    decide(submit())
    submit()
    company = factories.alice().company
    company.refresh_from_db()
    assert company.is_checked_on(timezone.localdate())


def test_another_registered_name_withdraws_what_was_checked() -> None:
    alice = factories.alice()
    decide(submit())
    decide(submit(ClaimKind.ADDRESS))
    services.edit_company(
        actor=alice, details=services.CompanyDetails(legal_name="Another Pte. Ltd."), now=timezone.now()
    )
    states = dict(Claim.objects.values_list("kind", "state"))
    assert states == {ClaimKind.REGISTRATION: ClaimState.WITHDRAWN, ClaimKind.ADDRESS: ClaimState.VERIFIED}
    alice.company.refresh_from_db()
    assert alice.company.registration_checked_on is None


def test_only_officers_with_the_permission_decide() -> None:
    claim = submit()
    clerk = factories.a_user("clerk@programme.example")
    clerk.is_staff = True
    clerk.save()
    assert refused_with(decide, claim, staff_actor(clerk)) == "forbidden"
    assert refused_with(decide, claim, factories.alice()) == "forbidden"


def test_an_officer_does_not_decide_for_their_own_company() -> None:
    alice = factories.alice()
    alice.user.is_staff = alice.user.is_superuser = True
    alice.user.save()
    assert refused_with(decide, submit(), staff_actor(alice.user)) == "claim.own"


def test_only_the_owner_claims() -> None:
    seller = factories.a_colleague(factories.alice(), Role.SELLER)
    assert refused_with(submit, actor=seller) == "forbidden"
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("content", "ending"), [(PDF, ".pdf"), (picture("PNG"), ".png"), (picture("JPEG"), ".jpg")]
)
def test_evidence_is_known_by_its_content_not_its_name(content: bytes, ending: str) -> None:
    claim = submit(content=content, name="../../etc/passwd.exe")
    assert claim.evidence.name.startswith("claims/")
    assert claim.evidence.name.endswith(ending)
    assert claim.evidence_name == f"passwd{ending}"


@pytest.mark.parametrize(
    "content",
    [
        b"not a file of any kind",
        b"%PDF-1.7 cut off",
        picture("PNG")[:40],
        picture("GIF"),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"MZ" + bytes(100),
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 200,
    ],
)
def test_other_files_are_refused(content: bytes) -> None:
    assert refused_with(submit, content=content) == "claim.evidence_of_another_kind"
    assert not Claim.objects.exists()


def test_too_large_files_are_refused() -> None:
    assert refused_with(submit, content=PDF + bytes(MOST_BYTES)) == "claim.evidence_too_large"
    assert refused_with(submit, content=picture("PNG", (13_000, 13_000))) == "claim.evidence_too_large"
    assert refused_with(submit, content=picture("PNG", (8_000, 8_000))) == "claim.evidence_too_large"
    assert refused_with(submit, content=None) == "claim.evidence_missing"
