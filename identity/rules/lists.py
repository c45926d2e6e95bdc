"""What publishers of lists write, read into one shape. Pure: rows and elements in, records out.

ACRA         open data, CSV with a header: either set of columns, `uen … entity_name` of one file or of the monthly parts
OFAC         `sdn.csv`: no header, 12 columns, `-0-` for nothing, programmes joined by `] [`, weak aliases in the remarks
UN           consolidated list, XML: `INDIVIDUAL` and `ENTITY` with aliases of good or low quality
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from django.utils.translation import gettext_lazy as _

from identity.rules.names import script_of
from identity.rules.registers import Standing, standing_of
from identity.states import EntryKind, RegistrationKind
from kernel.errors import Refused

MOST_NAMES = 400
MOST_NAME_LETTERS = 500
MOST_REF_LETTERS = 40
#: of anything else that is kept
MOST_FACT_LETTERS = 2000


class RowUnusable(Refused):
    """One row is not as its publisher writes it: nothing is taken from such a file. `line` counts rows or records."""

    field = "file"


class WrongCells(RowUnusable):
    code = "list.wrong_cells"
    message = _(
        "Line %(line)d has %(found)d cells instead of %(wanted)d: the file is cut off, or another list."
    )


class NoNumber(RowUnusable):
    code = "list.no_number"
    message = _("Entry %(line)d has no number of its publisher's, or one that is too long.")


class NoName(RowUnusable):
    code = "list.no_name"
    message = _("Entry %(line)d has no name.")


class NamesTooLong(RowUnusable):
    code = "list.names_too_long"
    message = _("The names of entry %(line)d are longer or more than any publisher gives.")


class KindUnknown(RowUnusable):
    code = "list.kind_unknown"
    message = _("Entry %(line)d is of a kind that this list does not have.")


class ColumnsMissing(Refused):
    code = "list.columns_missing"
    message = _("The first row must name these columns as the publisher does: %(columns)s.")
    field = "file"


@dataclass(frozen=True)
class Name:
    name: str
    weak: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "script": script_of(self.name), "weak": self.weak}


@dataclass(frozen=True)
class Record:
    """One entry of a list, as its publisher says it."""

    ref: str
    kind: str
    names: tuple[Name, ...]
    programme: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    #: what tells this one from another of the same name: dates, places and numbers, made plain. Compared, and never kept
    marks: tuple[str, ...] = ()

    def digest(self, marked: Callable[[str], str]) -> str:
        """The same as long as the publisher says the same; neither order, spelling nor notes of law in remarks count.

        `marked` makes of the marks what cannot be turned back.
        """
        main, *others = ([name.name, name.weak] for name in self.names)
        said = [self.ref, self.kind, [main, *sorted(others)], self.programme]
        counted = sorted((name, value) for name, value in self.facts.items() if name != MENTIONED)
        marks = [marked("\n".join(self.marks))] if self.marks else []
        whole = json.dumps([*said, counted, *marks], ensure_ascii=False)
        return hashlib.sha256(whole.encode()).hexdigest()


# --- ACRA ------------------------------------------------------------------------------------------------------------

#: ours → theirs, in any of the publisher's editions
ACRA_COLUMNS = {
    "uen": ("uen",),
    "name": ("entity_name",),
    "type": ("entity_type_desc", "entity_type_description", "entity_type"),
    "status": ("uen_status_desc", "entity_status_description", "uen_status", "entity_status"),
    "registered_on": ("registration_incorporation_date", "uen_issue_date"),
    "street": ("reg_street_name", "street_name"),
    "postal_code": ("reg_postal_code", "postal_code"),
}
_NEEDED = ("uen", "name", "status")
_NOTHING = {"", "na", "n/a", "null", "-"}


def acra_columns(header: Sequence[str]) -> list[str]:
    """Our name for each column, empty for those that are left. Raises `ColumnsMissing`."""
    ours = {theirs: name for name, editions in ACRA_COLUMNS.items() for theirs in reversed(editions)}
    found: list[str] = []
    for title in header:
        name = ours.get(title.strip().lower(), "")
        found.append("" if name in found else name)
    missing = [ACRA_COLUMNS[name][0] for name in _NEEDED if name not in found]
    if missing:
        raise ColumnsMissing(columns=", ".join(missing))
    return found


def acra_record(row: Sequence[str], columns: Sequence[str], line: int) -> Record:
    if len(row) != len(columns):
        raise WrongCells(line=line, found=len(row), wanted=len(columns))
    cells = {name: _present(cell) for name, cell in zip(columns, row, strict=True) if name}
    uen, name = cells.pop("uen").upper(), cells.pop("name")
    facts = {key: value for key, value in cells.items() if value}
    return _checked(Record(uen, EntryKind.REGISTRY, (Name(name),) if name else (), "", facts), line)


def is_live(status: str) -> bool:
    """Whether the register's word for a company's standing means that it exists and trades."""
    return standing_of(RegistrationKind.UEN, status) == Standing.LIVE


# --- OFAC ------------------------------------------------------------------------------------------------------------

OFAC_CELLS = 12
_OFAC_KINDS = {
    "individual": EntryKind.PERSON,
    "": EntryKind.ENTITY,
    "entity": EntryKind.ENTITY,
    "vessel": EntryKind.VESSEL,
    "aircraft": EntryKind.VESSEL,
}
_ALIAS = re.compile(r"\b[afn]\.k\.a\.\s*[\"'“‘](.+?)[\"'”’](?=\s*[;.,)]|\s*$)", re.IGNORECASE)
#: all that is kept of remarks, which name papers of a hundred kinds: years of birth and nationalities
_BORN = re.compile(r"(?:alt\. )?DOB\b.*?\b((?:1[89]|20)\d\d)", re.IGNORECASE)
_NATIONALITY = re.compile(r"(?:alt\. )?(?:nationality|citizen) ([^\d;:]{2,60}?)\.?", re.IGNORECASE)
#: what else remarks tell somebody apart by: named to the reader, who finds it at the publisher's, and not kept
_MARKS = (
    *(
        "DOB",
        "POB",
        "Gender",
        "nationality",
        "citizen",
        "Passport",
        "National ID",
        "Identification Number",
        "Personal ID",
    ),
    *(
        "Tax ID",
        "SSN",
        "Registration",
        "Company Number",
        "Business Number",
        "Commercial Registry",
        "License",
        "Phone",
    ),
    *(
        "Email",
        "Website",
        "Digital Currency Address",
        "Linked To",
        "SWIFT",
        "IMO",
        "MMSI",
        "Vessel Registration",
    ),
    *(
        "Chinese Commercial Code",
        "Unified Social Credit Code",
        "Organization Established Date",
        "Target Type",
        "NRIC",
    ),
)
_MARK = re.compile(rf"\(?(?:alt\. )?({'|'.join(_MARKS)})\b", re.IGNORECASE)
#: notes of law, which say nothing of who it is
_NOTES = re.compile(
    r"\(?(?:Secondary sanctions risk|Additional Sanctions Information|Executive Order|Section \d|Transactions Prohibited)",
    re.IGNORECASE,
)
#: key of the fact that names them
MENTIONED = "mentioned"
#: as many digits as a number of a person has, however they are parted
_LONG_NUMBER = re.compile(r"(?:\d[\s./-]{0,2}){5,}")


def ofac_record(row: Sequence[str], line: int) -> Record:
    if len(row) != OFAC_CELLS:
        raise WrongCells(line=line, found=len(row), wanted=OFAC_CELLS)
    number, name, kind, programmes, title, *_ship, flag, owner, remarks = (_ofac_cell(cell) for cell in row)
    if not number.isdigit():
        raise NoNumber(line=line)
    if kind.lower() not in _OFAC_KINDS:
        raise KindUnknown(line=line)
    weak = [Name(alias.strip(), weak=True) for alias in _ALIAS.findall(remarks)]
    facts = {"title": title, "flag": flag, "owner": owner, **_remarked(remarks)}
    return _checked(
        Record(
            number,
            _OFAC_KINDS[kind.lower()],
            tuple(_once([Name(name), *weak])),
            ", ".join(part.strip(" []") for part in programmes.split("] [")),
            _without_numbers(facts) | _mentioned(remarks),
            _marks_of(remarks.split(";")),
        ),
        line,
    )


def _mentioned(remarks: str) -> dict[str, str]:
    """The kinds of what remarks tell, in the publisher's words, but for what is kept itself."""
    known = {mark.casefold(): mark for mark in _MARKS if mark not in ("DOB", "nationality", "citizen")}
    found = (_MARK.match(part.strip()) for part in remarks.split(";"))
    kinds = dict.fromkeys(known[kind] for mark in found if mark and (kind := mark[1].casefold()) in known)
    return {MENTIONED: ", ".join(kinds)} if kinds else {}


