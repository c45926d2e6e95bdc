"""A person takes along what is held of them, from every room."""

from __future__ import annotations

from os import SEEK_END

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST

from identity import services
from identity.shown_lately import asks_who_sends
from sme_hub.own_data import whole_file

#: files of one person
LIMIT = {"own_data": "10/h/user"}


@require_POST
@login_required
@asks_who_sends
def my_data_file(request: HttpRequest) -> HttpResponseBase:
    """To whoever has just shown again that it is them; that it was taken stands in the history of the account."""
    if refused := ratelimit.consume_or_429(
        request, app="sme_hub", action="own_data", config=LIMIT, user=request.user
    ):
        return refused  # type: ignore[no-any-return]
    now = timezone.now()
    file = whole_file(request.user, now=now)  # type: ignore[arg-type]
    services.note_data_taken(user=request.user, now=now)  # type: ignore[arg-type]
    length = file.seek(0, SEEK_END)
    file.seek(0)
    response = FileResponse(
        file, as_attachment=True, filename="my-data.json", content_type="application/json; charset=utf-8"
    )
    #: a browser that is cut off knows that it has not all of it
    response["Content-Length"] = length
    response["Cache-Control"] = "private, no-store"
    return response
