"""Companies that may be on a list, for an officer to decide; and the copies of the lists, with a form to bring one in."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity import services
from identity.actors import DECIDE_CANDIDATE, IMPORT_LIST, staff_actor
from identity.models import Candidate, ListSnapshot, ListSource
from identity.queries.screening import source_ages
from identity.services.screening import refusal_words
from identity.services.screening.deciding import CandidateChanged
from kernel.admin import BoundedPaginator, ReadOnlyAdmin
from kernel.errors import Forbidden, Refused
from kernel.refusals import about, add_to_form

#: what an alikeness rests on
HOW = {
    "latin": gettext_lazy("Latin letters"),
    "pinyin": gettext_lazy("as spoken (pinyin)"),
    "han": gettext_lazy("Chinese characters"),
    "other": gettext_lazy("letters of another script"),
}
DIFFERS = {
    "name": gettext_lazy("the registered name is another"),
    "status": gettext_lazy("the register does not call it live"),
}
#: what entries say beside their names
FACTS = {
    "type": gettext_lazy("Kind of company"),
    "status": gettext_lazy("Status"),
    "registered_on": gettext_lazy("Registered on"),
    "street": gettext_lazy("Street"),
    "postal_code": gettext_lazy("Postal code"),
    "title": gettext_lazy("Office held"),
    "flag": gettext_lazy("Flag"),
    "owner": gettext_lazy("Owner of the vessel"),
    "born": gettext_lazy("Year of birth"),
    "reference": gettext_lazy("Number of the resolution"),
    "listed_on": gettext_lazy("Listed on"),
    "nationality": gettext_lazy("Nationality"),
    "designation": gettext_lazy("Designation"),
    "country": gettext_lazy("Country"),
    "mentioned": gettext_lazy("Told by the publisher, and read there"),
}


class CandidateForm(forms.Form):
    """One officer's decision on one candidate."""

    #: what the officer looks at
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    confirmed = forms.TypedChoiceField(
        label=gettext_lazy("Decision"),
        choices=[("no", gettext_lazy("Somebody else")), ("yes", gettext_lazy("The same"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What you compared, and with what result. The company does not read it."),
    )


class ListForm(forms.Form):
    """A copy of a list, as its publisher gives it."""

    source = forms.ModelChoiceField(label=gettext_lazy("List"), queryset=ListSource.objects.all())
    as_of = forms.DateField(
        label=gettext_lazy("As of"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("The day that the publisher says, not the day on which you fetched it."),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "As it came: ACRA’s CSV in one file, OFAC’s sdn.csv, the XML of the United Nations."
        ),
    )


@admin.register(Candidate)
class CandidateAdmin(ReadOnlyAdmin):
    """Those that wait first, the most alike on top. States are moved by the verb only."""

    named = (gettext_lazy("company that may be on a list"), gettext_lazy("companies that may be on a list"))
    labels: ClassVar[dict[str, Any]] = {
        "company": gettext_lazy("company"),
        "state": gettext_lazy("state"),
        "source": gettext_lazy("list"),
    }
    list_display = ("company", "listed_name", "source", "score", "state", "decide_link", "found_at")
    list_filter = ("state", "source")
    list_select_related = ("company", "source")
    search_fields = ("company__legal_name", "company__registration_number", "=ref")
    ordering = ("-state", "-score", "id")
    paginator = BoundedPaginator
    fields = (
        "company",
        "listed_name",
        "source",
        "ref",
        "score",
        "state",
        "decided_by",
        "reason",
        "decided_at",
    )
    readonly_fields = ("listed_name",)
    change_list_template = "identity/operator/candidates.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Candidate]:
        queue: QuerySet[Candidate] = super().get_queryset(request).filter(ended_at__isnull=True)
        return queue

    def get_urls(self) -> list[URLPattern]:
        decide = path(
            "<int:candidate_id>/decide/",
            self.admin_site.admin_view(self.decide),
            name="identity_candidate_decide",
        )
        return [decide, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {**(extra_context or {}), **_ages()})

    def decide(self, request: HttpRequest, candidate_id: int) -> HttpResponse:
        """The company beside the entry, and the form that calls the verb."""
        if not request.user.has_perm(DECIDE_CANDIDATE):
            raise Forbidden
        standing = Candidate.objects.standing().select_related(
            "company", "source", "entry__snapshot", "decided_by"
        )
        candidate = get_object_or_404(standing, pk=candidate_id)
        form = CandidateForm(
            request.POST if request.method == "POST" else None, initial={"seen": candidate.seen}
        )
        if form.is_valid():
            try:
                services.decide_candidate(
                    actor=staff_actor(request.user),  # type: ignore[arg-type]
                    candidate=candidate,
                    now=timezone.now(),
                    **form.cleaned_data,
                )
                messages.success(request, _("The decision is recorded."))
                return redirect("admin:identity_candidate_changelist")
            except CandidateChanged as refused:
                messages.error(request, str(refused))
                return redirect(request.path)
            except Refused as refused:
                add_to_form(form, refused)
        shown = {
            **self.admin_site.each_context(request),
            **_ages(),
            "title": about(candidate.source, candidate.company),
            "opts": self.model._meta,
            "candidate": candidate,
            "company": candidate.company,
            "entry": candidate.entry,
            "facts": [(FACTS.get(name, name), value) for name, value in candidate.entry.facts.items()],
            "how": HOW.get(candidate.why.get("how", ""), ""),
            "differs": [DIFFERS.get(what, what) for what in candidate.why.get("differs", ())],
            "form": form,
        }
        return TemplateResponse(request, "identity/operator/decide_candidate.html", shown)

    @admin.display(description=gettext_lazy("on the list"))
    def listed_name(self, candidate: Candidate) -> str:
        return str(candidate.why.get("listed", candidate.ref))

    @admin.display(description=gettext_lazy("decision"))
    def decide_link(self, candidate: Candidate) -> str:
        address = reverse("admin:identity_candidate_decide", args=[candidate.pk])
        return format_html('<a href="{}">{}</a>', address, _("Look and decide"))


@admin.register(ListSnapshot)
class ListSnapshotAdmin(ReadOnlyAdmin):
    """What was brought in, when, by whom, and what came of it."""

    named = (gettext_lazy("copy of a list"), gettext_lazy("copies of lists"))
    labels: ClassVar[dict[str, Any]] = {"state": gettext_lazy("state"), "source": gettext_lazy("list")}
    list_display = (
        *("source", "as_of", "state", "rows", "rows_new", "rows_changed", "rows_gone"),
        *("companies_screened", "short_digest", "imported_at"),
    )
    list_filter = ("source", "state")
    list_select_related = ("source",)
    ordering = ("-pk",)
    paginator = BoundedPaginator
    fields = (
        *("source", "as_of", "state", "why_refused", "rows", "rows_new", "rows_changed", "rows_gone"),
        *("companies_screened", "file_name", "digest", "received_at", "imported_by", "imported_at"),
        "screened_at",
    )
    readonly_fields = ("why_refused",)
    change_list_template = "identity/operator/lists.html"

    def get_urls(self) -> list[URLPattern]:
        bring = path(
            "import/", self.admin_site.admin_view(self.bring_in), name="identity_listsnapshot_import"
        )
        return [bring, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        may = {"may_import": request.user.has_perm(IMPORT_LIST)}
        return super().changelist_view(request, {**(extra_context or {}), **_ages(), **may})

    def bring_in(self, request: HttpRequest) -> HttpResponse:
        """A file of a list, for a worker to read."""
        if not request.user.has_perm(IMPORT_LIST):
            raise Forbidden
        form = ListForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            given = form.cleaned_data
            try:
                services.receive_list(
                    actor=staff_actor(request.user),  # type: ignore[arg-type]
                    source=given["source"],
                    file=given["file"],
                    file_name=given["file"].name,
                    as_of=given["as_of"],
                    now=timezone.now(),
                )
                messages.success(request, _("The file is here; it is read and compared with every company."))
                return redirect("admin:identity_listsnapshot_changelist")
            except Refused as refused:
                add_to_form(form, refused)
        shown = {
            **self.admin_site.each_context(request),
            "title": _("Bring in a list"),
            "opts": self.model._meta,
            "form": form,
        }
        return TemplateResponse(request, "identity/operator/import_list.html", shown)

    @admin.display(description="SHA-256")
    def short_digest(self, snapshot: ListSnapshot) -> str:
        return format_html('<code title="{}">{}…</code>', snapshot.digest, snapshot.digest[:16])

    @admin.display(description=gettext_lazy("why not usable"))
    def why_refused(self, snapshot: ListSnapshot) -> str:
        return refusal_words(snapshot) or "–"


def _ages() -> dict[str, Any]:
    """Every list with the copy in force, those that are too old marked. Two queries."""
    today = timezone.localdate()
    ages = source_ages()
    return {
        "ages": [(age, age.is_stale_on(today)) for age in ages],
        "stale": any(age.was_brought_in and age.is_stale_on(today) for age in ages),
        "none_yet": not any(age.was_brought_in for age in ages),
    }
