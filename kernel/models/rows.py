"""Rows that people see: a bigint key that is never shown, and a public id that is."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models

from kernel.errors import NotFound
from kernel.ids import MalformedId, new_uuid, parse_public_id, public_id


class PublicQuerySet(models.QuerySet[Any]):
    """Finds rows by the id that addresses carry."""

    def with_public_id(self, text: str) -> Self:
        """Narrow to the row of this public id; to nothing when the text is no such id."""
        try:
            return self.filter(uid=parse_public_id(self.model.PREFIX, text))
        except MalformedId:
            return self.none()

    def fetch(self, text: str) -> Any:
        """The row of this public id; `NotFound` when this queryset does not hold it."""
        row = self.with_public_id(text).first()
        if row is None:
            raise NotFound
        return row


class PublicRow(models.Model):
    """Abstract: a unique UUIDv7 rendered with the model's `PREFIX`."""

    PREFIX: ClassVar[str]

    uid: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        default=new_uuid, unique=True, editable=False
    )

    class Meta:
        abstract = True

    @property
    def public_id(self) -> str:
        return public_id(self.PREFIX, self.uid)
