"""A person's inbox: what they were told, across all companies that they act for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from typing import NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from identity import services
from identity.models import User
from identity.queries import InboxLine, inbox_of, lines_of, preferences_of, unread_count
from identity.rules.notices import GROUPS, kind_of, words_of
from identity.services import Wish
from identity.states import NoticeMail
from identity.views.companies import READ_OR_SEND
from kernel.etags import unless_known
from kernel.naming import local
from kernel.sheets import Row, read_as, sheet_of
from kernel.templatetags.look import icon, time_element


def _reader(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


@require_safe
@login_required
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """The lines, newest first; `?show=unread` narrows, `?after=` turns the page. Three statements."""
    now = timezone.now()
    unread = request.GET.get("show") == "unread"
    page = inbox_of(_reader(request), now=now, unread=unread, after=request.GET.get("after", "")[:60])
    shown = {
        "lines": _shown_lines(page.notices),
        "unread_only": unread,
        "unread": unread_count(_reader(request), now),
        "asked": "?show=unread" if unread else "",
        "next_url": _page_url(unread, page.after) if page.after else "",
        "first_url": _page_url(unread) if request.GET.get("after") else "",
        "read_at": _moment(request.GET.get("read", "")),
    }
    return render(request, "identity/inbox.html", shown)


COLUMNS = (
    *(_lazy("Company"), _lazy("What you were told"), _lazy("Told on")),
    *(_lazy("State"), _lazy("Until"), _lazy("Read on")),
)


@require_safe
@login_required
def inbox_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The lines that the page shows, all its pages."""
    language = get_language() or "en"
    found = lines_of(_reader(request), now=timezone.now(), unread=request.GET.get("show") == "unread")
    rows = read_as(found, lambda line: _row(line, language))
    return sheet_of(f"inbox-{timezone.localdate():%Y%m%d}", COLUMNS, rows, form)


def _row(line: InboxLine, language: str) -> Row:
    state = _("Waits for you") if line.is_waiting else _("Done") if line.settled_at else ""
    told = words_of(line.code, line.params, language)
    company = "" if line.company_en is None else local(line, "company")
    return (company, told, line.at, state, line.respond_by if line.is_waiting else None, line.read_at)


def _page_url(unread: bool, after: str = "") -> str:
    query = ({"show": "unread"} if unread else {}) | ({"after": after} if after else {})
    return f"{reverse('inbox')}?{urlencode(query)}" if query else reverse("inbox")


class ShownLine(NamedTuple):
    """A line as its reader sees it: ready, escaped strings, so that a line costs a template next to nothing."""

    url: SafeString
    is_read: bool
    icon: SafeString
    words: SafeString
    #: for which company, when, and whether it waits
    note: SafeString


def _shown_lines(lines: list[InboxLine]) -> list[ShownLine]:
    base = reverse("notice", args=["0"])[:-2]
    language = get_language() or "en"
    say = _words_in(language)
    return [_shown_line(line, base, language, say) for line in lines]


def _shown_line(line: InboxLine, base: str, language: str, say: _Words) -> ShownLine:
    return ShownLine(
        url=SafeString(f"{base}{line.public_id}/"),
        is_read=line.read_at is not None,
        icon=icon(kind_of(line.code).icon),
        words=SafeString(escape(words_of(line.code, line.params, language))),
        note=SafeString(" · ".join(_notes(line, say))),
    )


def _notes(line: InboxLine, say: _Words) -> Iterator[str]:
    if line.company_en is not None:
        yield escape(local(line, "company"))
    yield time_element(line.at)
    if line.is_waiting:
        yield f"{say.waits} {say.by} {time_element(line.respond_by)}" if line.respond_by else say.waits
        if line.reminded_at:
            yield say.reminder
    elif line.settled_at:
        yield say.done


@dataclass(frozen=True)
class _Words:
    """What many lines say, in one language."""

    waits: str
    by: str
    reminder: str
    done: str


@cache
def _words_in(language: str) -> _Words:
    """`language` is that of the thread; it keeps the languages apart in memory."""
    return _Words(
        waits=f'<span class="status status-warning">{icon("hourglass")}{escape(_("Waits for you"))}</span>',
        by=escape(pgettext("deadline", "by")),
        reminder=escape(_("Reminder")),
        done=f"{icon('circle-check')} {escape(_('Done'))}",
    )


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The number beside the bell, asked for after the page; 304 while it is the same."""
    if not request.user.is_authenticated:
        return HttpResponse(status=204)
    count = unread_count(_reader(request), timezone.now())
    return unless_known(request, f"{count}", lambda: render(request, "identity/bell.html", {"count": count}))


@require_safe
@login_required
@never_cache
def notice(request: HttpRequest, notice: str) -> HttpResponse:
    """The link in mails and lists: marks the line as read and goes where it leads."""
    found = services.read_notice(user=_reader(request), notice=notice, now=timezone.now())
    return redirect(found.path)


@require_POST
@login_required
def notice_mark(request: HttpRequest, notice: str) -> HttpResponse:
    """Read, or put back as unread; back to where the button stood."""
    verb = services.put_back if request.POST.get("unread") else services.read_notice
    verb(user=_reader(request), notice=notice, now=timezone.now())
    return redirect(_page_url(request.POST.get("show") == "unread"))


@require_POST
@login_required
def inbox_read_all(request: HttpRequest) -> HttpResponse:
    """All are read; the page offers to undo it."""
    now = timezone.now()
    count = services.read_all(user=_reader(request), now=now)
    query = {"read": now.isoformat()} if count else {}
    return redirect(f"{reverse('inbox')}?{urlencode(query)}")


@require_POST
@login_required
def inbox_undo(request: HttpRequest) -> HttpResponse:
    read_at = _moment(request.POST.get("read", ""))
    if read_at:
        services.put_all_back(user=_reader(request), read_at=read_at, now=timezone.now())
    return redirect("inbox")


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None


# --- preferences ---------------------------------------------------------------------------------------------------


class WishForm(forms.Form):
    """One group: by mail when, and whether lines that only inform stand in the inbox."""

    mail = forms.ChoiceField(choices=NoticeMail.choices, widget=forms.Select(attrs={"class": "input"}))
    informs = forms.BooleanField(required=False)


@READ_OR_SEND
@login_required
@never_cache
def inbox_preferences(request: HttpRequest) -> HttpResponse:
    user = _reader(request)
    chosen = preferences_of(user)
    rows = [
        (
            label,
            WishForm(
                request.POST if request.method == "POST" else None,
                prefix=group,
                initial={"mail": chosen[group].mail, "informs": chosen[group].informs},
            ),
        )
        for group, label in GROUPS.items()
        if user.is_staff or group != "office"
    ]
    if request.method == "POST" and all(form.is_valid() for _label, form in rows):
        wishes = {str(form.prefix): Wish(**form.cleaned_data) for _label, form in rows}
        services.choose_how_told(user=user, wishes=wishes)
        messages.success(request, _("From now on you are told like this."))
        return redirect("inbox_preferences")
    return render(request, "identity/inbox_preferences.html", {"rows": rows})
