"""The pages of a company: open to its own people, unseen by strangers, refused to those without the role."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from identity.actors import Member
from identity.states import Role
from tests import factories

pytestmark = pytest.mark.django_db

#: pages that every member reads
READING = ["workspace", "company", "claims", "members", "addresses", "bank", "tokens", "token_new"]
#: pages for some roles: who may open them
WORKING = {
    "company_edit": {Role.OWNER},
    "member_invite": {Role.OWNER},
    "mandates": {Role.OWNER},
    "mandate_new": {Role.OWNER},
    "claim_submit": {Role.OWNER},
    "address_new": {Role.OWNER, Role.SELLER, Role.BUYER, Role.FINANCE, Role.LOGISTICS},
    "bank_set": {Role.OWNER, Role.FINANCE},
}
MORE = {"claim_submit": {"kind": "registration"}, "bank_set": {"currency": "SGD"}}


def address_of(name: str, of: Member, **more: str) -> str:
    return reverse(name, kwargs={"company": of.company.slug, **MORE.get(name, {}), **more})


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", [*READING, *WORKING])
def test_its_owner_opens_it_in_both_languages(client: Client, name: str, language: str) -> None:
    alice = factories.alice()
    alice.user.language = language
    alice.user.save(update_fields=["language"])
    response = factories.sign_in(client, alice).get(address_of(name, alice))
    assert response.status_code == 200
    html = response.content.decode()
    assert html.count("<h1") == 1
    assert f'<html lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in html
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", [*READING, *WORKING])
def test_a_stranger_does_not_see_it(client: Client, name: str) -> None:
    alice, charlie = factories.alice(), factories.charlie()
    assert factories.sign_in(client, charlie).get(address_of(name, alice)).status_code == 404


@pytest.mark.parametrize("name", [*READING, *WORKING])
def test_nobody_sees_it_before_sign_in(client: Client, name: str) -> None:
    response = client.get(address_of(name, factories.alice()))
    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
@pytest.mark.parametrize("name", WORKING)
def test_a_colleague_opens_it_with_the_role_only(client: Client, name: str, role: Role) -> None:
    colleague = factories.a_colleague(factories.alice(), role)
    expected = 200 if role in WORKING[name] else 403
    assert factories.sign_in(client, colleague).get(address_of(name, colleague)).status_code == expected


def test_session_user_and_actor_cost_three_statements(client: Client, django_assert_num_queries) -> None:
    alice = factories.alice()
    factories.sign_in(client, alice)
    client.get(address_of("address_new", alice))
    with django_assert_num_queries(3):
        client.get(address_of("address_new", alice))


def test_a_new_company_is_told_its_first_steps(client: Client) -> None:
    charlie = factories.charlie()
    page = factories.sign_in(client, charlie).get(address_of("workspace", charlie))
    assert [step.done for step in page.context["steps"]][:2] == [False, False]
    factories.an_address(charlie)
    again = client.get(address_of("workspace", charlie))
    assert [step.done for step in again.context["steps"]][:2] == [False, True]


def test_the_desk_leads_an_officer_without_a_company_to_the_programme_office(client: Client) -> None:
    factories.sign_in(client, factories.officer())
    assert client.get(reverse("desk"))["Location"] == reverse("programme")


def test_the_desk_leads_to_the_only_company_and_lets_one_choose(client: Client) -> None:
    bo = factories.bo()
    factories.sign_in(client, bo)
    assert client.get(reverse("desk"))["Location"] == address_of("workspace", bo)
    other = factories.a_colleague(factories.alice(), Role.BUYER, email=bo.user.email)
    client.session.flush()
    factories.sign_in(client, bo)
    choice = client.get(reverse("desk"))
    assert choice.status_code == 200
    assert address_of("workspace", other) in choice.content.decode()
    client.get(address_of("workspace", other))
    assert client.get(reverse("desk"))["Location"] == address_of("workspace", other)
    assert client.get(f"{reverse('desk')}?all").status_code == 200


def test_two_tabs_act_for_two_companies(client: Client) -> None:
    bo = factories.bo()
    other = factories.a_colleague(factories.alice(), Role.BUYER, email=bo.user.email)
    factories.sign_in(client, bo)
    client.get(address_of("addresses", other))
    new = {
        "label": "Tab one",
        "city": "Shenzhen",
        "country": "CN",
        "lines_en": "1 Road",
        "for_shipping": "on",
    }
    client.post(address_of("address_new", bo), new)
    assert bo.company.addresses.filter(label="Tab one").exists()
    assert not other.company.addresses.filter(label="Tab one").exists()


def test_a_fragment_sends_the_whole_page_to_sign_in(client: Client) -> None:
    response = client.get(address_of("members", factories.alice()), headers={"HX-Request": "true"})
    assert "/accounts/login/" in response["HX-Redirect"]
