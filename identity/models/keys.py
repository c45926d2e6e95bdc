"""The platform's own keys, by which issuers of identities know it and write to it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from identity.states import KeyUse


class SigningKey(models.Model):
    """A key pair. Its public half is on `/.well-known/jwks.json` from its making until `published_until`."""

    #: RFC 7638 thumbprint
    kid = models.CharField(max_length=64, unique=True)
    use = models.CharField(_("use"), max_length=3, choices=KeyUse)
    #: public JWK
    public_part = models.JSONField()
    #: private JWK, encrypted (`kernel.encryption`)
    sealed = models.TextField()
    made_at = models.DateTimeField()
    #: nothing is signed with it any more, and no issuer should write to it
    retired_at = models.DateTimeField(null=True)
    #: what was signed with it is checked until then, what was written to it is opened until then
    published_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["use"], condition=Q(retired_at__isnull=True), name="own_key_in_use_once"
            ),
            models.CheckConstraint(condition=Q(use__in=KeyUse.values), name="own_key_use_known"),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, published_until__isnull=True)
                | Q(published_until__gte=F("retired_at")),
                name="own_key_published_past_its_use",
            ),
        ]

    def __str__(self) -> str:
        return self.kid
