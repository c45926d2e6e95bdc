"""Acts on a case: one verb each, then back to its page; after a refusal the page again, with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from disputes import forms as shapes
from disputes import queries, services
from disputes.views.rooms import case_page
from identity.acting import CompanyRequest, for_company
from identity.shown_lately import check_sensitive
from kernel.errors import Forbidden, NotFound, Refused


@dataclass(frozen=True)
class Act:
    verb: Callable[..., object]
    done: Any
    form: type[forms.Form] = shapes.NoForm


ACTS: dict[str, Act] = {
    "settled": Act(services.say_settled, _("Noted. When the other side says so as well, the case ends.")),
    "request": Act(
        services.request_mediation,
        _("Mediation is requested: the office takes it from here."),
        shapes.RequestForm,
    ),
    "withdraw": Act(services.withdraw_case, _("The case is withdrawn, and payment is released.")),
    "answer": Act(services.answer_case, _("Your answer is sent."), shapes.AnswerForm),
    "accept_mediator": Act(services.accept_mediator, _("Noted: you do not object.")),
    "object": Act(
        services.object_to_mediator,
        _("Your objection is noted: another mediator is looked for."),
        shapes.ReasonForm,
    ),
    "consent": Act(services.give_consent, _("Your consent is recorded."), shapes.ConsentForm),
    "leave": Act(services.leave_mediation, _("You have left the mediation.")),
    "longer": Act(services.ask_longer, _("Noted. When both sides ask, the time is counted anew.")),
    "message": Act(services.leave_message_once, _("Sent."), shapes.MessageForm),
    "sign": Act(services.sign_terms, _("Your signature is recorded."), shapes.SignForm),
    "file": Act(services.file_settlement, _("The settlement is on its way to the desk."), shapes.FilingForm),
    "perform": Act(services.perform_without_award, _("What was agreed is performed now.")),
    "note_award": Act(services.begin_after_award, _("What was agreed is performed now.")),
    "receive": Act(services.receive_instalment, _("The payment is recorded."), shapes.ReceiveForm),
    "report": Act(
        services.report_performance,
        _("Noted. The other side is asked to confirm it, or to say otherwise in time."),
    ),
    "contest": Act(
        services.contest_performance,
        _("Noted: what was settled was not done. Payment of the order stays held."),
    ),
    "confirm": Act(services.confirm_performance, _("The settlement is performed, and the case has ended.")),
    "close": Act(services.close_case, _("The case is closed, and payment is released.")),
}


@require_POST
@for_company
def case_act(request: CompanyRequest, case: str, act: str) -> HttpResponse:
    known = ACTS.get(act)
    if known is None:
        raise Http404
    queries.case_of(request.actor, case)  # the unseen first: strangers are not even asked for their password
    check_sensitive(request, act)
    form = known.form(request.POST, request.FILES)
    if not form.is_valid():
        return case_page(request, case, failed=act, error=_first_error(form), status=422)
    try:
        known.verb(actor=request.actor, case=case, now=timezone.now(), **form.cleaned_data)
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        return case_page(request, case, failed=act, error=str(refused), status=refused.status)
    messages.success(request, str(known.done))
    return redirect("case", company=request.actor.company.slug, case=case)


def _first_error(form: forms.Form) -> str:
    field, errors = next(iter(form.errors.items()))
    label = form.fields[field].label if field in form.fields else ""
    return f"{label}: {errors[0]}" if label else str(errors[0])
