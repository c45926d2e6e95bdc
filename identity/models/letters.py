"""Letters that left by mail: what must not be sent twice."""

from __future__ import annotations

from django.db import models


class Letter(models.Model):
    """One letter to one person, known by the key of what caused it. The text and the address are not kept."""

    key = models.CharField(max_length=160, unique=True)
    #: template of the letter, e.g. `identity/letters/invitation`
    name = models.CharField(max_length=120)
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.key}"
