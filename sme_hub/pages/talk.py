"""Talking: the company's threads, one thread, and the first message about a product or an order."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from disputes.queries import unread_conversations
from identity import services
from identity.acting import CompanyRequest, current_actor, for_company
from identity.actors import Member
from identity.models import Company
from identity.queries import (
    MessagePage,
    messages_of,
    seen_by_the_other_side,
    thread_between,
    thread_of,
    unread_threads,
)
from identity.rules.phrases import phrases_for, phrases_in_words
from identity.services import MatterFacts, Words
from kernel.errors import Refused
from kernel.etags import tag_of, unless_known
from kernel.ids import new_uuid
from kernel.refusals import add_to_form
from kernel.sheets import read_as, sheet_of
from sme_hub.matters import matter_of, page_of
from sme_hub.pages import talk_rows
from sme_hub.pages.talk_rows import title_of

READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    """Up to a few files from one field."""

    widget = ManyFilesInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        clean = super().clean
        return [clean(each, initial) for each in data or ()]


class MessageForm(forms.Form):
    """What is said. Bounds are the verb's to say."""

    body = forms.CharField(
        label=gettext_lazy("Message"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    phrases = forms.MultipleChoiceField(
        label=gettext_lazy("Ready phrases"), required=False, widget=forms.CheckboxSelectMultiple
    )
    attachments = ManyFiles(
        label=gettext_lazy("Attachments"),
        required=False,
        help_text=gettext_lazy("Up to 5 files: PDF, PNG or JPEG of up to 5 MB each."),
    )
    key = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, side: str, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = phrases_for(side, kind)
        self.fields["phrases"].choices = [(each.code, each.label) for each in self.offered]  # type: ignore[attr-defined]

    def words(self) -> Words:
        given = self.cleaned_data
        return Words(
            body=given["body"],
            phrases=given["phrases"],
            files=[(file, file.name or "") for file in given["attachments"]],
        )

    @property
    def fresh_key(self) -> str:
        """For the next attempt: a refusal is remembered under the key of the last."""
        return new_uuid().hex


COLUMNS = (
    *(pgettext_lazy("conversation", "About"), gettext_lazy("Kind"), gettext_lazy("Other company")),
    *(pgettext_lazy("conversations", "Unread"), gettext_lazy("Last message by")),
    *(gettext_lazy("Last message at"), gettext_lazy("Last message"), gettext_lazy("Attachments")),
)

# --- the list ------------------------------------------------------------------------------------------------------


@require_safe
@for_company
def talk(request: CompanyRequest) -> HttpResponse:
    """The company's threads and the rooms of its cases, by their last message; `?show=unread` and `?q=` narrow, `?after=` turns the page."""
    words, unread = _asked(request)
    after = request.GET.get("after", "")[:60]
    rows, following = talk_rows.page_of(request.actor, unread=unread, words=words, after=after)
    shown = {
        "rows": rows,
        "words": words,
        "unread_only": unread,
        "unread": unread_threads(request.actor) + unread_conversations(request.actor),
        "next_url": _list_url(request, words, unread, following) if following else "",
        "first_url": _list_url(request, words, unread) if after else "",
    }
    return render(request, "talk/threads.html", shown)


@require_safe
@for_company
def talk_export(request: CompanyRequest, form: str) -> HttpResponseBase:
    """What the list shows, each conversation with what was said last, as a file."""
    words, unread = _asked(request)
    rows = read_as(talk_rows.all_rows(request.actor, unread=unread, words=words), talk_rows.cells)
    return sheet_of(f"conversations-{timezone.localdate():%Y%m%d}", COLUMNS, rows, form)


def _asked(request: CompanyRequest) -> tuple[str, bool]:
    return request.GET.get("q", "").replace("\0", "")[:100], request.GET.get("show") == "unread"


def _list_url(request: CompanyRequest, words: str, unread: bool, after: str = "") -> str:
    asked = {"q": words, "show": "unread" if unread else "", "after": after}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('talk', args=[request.actor.company.slug])}?{query}"


# --- one thread ----------------------------------------------------------------------------------------------------


@READ_OR_SEND
@for_company
def thread(request: CompanyRequest, thread: str) -> HttpResponse:
    """The conversation and the form below it; whoever looks has read it."""
    found = thread_of(request.actor, thread)
    form = _form(request, found.kind, _side(found, request))
    if request.method == "POST" and form.is_valid():
        sent = _said(
            form,
            lambda words, key: services.send_once(
                actor=request.actor, thread=thread, words=words, key=key, now=timezone.now()
            ),
        )
        if sent:
            return redirect(f"{request.path}#end")
    if request.method == "GET":
        _mark_read(request, found)
    page = messages_of(found, before=request.GET.get("before", "")[:60])
    shown = _conversation(request, found, page) | {"form": form, "live": "before" not in request.GET}
    return render(request, "talk/thread.html", shown, status=_status(form))


@require_safe
@for_company
def thread_news(request: CompanyRequest, thread: str) -> HttpResponse:
    """The messages as they are now, for who has the thread open; 304 while nothing is new."""
    found = thread_of(request.actor, thread)
    _mark_read(request, found)

    def answer() -> HttpResponse:
        return render(request, "talk/_messages.html", _conversation(request, found, messages_of(found)))

    return unless_known(request, _state(found), answer)


def _mark_read(request: CompanyRequest, found: Any) -> None:
    if found.is_unread:
        services.mark_thread_read(actor=request.actor, thread=found, now=timezone.now())


def _state(found: Any) -> str:
    return f"{found.last_message_key} {found.seen_to}"


def _conversation(request: CompanyRequest, found: Any, page: MessagePage) -> dict[str, Any]:
    slug = request.actor.company.slug
    here = reverse("thread", args=[slug, found.public_id])
    language = get_language() or "en"
    return {
        "thread": found,
        "title": title_of(found),
        "other": found.other.name_in(language),
        "matter_url": page_of(found, slug),
        "lines": [_line(message, request) for message in page.messages],
        "earlier_url": f"{here}?before={page.before}" if page.before else "",
        "here": here,
        "news_url": reverse("thread_news", args=[slug, found.public_id]),
        "tag": tag_of(_state(found)),
        "seen_at": seen_by_the_other_side(found, request.actor.company_id),
    }


def _line(message: Any, request: CompanyRequest) -> dict[str, Any]:
    return {
        "message": message,
        "ours": message.company_id == request.actor.company_id,
        "phrases": phrases_in_words(message.phrases),
        "files": list(message.files.all()),
    }


def _side(found: Any, request: CompanyRequest) -> str:
    return "buyer" if found.buyer_id == request.actor.company_id else "seller"


# --- asking --------------------------------------------------------------------------------------------------------


@require_safe
@login_required
def ask(request: HttpRequest, matter: str) -> HttpResponse:
    """From a public page: on to the same in the workspace of the company last worked in, or to choosing one."""
    actor = current_actor(request)
    if not isinstance(actor, Member):
        messages.info(request, _("Choose the company that you ask for, or register it, then ask again."))
        return redirect("desk")
    return redirect("talk_ask", company=actor.company.slug, matter=matter)


@READ_OR_SEND
@for_company
def talk_ask(request: CompanyRequest, matter: str) -> HttpResponse:
    """The first message about a product or an order; where the thread exists already, on to it."""
    facts = matter_of(request.actor, matter)
    known = thread_between(
        request.actor, matter=facts.uid, buyer_id=facts.buyer_id, seller_id=facts.seller_id
    )
    if known and request.method != "POST":
        return redirect("thread", company=request.actor.company.slug, thread=known.public_id)
    side = "buyer" if facts.buyer_id == request.actor.company_id else "seller"
    form = _form(request, facts.kind, side)
    if request.method == "POST" and form.is_valid():
        sent = _said(
            form,
            lambda words, key: services.ask_once(
                actor=request.actor, matter=facts, words=words, key=key, now=timezone.now()
            ),
        )
        if sent:
            return redirect("thread", company=request.actor.company.slug, thread=sent["thread"])
    chinese = (get_language() or "en").startswith("zh")
    names = (facts.title_zh, facts.title_en) if chinese else (facts.title_en, facts.title_zh)
    shown = {
        "title": names[0] or names[1],
        "kind": facts.kind,
        "form": form,
        "other": _other_side(facts, request).name_in(get_language() or "en"),
    }
    return render(request, "talk/ask.html", shown, status=_status(form))


def _other_side(facts: MatterFacts, request: CompanyRequest) -> Company:
    ours = request.actor.company_id
    return Company.objects.get(pk=facts.seller_id if facts.buyer_id == ours else facts.buyer_id)


def _form(request: CompanyRequest, kind: str, side: str) -> MessageForm:
    if request.method == "POST":
        return MessageForm(request.POST, request.FILES, side=side, kind=kind)
    return MessageForm(side=side, kind=kind)


def _said(form: MessageForm, verb: Any) -> Any:
    """What the verb answers, called once; None where it refuses: the form says why, and nothing typed is lost."""
    try:
        return verb(form.words(), form.cleaned_data["key"] or new_uuid().hex)
    except Refused as refused:
        if refused.status == 404:
            raise
        add_to_form(form, refused)
        return None


def _status(form: MessageForm) -> int:
    return 422 if form.is_bound and form.errors else 200
