"""What every table of the house has in common."""

from __future__ import annotations

import pytest
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models

from sme_hub.field_map import FIELD_MAP, Class
from tests.architecture.house import ROOF, STACK, room_of
from tests.architecture.house import models as our_models

RANK = {room: height for height, room in enumerate((*STACK, ROOF))}


def _named(model: type[models.Model]) -> str:
    return f"{model._meta.app_label}.{model.__name__}"


def _relations():
    """Foreign keys and the like from one room to another of ours."""
    for model in our_models():
        for field in model._meta.get_fields():
            if field.is_relation and getattr(field, "remote_field", None) and not field.auto_created:
                target = field.related_model
                if isinstance(target, type) and room_of(target) in RANK and room_of(target) != room_of(model):
                    yield model, field, target


def test_foreign_keys_point_down_the_stack():
    wrong = [
        f"{_named(m)}.{f.name}" for m, f, target in _relations() if RANK[room_of(target)] >= RANK[room_of(m)]
    ]
    assert wrong == []


def test_foreign_keys_between_rooms_protect_and_add_nothing_to_the_other():
    wrong = [
        f"{_named(m)}.{f.name}"
        for m, f, _target in _relations()
        if f.remote_field.related_name != "+"
        or getattr(f.remote_field, "on_delete", None) is not models.PROTECT
    ]
    assert wrong == []


def test_nothing_points_at_an_event():
    from kernel.models import Event

    assert [f for m, f, target in _relations() if target is Event] == []
    assert not any(f.is_relation for f in Event._meta.get_fields())


def test_no_column_is_a_float():
    wrong = [
        f"{_named(m)}.{f.name}"
        for m in our_models()
        for f in m._meta.get_fields()
        if isinstance(f, models.FloatField)
    ]
    assert wrong == []


@pytest.mark.django_db
def test_append_only_models_are_so_by_trigger():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_append_only'")
        guarded = {row[0] for row in cursor.fetchall()}
    assert guarded == {m._meta.db_table for m in our_models() if getattr(m, "append_only", False)}


def test_rows_that_people_see_have_prefixes_of_their_own():
    prefixes = [m.PREFIX for m in our_models() if hasattr(m, "PREFIX")]
    assert len(prefixes) == len(set(prefixes))


def _classified_fields() -> dict[str, set[str]]:
    """The fields that can hold words, files or anything at all."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.FileField, SearchVectorField)
    found: dict[str, set[str]] = {}
    for model in our_models():
        for field in model._meta.get_fields():
            holds = getattr(field, "base_field", field)  # an array is what its elements are
            if isinstance(holds, kinds):
                found.setdefault(_named(model), set()).add(field.name)
    return found


def test_the_field_map_is_complete():
    mapped = {name: set(fields) for name, fields in FIELD_MAP.items()}
    found = _classified_fields()
    missing = {name: fields - mapped.get(name, set()) for name, fields in found.items()}
    assert {name: fields for name, fields in missing.items() if fields} == {}
    stale = {name: fields - found.get(name, set()) for name, fields in mapped.items()}
    assert {name: fields for name, fields in stale.items() if fields} == {}
    assert all(isinstance(value, Class) for fields in FIELD_MAP.values() for value in fields.values())
