"""Model instances from SQL written out, and back: for the few statements that every signed-in request, or a sign-in, makes.

The ORM composes its statement anew each time, which costs several times what PostgreSQL needs to answer it. Columns still
come from the model, so that a migration is not missed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.db.models import JSONField, Model

M = TypeVar("M", bound=Model)


@cache
def columns(model: type[Model], alias: str) -> str:
    """All columns of `model` for a SELECT, of the table called `alias`."""
    return ", ".join(f'"{alias}"."{field.column}"' for field in model._meta.concrete_fields)


@cache
def _names(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


@cache
def _json_columns(model: type[Model]) -> tuple[int, ...]:
    """Where the driver gives text that the ORM would read."""
    fields = model._meta.concrete_fields
    return tuple(number for number, field in enumerate(fields) if isinstance(field, JSONField))


def take(model: type[M], values: Sequence[Any]) -> tuple[M, Sequence[Any]]:
    """The instance that the first of `values` are the columns of, and the values that are left."""
    names = _names(model)
    own = values[: len(names)]
    if in_json := _json_columns(model):
        own = [
            json.loads(value) if number in in_json and isinstance(value, str) else value
            for number, value in enumerate(own)
        ]
    return model.from_db(connection.alias, names, own), values[len(names) :]


def write(instance: Model, names: Sequence[str]) -> None:
    """As `save(update_fields=names)` of a row that is there, for models of which nothing listens to that."""
    model = type(instance)
    fields = [model._meta.get_field(name) for name in names]
    values = [field.get_db_prep_save(getattr(instance, field.attname), connection) for field in fields]  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(_update_of(model, tuple(names)), [*values, instance.pk])
        if cursor.rowcount != 1:
            raise ObjectDoesNotExist(model.__name__)


@cache
def _update_of(model: type[Model], names: tuple[str, ...]) -> str:
    columns = (model._meta.get_field(name).column for name in names)  # type: ignore[union-attr]
    return f'UPDATE "{model._meta.db_table}" SET {", ".join(f"{column} = %s" for column in columns)} WHERE id = %s'


def fetch(statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def containing(words: str) -> str:
    """A pattern of LIKE for what has these words anywhere, whatever signs are in them."""
    return f"%{words.translate(_NO_PATTERN)}%"


_NO_PATTERN = str.maketrans({sign: f"\\{sign}" for sign in "\\%_"})
