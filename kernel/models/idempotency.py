"""Answers kept by idempotency key, so that a repeated request gets the first answer."""

from __future__ import annotations

from django.db import models


class IdempotencyKey(models.Model):
    #: 0 when no company acts
    company_id = models.BigIntegerField(default=0)
    #: `identity.actors` key: the user's membership, or the API token
    principal = models.CharField(max_length=80)
    verb = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    #: SHA-256 of the request's body, hex
    body_hash = models.CharField(max_length=64)
    #: what was answered, refusals too; null while the first request is still running
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company_id", "principal", "verb", "key"], name="idempotency_key_once"
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return f"{self.verb} {self.key}"
