"""Imports: send a file, watch it being read, see what to mend."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import PurePath
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.forms.small import ImportForm
from catalog.models import ImportJob
from catalog.queries import imports as queries
from catalog.queries.categories import category_tree
from catalog.queries.product_page import attributes_by_category
from catalog.rules.columns import COLUMNS
from catalog.rules.problems import words_of
from catalog.services import receive_import
from catalog.states import ImportState
from catalog.views.selling import exporting
from catalog.views.selling.held import held_publishing
from identity.acting import CompanyRequest, for_company
from identity.states import Role
from kernel.errors import Refused
from kernel.refusals import add_to_form
from kernel.sheets import MOST_CSV, Row, read_as, sheet_of
from kernel.templatetags.look import quantity, time_element

TONES = {
    ImportState.DONE: "success",
    ImportState.REFUSED: "danger",
    ImportState.WAITING: "",
    ImportState.READING: "info",
    ImportState.RUNNING: "info",
}


@require_safe
@for_company(Role.SELLER)
def table(request: CompanyRequest) -> HttpResponse:
    rows = queries.imports(actor=request.actor)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    size = queries.IMPORTS_A_PAGE
    jobs = list(rows[: size + 1])
    shown = {
        "jobs": _job_rows(jobs[:size], request.actor.company.slug),
        "next_url": f"?before={jobs[size - 1].pk}" if len(jobs) > size else "",
    }
    return render(request, "catalog/selling/imports.html", shown)


@require_safe
@for_company(Role.SELLER)
def export(request: CompanyRequest, form: str) -> HttpResponseBase:
    """What became of every file, as a file."""
    rows = read_as(queries.imports(actor=request.actor)[: MOST_CSV + 1].iterator(chunk_size=500), _row)
    header = (_("File"), _("State"), _("Sent"), _("New"), _("Changed"), _("Unchanged"), _("Refused"))
    return sheet_of(f"imports-{timezone.localdate():%Y%m%d}", header, rows, form)


class JobRow(NamedTuple):
    """The cells of a file: ready, escaped strings, so that a row costs a template next to nothing."""

    #: its name, which leads to its report
    file: SafeString
    state: SafeString
    created: str
    changed: str
    unchanged: str
    refused: str
    sent: SafeString


def _job_rows(jobs: Sequence[ImportJob], company: str) -> list[JobRow]:
    base = reverse("import", args=[company, "0"]).removesuffix("0/")
    language = translation.get_language() or "en"
    dry_run = f'<span class="table-sub">{escape(_("Dry run"))}</span>'
    return [
        JobRow(
            file=SafeString(
                f'<a href="{base}{job.public_id}/">{escape(job.file_name)}</a>{dry_run if job.dry_run else ""}'
            ),
            state=_state(job.state, language),
            created=quantity(job.rows_created),
            changed=quantity(job.rows_changed),
            unchanged=quantity(job.rows_unchanged),
            refused=quantity(job.rows_refused),
            sent=time_element(job.created_at),
        )
        for job in jobs
    ]


@cache
def _state(state: str, language: str) -> SafeString:
    """A state in words with its icon; `language` is that of the thread and keeps the languages apart in memory."""
    looks = {"label": ImportState(state).label, "tone": TONES[ImportState(state)]}
    return render_to_string("components/status.html", looks)


def _row(job: ImportJob) -> Row:
    counts = (job.rows_created, job.rows_changed, job.rows_unchanged, job.rows_refused)
    return job.file_name, job.get_state_display(), job.created_at, *counts


@require_http_methods(["GET", "HEAD", "POST"])
@for_company(Role.SELLER)
def new(request: CompanyRequest) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        now = timezone.now()
        try:
            job = receive_import(
                actor=request.actor,
                file=file,
                file_name=file.name,
                dry_run=form.cleaned_data["dry_run"],
                now=now,
            )
        except Refused as refused:
            add_to_form(form, refused)
        else:
            if job.created_at < now:
                messages.info(
                    request, _("You sent this file before. This is its report; nothing was done again.")
                )
            return redirect("import", company=request.actor.company.slug, job=job.public_id)
    held = held_publishing(request.actor)
    shown = {"form": form, "columns": COLUMNS, "categories": _categories(), "held": held}
    return render(request, "catalog/selling/import_new.html", shown, status=422 if form.errors else 200)


@require_safe
@for_company(Role.SELLER)
def report(request: CompanyRequest, job: str) -> HttpResponse:
    """How far it is, what became of the rows, what to mend. htmx asks for the progress alone until it is over."""
    found = queries.import_job(actor=request.actor, public_id=job)
    shown = _shown(request, found)
    if request.htmx and request.headers.get("HX-Target") == "progress":  # type: ignore[attr-defined]
        answer = render(request, "catalog/selling/import_progress.html", shown)
        if shown["finished"]:
            answer["HX-Refresh"] = "true"
        return answer
    problems = queries.problems(found, after=queries.read_cursor(request.GET.get("after", "")))
    last = problems[queries.PAGE - 1] if len(problems) > queries.PAGE else None
    shown |= {
        "problems": [
            {
                "line": problem.line,
                "column": problem.column,
                "value": problem.value,
                "words": words_of(problem.code, problem.facts),
            }
            for problem in problems[: queries.PAGE]
        ],
        "next_url": f"?after={queries.cursor_of(last)}" if last else "",
    }
    return render(request, "catalog/selling/import.html", shown)


@require_safe
@for_company(Role.SELLER)
def problems_file(request: CompanyRequest, job: str) -> HttpResponseBase:
    """Every problem of an import, as CSV."""
    found = queries.import_job(actor=request.actor, public_id=job)
    header = (_("Line"), _("Column"), _("What stood there"), _("What to mend"))
    stem = PurePath(found.file_name).stem.encode("ascii", "ignore").decode().replace('"', "") or "import"
    return exporting.csv_file(f"{stem}-problems.csv", [header], queries.report_rows(found))


@require_POST
@for_company(Role.SELLER)
def run_for_real(request: CompanyRequest, job: str) -> HttpResponse:
    """After a dry run: the same file, this time saved."""
    tried = queries.import_job(actor=request.actor, public_id=job)
    try:
        with tried.file.open("rb") as file:
            real = receive_import(
                actor=request.actor,
                file=file.file,
                file_name=tried.file_name,
                dry_run=False,
                now=timezone.now(),
            )
    except FileNotFoundError:
        messages.error(request, _("The file could not be found any more. Send it again."))
        return redirect("import_new", company=request.actor.company.slug)
    return redirect("import", company=request.actor.company.slug, job=real.public_id)


@require_safe
@for_company(Role.SELLER)
def template(request: CompanyRequest, form: str) -> HttpResponseBase:
    return exporting.template_file(form)


def _shown(request: CompanyRequest, job: ImportJob) -> dict[str, Any]:
    finished = job.state in (ImportState.DONE, ImportState.REFUSED)
    return {
        "job": job,
        "tone": TONES[ImportState(job.state)],
        "finished": finished,
        "total": job.rows_total or 0,
        "refusal": queries.refusal_words(job),
        "url": reverse("import", kwargs={"company": request.actor.company.slug, "job": job.public_id}),
        "trail": [(_("Imports"), reverse("imports", kwargs={"company": request.actor.company.slug}))],
    }


def _categories() -> list[dict[str, Any]]:
    """Codes of categories with their attributes, for those who fill in a file."""
    language = translation.get_language() or "en"
    known = attributes_by_category()
    return [
        {
            "code": category.code,
            "name": category.name_in(language),
            "family": family.name_in(language),
            "attributes": [
                {
                    "code": attribute.code,
                    "label": attribute.label_zh if language.startswith("zh") else attribute.label_en,
                    "required": attribute.required,
                    "choices": ", ".join(choice.split("=", 1)[0] for choice in attribute.choices),
                }
                for attribute in known.get(category.pk, [])
            ],
        }
        for family in category_tree().families
        for category in family.children
    ]
