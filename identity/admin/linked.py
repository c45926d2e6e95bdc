"""Identities that people have shown and what binds companies to them, to look at; their links, to decide. Hashes are shown to nobody."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity import services
from identity.actors import DECIDE_LINK, Staff
from identity.admin.governed import GovernedAdmin
from identity.models import EntityBinding, ExternalIdentity, IdentityLink
from identity.rules.links import sounds_alike
from kernel.admin import ReadOnlyAdmin


@admin.register(ExternalIdentity)
class ExternalIdentityAdmin(ReadOnlyAdmin):
    named = (gettext_lazy("external identity"), gettext_lazy("external identities"))
    labels: ClassVar[dict[str, Any]] = {
        "user": gettext_lazy("person"),
        "issuer": gettext_lazy("issuer"),
        "level_code": gettext_lazy("level"),
        "last_proved_at": gettext_lazy("last shown"),
        "first_proved_at": gettext_lazy("first shown"),
        "ended_at": gettext_lazy("until"),
    }
    list_display = ("user", "issuer", "level_code", "last_proved_at", "ended_at")
    list_filter = ("issuer",)
    list_select_related = ("user", "issuer")
    search_fields = ("user__email",)
    exclude = ("subject_hash", "assertion_digest")


@admin.register(EntityBinding)
class EntityBindingAdmin(ReadOnlyAdmin):
    named = (gettext_lazy("company proved by an identity"), gettext_lazy("companies proved by an identity"))
    labels: ClassVar[dict[str, Any]] = {
        "company": gettext_lazy("company"),
        "scheme": gettext_lazy("register"),
        "identifier": gettext_lazy("registration number"),
        "entity_name": gettext_lazy("name as the issuer gave it"),
        "entity_status": gettext_lazy("on the register"),
        "roles": gettext_lazy("roles"),
        "proved_at": gettext_lazy("shown"),
        "valid_to": gettext_lazy("roles end"),
        "ended_at": gettext_lazy("until"),
    }
    list_display = ("company", "identifier", "entity_status", "proved_at", "valid_to", "ended_at")
    list_filter = ("entity_status", "scheme")
    list_select_related = ("company",)
    search_fields = ("company__legal_name", "identifier")
    exclude = ("evidence_digest", "identity")


@admin.register(IdentityLink)
class IdentityLinkAdmin(GovernedAdmin):
    """Links whose names do not settle that it is one person wait here: two officers accept, one is enough to refuse, and to undo
    one that stands.
    """

    named = (gettext_lazy("link of identities"), gettext_lazy("links of identities"))
    labels: ClassVar[dict[str, Any]] = {
        "user": gettext_lazy("person"),
        "first_issuer": gettext_lazy("first issuer"),
        "second_issuer": gettext_lazy("second issuer"),
        "kind": gettext_lazy("kind"),
        "state": gettext_lazy("state"),
        "started_at": gettext_lazy("started"),
        "expires_at": gettext_lazy("until"),
        "decided_at": gettext_lazy("decided"),
        "revoked_at": gettext_lazy("revoked"),
        "reason": gettext_lazy("reason"),
        "revoked_reason": gettext_lazy("why revoked"),
    }
    list_display = ("user", "names", "first_issuer", "second_issuer", "kind", "state", "started_at")
    list_filter = ("state", "kind")
    list_select_related = ("user", "first", "second", "first_issuer", "second_issuer")
    exclude = ("session", "ceremony_id")
    readonly_fields = ("names",)
    actions = ("accept", "refuse", "undo")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(DECIDE_LINK))

    @admin.display(description=gettext_lazy("names as the issuers gave them"))
    def names(self, link: IdentityLink) -> str:
        """What officers compare."""
        shown = [side.name_shown for side in (link.first, link.second) if side is not None]
        words = " · ".join(name or "-" for name in shown)
        if len(shown) == 2 and sounds_alike(*shown):
            return _("%(names)s (the one sounds like the other; others share that sound)") % {"names": words}
        return words

    @admin.action(description=gettext_lazy("Accept the link…"), permissions=["decide"])
    def accept(self, request: HttpRequest, queryset: QuerySet[IdentityLink]) -> HttpResponse | None:
        words = {
            "title": _("Accept these links?"),
            "consequence": _("With the word of a second, other officer the two identities are one person’s."),
        }
        return self.decided(request, queryset, words, _accept)

    @admin.action(description=gettext_lazy("Refuse the link…"), permissions=["decide"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[IdentityLink]) -> HttpResponse | None:
        words = {
            "title": _("Refuse these links?"),
            "consequence": _("They end. Their persons may begin anew."),
        }
        return self.decided(request, queryset, words, _refuse)

    @admin.action(description=gettext_lazy("Undo the link…"), permissions=["decide"])
    def undo(self, request: HttpRequest, queryset: QuerySet[IdentityLink]) -> HttpResponse | None:
        words = {
            "title": _("Undo these links?"),
            "consequence": _(
                "Nothing new rests on them from then on; what was signed keeps its evidence. Their persons are told, and read the "
                "reason."
            ),
        }
        return self.decided(request, queryset, words, _undo)


def _accept(officer: Staff, link: IdentityLink, given: dict[str, Any]) -> None:
    services.decide_link(actor=officer, link=link, accepted=True, reason=given["reason"], now=timezone.now())


def _refuse(officer: Staff, link: IdentityLink, given: dict[str, Any]) -> None:
    services.decide_link(actor=officer, link=link, accepted=False, reason=given["reason"], now=timezone.now())


def _undo(officer: Staff, link: IdentityLink, given: dict[str, Any]) -> None:
    services.undo_link(actor=officer, link=link, reason=given["reason"], now=timezone.now())
