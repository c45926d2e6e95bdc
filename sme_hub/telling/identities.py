"""What people are told of the identities of their cities, and officers of links that wait for their word."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from identity.actors import DECIDE_LINK
from identity.events import (
    IdentitiesLinked,
    IdentityConnected,
    IdentityEnded,
    IdentityLinkMatched,
    IdentityLinkRejected,
    IdentityLinkRevoked,
    IdentityLinkUndone,
)
from identity.models import ExternalIdentity, IdentityLink
from identity.queries import officers_who_may
from identity.rules.notices import Kind
from identity.states import LinkState
from kernel.events import Occurrence
from sme_hub.telling.rows import Matter, Row

LinkEvent = (
    IdentityLinkMatched | IdentitiesLinked | IdentityLinkRejected | IdentityLinkRevoked | IdentityLinkUndone
)


def link_of(event: LinkEvent, occurrence: Occurrence) -> Matter:
    """For its person."""
    link = IdentityLink.objects.select_related("user").get(pk=event.link_id)
    return Matter(about=link.uid, row=link, event=event, now=occurrence.now, users=[link.user_id])


def link_to_decide(event: LinkEvent, occurrence: Occurrence) -> Matter:
    """For the officers who decide: nobody on their own."""
    link = IdentityLink.objects.get(pk=event.link_id)
    officers = [officer for officer in officers_who_may(DECIDE_LINK) if officer != link.user_id]
    return Matter(about=link.uid, row=link, event=event, now=occurrence.now, users=officers)


def identity_of(event: IdentityConnected | IdentityEnded, occurrence: Occurrence) -> Matter:
    identity = ExternalIdentity.objects.select_related("user", "issuer").get(pk=event.identity_id)
    issuer = {"en": identity.issuer.name_en, "zh": identity.issuer.name_zh}
    return Matter(
        about=identity.uid,
        row=identity,
        event=event,
        now=occurrence.now,
        params={"issuer": issuer},
        users=[identity.user_id],
    )


def _their_page(name: str, *args: Any) -> Any:
    """In the language of the one person who is told."""

    def path(matter: Matter, side: str) -> str:
        with translation.override(matter.row.user.language):
            return reverse(name, args=[getattr(matter.row, arg) for arg in args])

    return path


def _link_row(code: str, words: Any, icon: str, on: type[Any]) -> Row:
    kind = Kind(code=code, words=words, icon=icon, group="account")
    return Row(kind=kind, reader=link_of, path=_their_page("linking", "public_id"), on=(on,), to="person")


def _identity_row(code: str, words: Any, icon: str, on: type[Any]) -> Row:
    """Each has a letter of its own, which leaves whatever somebody has chosen about mails."""
    kind = Kind(code=code, words=words, icon=icon, group="account", mail=False)
    return Row(kind=kind, reader=identity_of, path=_their_page("identities"), on=(on,), to="person")


ROWS = (
    Row(
        kind=Kind(
            code="link.to_decide",
            words=_("Somebody wants their two identities linked, and the names do not settle it: decide"),
            icon="link",
            group="office",
        ),
        reader=link_to_decide,
        path=lambda matter, side: (
            reverse("admin:identity_identitylink_changelist") + "?state__exact=" + LinkState.MATCHED
        ),
        on=(IdentityLinkMatched,),
        to="staff",
        waits=True,
        when=lambda matter: matter.row.state == LinkState.MATCHED,
        until=(IdentitiesLinked, IdentityLinkRejected, IdentityLinkRevoked),
    ),
    _link_row(
        "link.waits",
        _("Two officers look at the link of your identities: the names do not settle that it is one person"),
        "link",
        IdentityLinkMatched,
    ),
    _link_row("link.linked", _("Your two identities are linked."), "circle-check", IdentitiesLinked),
    _link_row(
        "link.rejected",
        _("The officers did not accept the link of your identities"),
        "circle-x",
        IdentityLinkRejected,
    ),
    _link_row(
        "link.revoked", _("The link of your two identities was taken back"), "link", IdentityLinkRevoked
    ),
    _link_row(
        "link.undone",
        _("The programme’s officers have undone the link of your identities: read why"),
        "circle-alert",
        IdentityLinkUndone,
    ),
    _identity_row(
        "identity.connected",
        _("%(issuer)s is connected to your account: whoever signs in there as you is let in here"),
        "shield-check",
        IdentityConnected,
    ),
    _identity_row(
        "identity.ended",
        _("%(issuer)s is disconnected from your account"),
        "circle-alert",
        IdentityEnded,
    ),
)
