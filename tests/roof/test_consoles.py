"""The consoles, that of officers and operators and that of the office of cases × who oversees, settles, trades or has left.

A page of a console without a row fails. People with a seat in the office see their own cases and nothing of the operators'
desk; officers and operators see nothing of cases; whoever trades sees neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import URLResolver, get_resolver, reverse

from disputes.admin import site as mediation
from kernel.models import Event
from tests.identity.lists import a_candidate
from tests.roof.crowd import OTHERS, Crowd, rows
from tests.roof.world import asked, undone

EVERYBODY = ("charlie", "alice owner", "bank owner", *OTHERS)
OFFICERS = ("clerk", "operator", "head")
SEATED = ("mediator", "another mediator", "manager", "another manager", "desk")

# --- /operator/ ------------------------------------------------------------------------------------------------------

#: Who reads a table of the operators' desk, its rows and their history, and who adds to it. What stands there is changed by
#: verbs and never deleted: only switches are set by hand. Nobody else is let in.
DESK_TABLES = """
#                            reads               sets
identity_assurancelevel      clerk, head         clerk, head
identity_bankaccountchange   clerk, head         –
identity_candidate           clerk, head         –
identity_claim               clerk, head         –
identity_company             clerk, head         –
identity_enquiry             clerk, head         –
identity_entitybinding       clerk, head         –
identity_externalidentity    head                –
identity_frameworkdraft      clerk, head         –
identity_identitylink        clerk, head         –
identity_issuer              clerk, head         clerk, head
identity_listsnapshot        clerk, head         –
identity_membership          head                –
identity_purposerequirement  clerk, head         –
identity_recognitionpolicy   clerk, head         clerk, head
identity_trustframework      clerk, head         clerk, head
identity_user                head                –
kernel_delivery              operator, head      –
kernel_event                 operator, head      –
kernel_switch                operator, head      operator, head
catalog_category             head                –
catalog_datasheet            head                –
catalog_image                head                –
catalog_importjob            head                –
catalog_importproblem        head                –
catalog_product              head                –
catalog_stockmovement        head                –
documents_numberseries       head                –
documents_paper              head                –
financing_bank               head                –
financing_offer              head                –
financing_offerrequest       head                –
tariffs_exchangerate         head                –
tariffs_taxrate              head                –
"""
#: new rows are made by a form that calls the verb; nobody edits one
ADDED_BY_VERB = {
    "identity_assurancelevel",
    "identity_issuer",
    "identity_recognitionpolicy",
    "identity_trustframework",
}
#: pages of the desk beside its tables
DESK_PAGES = """
index                       clerk, operator, head
app_list                    clerk, head             # of identity
identity_bankaccountchange_decide  clerk, head
identity_candidate_decide   clerk, head
identity_claim_decide       clerk, head
identity_listsnapshot_import  clerk, head
password_change             clerk, operator, head
password_change_done        clerk, operator, head
jsi18n                      clerk, operator, head
"""
#: acts on chosen rows: what is sent to a table's list
DESK_ACTS = """
identity_company suspend            clerk, head
identity_company reinstate          clerk, head
identity_frameworkdraft confirm     clerk, head
identity_frameworkdraft drop        clerk, head
identity_issuer suspend             clerk, head
identity_issuer reinstate           clerk, head
identity_recognitionpolicy approve  clerk, head
identity_recognitionpolicy end      clerk, head
identity_trustframework suspend     clerk, head
identity_trustframework reinstate   clerk, head
kernel_delivery replay_parked       operator, head
"""
TABLE_PAGES = ("changelist", "export", "add", "change", "history", "delete")
#: for whoever comes; for machines of the desk's own pages, which answer with what the asking person may read anyway
DESK_DOORS = {"login", "logout", "autocomplete", "view_on_site"}


def test_every_page_of_the_desk_has_a_row() -> None:
    tables = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    assert set(rows(DESK_TABLES)) == tables
    of_tables = {f"{table}_{page}" for table in tables for page in TABLE_PAGES}
    beside = {name for name in _names("admin") if name not in of_tables}
    assert beside == set(rows(DESK_PAGES)) | DESK_DOORS


def test_officers_read_and_set_what_the_table_says(crowd: Crowd) -> None:
    wrong = []
    for table, (reads, sets) in rows(DESK_TABLES).items():
        row = apps.get_model(*table.split("_")).objects.first()
        pages = {"changelist": reads, "export": reads, "add": sets}
        if row is not None:
            pages |= {"change": reads, "history": reads, "delete": "–"}
        for page, who in pages.items():
            args = [row.pk] if page in ("change", "history", "delete") else ["csv"] * (page == "export")
            address = reverse(f"admin:{table}_{page}", args=args)
            wrong += list(_unlike(crowd, "GET", address, who, OFFICERS, 403))
            if page in ("add", "delete"):
                wrong += list(_unlike(crowd, "POST", address, who, OFFICERS, 403))
        if row is not None:
            address = reverse(f"admin:{table}_change", args=[row.pk])
            edits = "–" if table in ADDED_BY_VERB else sets
            wrong += list(_unlike(crowd, "POST", address, edits, OFFICERS, 403))
    assert wrong == []


def test_officers_find_at_the_desk_what_the_table_says(crowd: Crowd) -> None:
    claim = apps.get_model("identity", "Claim").objects.earliest("pk").pk
    candidate = a_candidate().pk
    args = {
        "app_list": ["identity"],
        "identity_claim_decide": [claim],
        "identity_candidate_decide": [candidate],
        "identity_bankaccountchange_decide": [
            apps.get_model("identity", "BankAccountChange").objects.get().pk
        ],
    }
    wrong = []
    for page, (who,) in rows(DESK_PAGES).items():
        address = reverse(f"admin:{page}", args=args.get(page, []))
        refused = 404 if page == "app_list" else 403
        wrong += list(_unlike(crowd, "GET", address, who, OFFICERS, refused))
        wrong += list(_unlike(crowd, "POST", address, who, OFFICERS, refused))
    assert wrong == []


def test_officers_act_at_the_desk_as_the_table_says(crowd: Crowd) -> None:
    wrong = []
    for row, (who,) in rows(DESK_ACTS).items():
        table, action = row.split()
        chosen = apps.get_model(*table.split("_")).objects.earliest("pk").pk
        sent = {"action": action, "_selected_action": chosen, "confirmed": "1", "reason": "No licence"}
        for officer in OFFICERS:
            found = crowd.posted(officer, reverse(f"admin:{table}_changelist"), sent).status_code
            if found != (302 if officer in who else 403):
                wrong.append(f"{row} by {officer}: {found}")
    assert wrong == []


@pytest.mark.parametrize("officer", ["clerk", "head"])
def test_the_officers_home_leads_only_where_they_may_go(crowd: Crowd, officer: str) -> None:
    client = crowd.client(officer)
    links = set(re.findall(r'href="(/operator/[^"]*)"', client.get(reverse("programme")).content.decode()))
    assert len(links) > 2
    assert {link: found for link in links if (found := client.get(link).status_code) != 200} == {}


def test_nobody_else_is_let_in_at_the_desk(crowd: Crowd) -> None:
    """Not even a mediator; nothing is read, and nothing that is sent is taken."""
    before, wrong = Event.objects.count(), []
    for who in ("anonymous", *(who for who in EVERYBODY if who not in OFFICERS)):
        client = crowd.client(who)
        for address in _desk_addresses():
            found = {client.get(address).status_code, client.post(address).status_code}
            if not found <= {302, 403}:
                wrong.append(f"{address} for {who}: {found}")
        answer = client.get(reverse("admin:index"), follow=True)
        if answer.status_code != (200 if who == "anonymous" else 403):
            wrong.append(f"the front for {who}: {answer.status_code}")
    assert wrong == []
    assert Event.objects.count() == before


def _desk_addresses() -> Iterator[str]:
    for table in rows(DESK_TABLES):
        yield reverse(f"admin:{table}_changelist")
        yield reverse(f"admin:{table}_export", args=["csv"])
        yield reverse(f"admin:{table}_change", args=[1])
    yield reverse("admin:identity_claim_decide", args=[1])
    yield reverse("admin:identity_candidate_decide", args=[1])
    yield reverse("admin:identity_bankaccountchange_decide", args=[1])
    yield reverse("admin:identity_listsnapshot_import")


# --- /mediation/ -----------------------------------------------------------------------------------------------------

#: who is let in; for everybody else there is no such page
OFFICE_PAGES = """
index                           mediator, another mediator, manager, another manager, desk
jsi18n                          mediator, another mediator, manager, another manager, desk
disputes_case_changelist        mediator, another mediator, manager, another manager, desk
disputes_appointment_changelist  mediator, another mediator, manager, another manager
disputes_filing_changelist      manager, another manager, desk
case                            mediator, manager
disputes_case_export            mediator, another mediator, manager, another manager, desk
disputes_appointment_export     mediator, another mediator, manager, another manager
disputes_filing_export          manager, another manager, desk
case_room                       mediator                # the joint room
case_record                     nobody                  # until it is over
case_file                       mediator                # it was sent in the joint room
case_session                    mediator
"""
#: and what `test_acts_on_cases.py` tries, act by act
OFFICE_DOORS = {"login", "logout", "case_act"}


def test_every_page_of_the_office_has_a_row() -> None:
    assert set(rows(OFFICE_PAGES)) | OFFICE_DOORS == set(_names("mediation"))
    assert len(mediation._registry) == 3


def test_the_office_is_for_who_has_a_seat(crowd: Crowd) -> None:
    wrong = []
    for page, (who,) in rows(OFFICE_PAGES).items():
        wrong += list(_unlike(crowd, "GET", _office(crowd, page), who, EVERYBODY, 404))
        wrong += list(_unlike(crowd, "POST", _office(crowd, page), who, SEATED, 404))
    assert wrong == []


def test_nobody_else_is_let_in_to_act_on_a_case(crowd: Crowd) -> None:
    address = reverse("mediation:case_act", args=[crowd.world.ids["alice"]["case"], "message"])
    for who in ("anonymous", *(who for who in EVERYBODY if who not in SEATED)):
        answer = crowd.posted(who, address)
        assert (answer.status_code, "login" in answer["Location"]) == (302, True), who


def test_signing_in_leads_to_the_office(crowd: Crowd) -> None:
    for page, (_who,) in rows(OFFICE_PAGES).items():
        answer = asked(crowd.client("anonymous"), "GET", _office(crowd, page))
        assert (answer.status_code, "login" in answer["Location"]) == (302, True), page
    assert crowd.client("mediator").get(reverse("mediation:login"))["Location"] == reverse("mediation:index")


def _office(crowd: Crowd, page: str) -> str:
    ids = crowd.world.ids["alice"]
    things = {
        "case": [ids["case"]],
        "case_room": [ids["case"], "joint"],
        "case_record": [ids["case"]],
        "case_file": [ids["case"], ids["attachment"]],
        "case_session": [ids["case"], ids["meeting"]],
    }
    form = ["csv"] if page.endswith("_export") else []
    return reverse(f"mediation:{page}", args=things.get(page, form))


# --- names and addresses ---------------------------------------------------------------------------------------------


def _names(space: str) -> Iterator[str]:
    """The named pages of a console."""
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and resolver.namespace == space:
            yield from (pattern.name for pattern in leaves(resolver) if pattern.name)


def leaves(resolver: URLResolver) -> Iterator[Any]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from leaves(pattern)
        else:
            yield pattern


def _people(cell: str) -> set[str]:
    return {who.strip() for who in cell.split(",")}


def _unlike(
    crowd: Crowd, method: str, address: str, cell: str, askers: tuple[str, ...], refused: int
) -> Iterator[str]:
    """Where an answer is not as the table says; who is led to sign in is followed to what they find there."""
    for who in askers:
        client = crowd.client(who)
        with undone():
            found = getattr(client, method.lower())(address, follow=True).status_code
        right = {200 if who in _people(cell) else refused} | ({405} if method == "POST" else set())
        if found not in right:
            yield f"{method} {address} for {who}: {found} instead of {right}"