def _marks_of(parts: Iterable[str]) -> tuple[str, ...]:
    """Without order, case and signs: whatever carries a digit or begins like a mark, but for notes of law."""
    stripped = (_ALIAS.sub("", part).strip() for part in parts)
    told = (part for part in stripped if re.search(r"\d", part) or _MARK.match(part))
    plain = {re.sub(r"[\W_]+", "", part).casefold() for part in told if not _NOTES.match(part)}
    return tuple(sorted(plain - {""}))


def _remarked(remarks: str) -> dict[str, str]:
    parts = [part.strip() for part in remarks.split(";")]
    years = [found[1] for part in parts if (found := _BORN.match(part))]
    states = [found[1] for part in parts if (found := _NATIONALITY.fullmatch(part))]
    return {"born": ", ".join(dict.fromkeys(years)), "nationality": ", ".join(dict.fromkeys(states))}


def _ofac_cell(cell: str) -> str:
    """`-0-`, with whatever blanks around it, is nothing."""
    plain = cell.strip()
    return "" if plain == "-0-" else plain


# --- UN --------------------------------------------------------------------------------------------------------------

UN_ROOT = "CONSOLIDATED_LIST"
UN_RECORDS = {"INDIVIDUAL": EntryKind.PERSON, "ENTITY": EntryKind.ENTITY}
_UN_NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_UN_FACTS = {
    "reference": "REFERENCE_NUMBER",
    "listed_on": "LISTED_ON",
    "nationality": "NATIONALITY/VALUE",
    "designation": "DESIGNATION/VALUE",
    "country": "ENTITY_ADDRESS/COUNTRY",
}


