"""What the other side is told when somebody writes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from identity.events import MessageSent
from identity.models import Message
from identity.queries import authors_of, readers_of
from identity.rules.notices import Kind
from identity.states import Role
from kernel.events import Occurrence
from sme_hub.telling.rows import UNREAD_FOR, Matter, Row, no_deadline


def thread_of(event: MessageSent, occurrence: Occurrence) -> Matter:
    """The thread; whoever has written in it for the side that is told hears of it, besides those whose work it is."""
    message = Message.objects.select_related("thread__buyer", "thread__seller").get(pk=event.message_id)
    thread = message.thread
    sender = thread.buyer if message.company_id == thread.buyer_id else thread.seller
    return Matter(
        about=thread.uid,
        row=message,
        event=event,
        now=occurrence.now,
        sides={
            "buyer": (thread.buyer_id, thread.buyer.slug),
            "seller": (thread.seller_id, thread.seller.slug),
        },
        params={
            "party": {"en": sender.name_in("en"), "zh": sender.name_in("zh-hans")},
            "title": {"en": thread.title_en, "zh": thread.title_zh},
        },
    )


def thread_page(matter: Matter, side: str) -> str:
    return reverse("thread", args=[matter.sides[side][1], matter.row.thread.public_id])


def _row(to: str, role: str) -> Row:
    kind = Kind(
        code=f"talk.to_{to}",
        words=_("%(party)s wrote to you about %(title)s"),
        icon="message-square",
        group="talk",
        # two who talk at the same time read each other on the page
        patience=timedelta(minutes=1),
    )
    return Row(
        kind=kind,
        reader=thread_of,
        path=thread_page,
        on=(MessageSent,),
        to=to,
        roles=(role,),
        also=_authors,
        waits=True,
        when=lambda matter: matter.row.company_id != matter.sides[to][0],
        until=(MessageSent,),
        respond_by=no_deadline,
        remind_after=UNREAD_FOR,
        seen_by=_readers,
    )


def _readers(matter: Matter, side: str) -> Any:
    """With the page open, words are read before anybody is told of them."""
    return readers_of(matter.row.thread, matter.sides[side][0])


def _authors(matter: Matter, side: str) -> Any:
    return authors_of(matter.row.thread, matter.sides[side][0])


ROWS = (_row("seller", Role.SELLER), _row("buyer", Role.BUYER))
