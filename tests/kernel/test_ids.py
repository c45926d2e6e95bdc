"""Public ids: what addresses carry in place of the key."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.ids import MalformedId, new_uuid, parse_public_id, public_id


@given(st.uuids())
def test_an_id_comes_back_as_it_went(value):
    assert parse_public_id("ord", public_id("ord", value)) == value


def test_ids_sort_by_time():
    made = [public_id("ord", new_uuid()) for _ in range(50)]
    assert made == sorted(made)


def test_another_kinds_id_is_none_of_ours():
    with pytest.raises(MalformedId):
        parse_public_id("ord", public_id("prd", uuid.uuid4()))


@given(st.one_of(st.text(), st.from_regex(r"ord_[0-9a-z]{20,30}", fullmatch=True)))
def test_nonsense_is_malformed_and_nothing_worse(text):
    try:
        value = parse_public_id("ord", text)
    except MalformedId:
        return
    assert public_id("ord", value) == text