#: what tells somebody apart there; the comments are notes
_UN_MARKS = ("INDIVIDUAL_DATE_OF_BIRTH", "INDIVIDUAL_PLACE_OF_BIRTH", "INDIVIDUAL_DOCUMENT")


def un_record(element: Element, line: int) -> Record:
    """`INDIVIDUAL_DOCUMENT` is compared only, and the comments are left out: numbers of identity papers are kept nowhere."""
    tag = element.tag
    ref = _text(element, "DATAID")
    if not ref:
        raise NoNumber(line=line)
    main = " ".join(part for part in (_text(element, name) for name in _UN_NAME_PARTS) if part)
    original = _text(element, "NAME_ORIGINAL_SCRIPT")
    names = [Name(main), *([Name(original)] if original else []), *_un_aliases(element, f"{tag}_ALIAS")]
    facts = {name: _text(element, path) for name, path in _UN_FACTS.items()}
    return _checked(
        Record(
            ref,
            UN_RECORDS[tag],
            tuple(_once(names)),
            _text(element, "UN_LIST_TYPE"),
            _without_numbers(facts, dates=("listed_on",)),
            tuple(
                sorted(
                    " ".join("".join(part.itertext()).split())
                    for path in _UN_MARKS
                    for part in element.iter(path)
                )
            ),
        ),
        line,
    )


def _un_aliases(element: Element, tag: str) -> Iterator[Name]:
    for alias in element.findall(tag):
        weak = _text(alias, "QUALITY").lower() in ("low", "weak")
        for name in _text(alias, "ALIAS_NAME").split(";"):
            if name.strip():
                yield Name(" ".join(name.split()), weak)


def _text(element: Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


# --- all -------------------------------------------------------------------------------------------------------------


def _checked(record: Record, line: int) -> Record:
    """What can be kept and compared. Raises `RowUnusable`."""
    if not record.ref or len(record.ref) > MOST_REF_LETTERS:
        raise NoNumber(line=line)
    if not record.names or not record.names[0].name:
        raise NoName(line=line)
    if len(record.names) > MOST_NAMES or any(len(name.name) > MOST_NAME_LETTERS for name in record.names):
        raise NamesTooLong(line=line)
    if len(record.programme) > 200:
        raise NamesTooLong(line=line)
    return record


def _without_numbers(facts: Mapping[str, str], dates: Sequence[str] = ()) -> dict[str, str]:
    """What is said, but for texts that may hold the number of a person."""
    return {
        key: value[:MOST_FACT_LETTERS]
        for key, value in facts.items()
        if value and (key in dates or not _LONG_NUMBER.search(value))
    }


def _once(names: Iterable[Name]) -> Iterator[Name]:
    seen: set[str] = set()
    for name in names:
        if name.name and name.name not in seen:
            seen.add(name.name)
            yield name


def _present(cell: str) -> str:
    plain = " ".join(cell.split())
    return "" if plain.lower() in _NOTHING else plain
