"""Identities that people have shown, what binds companies to them, and their links: to look at. Hashes are shown to nobody."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from identity.models import EntityBinding, ExternalIdentity, IdentityLink
from kernel.admin import ReadOnlyAdmin


@admin.register(ExternalIdentity)
class ExternalIdentityAdmin(ReadOnlyAdmin):
    named = (gettext_lazy("external identity"), gettext_lazy("external identities"))
    list_display = ("user", "issuer", "level_code", "last_proved_at", "ended_at")
    list_filter = ("issuer",)
    list_select_related = ("user", "issuer")
    search_fields = ("user__email",)
    exclude = ("subject_hash", "assertion_digest")


@admin.register(EntityBinding)
class EntityBindingAdmin(ReadOnlyAdmin):
    named = (gettext_lazy("company proved by an identity"), gettext_lazy("companies proved by an identity"))
    list_display = ("company", "identifier", "entity_status", "proved_at", "valid_to", "ended_at")
    list_filter = ("entity_status", "scheme")
    list_select_related = ("company",)
    search_fields = ("company__legal_name", "identifier")
    exclude = ("evidence_digest", "identity")


@admin.register(IdentityLink)
class IdentityLinkAdmin(ReadOnlyAdmin):
    named = (gettext_lazy("link of identities"), gettext_lazy("links of identities"))
    list_display = ("user", "first_issuer", "second_issuer", "kind", "state", "started_at")
    list_filter = ("state", "kind")
    list_select_related = ("user", "first_issuer", "second_issuer")
    exclude = ("session", "ceremony_id", "first", "second")
