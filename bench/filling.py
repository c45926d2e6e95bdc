"""Rows for measuring, written in bulk: no verb has seen them."""

from __future__ import annotations

from typing import Any


def fill(cursor: Any, model: Any, source: str, **columns: Any) -> None:
    """One row of `model` for each of `source`: text is SQL, a list or a dict is itself, what is not named is the default."""
    from django.db import connection

    names, values, parameters = [], [], []
    for field in model._meta.concrete_fields:
        said = columns.pop(field.attname, None)
        if field.primary_key and said is None or (said is None and field.has_db_default()):
            continue
        names.append(field.column)
        if isinstance(said, str):
            values.append(said.replace("%", "%%"))
        elif field.attname == "uid":
            values.append("gen_random_uuid()")
        else:
            default = said if said is not None else None if field.null else field.get_default()
            values.append("%s")
            parameters.append(field.get_db_prep_save(default, connection))
    assert not columns, columns
    into = f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) SELECT {', '.join(values)}"
    cursor.execute(f"{into} FROM {source.replace('%', '%%')}", parameters)
