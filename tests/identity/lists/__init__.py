"""Small files in the formats of their publishers, with made-up names, and ways to bring them in.

sdn.csv              OFAC: no header, 12 columns
consolidated.xml     United Nations
entities.csv         ACRA's open data
"""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from identity import services
from identity.actors import System
from identity.models import Candidate, ListSnapshot, ListSource
from kernel.services import drain
from tests import factories

HERE = Path(__file__).parent
OFFICE = System(reason="import_list")
#: what the files are called here
FILES = {"ofac_sdn": "sdn.csv", "un_consolidated": "consolidated.xml", "acra": "entities.csv"}


def sample(source: str) -> bytes:
    return (HERE / FILES[source]).read_bytes()


def sdn(*rows: tuple[int, str] | tuple[int, str, str]) -> bytes:
    """Number, name and, if any, remarks of organisations."""
    lines = (
        f'{number},"{name}",-0- ,"SDGT] [IFSR",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,{_remark(*remarks)}'
        for number, name, *remarks in rows
    )
    return "".join(f"{line}\r\n" for line in lines).encode()


def _remark(words: str = "") -> str:
    return f'"{words}"' if words else "-0- "


def acra(*rows: tuple[str, str, str]) -> bytes:
    """UEN, name and status of companies."""
    head = "uen,issuance_agency_desc,uen_status_desc,entity_name,entity_type_desc,uen_issue_date,reg_street_name,reg_postal_code"
    lines = (
        f'{uen},ACRA,{status},"{name}",Local Company,2019-03-01,HARBOUR ROAD,099253'
        for uen, name, status in rows
    )
    return "\n".join((head, *lines, "")).encode()


def receive(
    source: str, content: bytes, *, as_of: date | None = None, now: datetime | None = None
) -> ListSnapshot:
    """The file as the command brings it in; nobody has read it yet."""
    now = now or timezone.now()
    return services.receive_list(
        actor=OFFICE,
        source=ListSource.objects.get(code=source),
        file=io.BytesIO(content),
        file_name=FILES[source],
        as_of=as_of or timezone.localdate(now),
        now=now,
    )


def bring_in(source: str, content: bytes, **given: date | datetime) -> ListSnapshot:
    """The file, read and compared with every company."""
    snapshot = receive(source, content, **given)  # type: ignore[arg-type]
    while drain("slow", seconds=30):
        pass
    drain("fast", seconds=30)
    snapshot.refresh_from_db()
    return snapshot


def a_candidate() -> Candidate:
    """Alice's company is like an entry of a list."""
    factories.alice()
    bring_in("ofac_sdn", sdn((900, "TANJUNG BOLTS LLC")))
    found: Candidate = Candidate.objects.latest("pk")
    return found
