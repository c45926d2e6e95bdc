"""A person takes along what is held of them, from every room."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from identity import services
from sme_hub.own_data import written

#: files of one person
LIMIT = {"own_data": "10/h/user"}


@require_POST
@login_required
@reauthentication_required
def my_data_file(request: HttpRequest) -> HttpResponseBase:
    """To whoever has just shown again that it is them; that it was taken stands in the history of the account."""
    if refused := ratelimit.consume_or_429(
        request, app="sme_hub", action="own_data", config=LIMIT, user=request.user
    ):
        return refused  # type: ignore[no-any-return]
    now = timezone.now()
    services.note_data_taken(user=request.user, now=now)  # type: ignore[arg-type]
    response = StreamingHttpResponse(
        written(request.user, now=now),  # type: ignore[arg-type]
        content_type="application/json; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    response["Cache-Control"] = "private, no-store"
    return response
