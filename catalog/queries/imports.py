"""A seller's imports and what is wrong with which row."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from catalog.models import ImportJob, ImportProblem
from catalog.rules.problems import words_of
from identity.actors import Actor
from kernel.sealing import NotSealed, seal, unseal

IMPORTS_A_PAGE = 25
PAGE = 50


def imports(*, actor: Actor) -> QuerySet[ImportJob]:
    """The acting company's imports, newest first."""
    return ImportJob.objects.filter(company_id=actor.company_id or 0).order_by("-id")


def import_job(*, actor: Actor, public_id: str) -> ImportJob:
    """One of them. Raises `NotFound`."""
    job: ImportJob = imports(actor=actor).fetch(public_id)  # type: ignore[attr-defined]
    return job


def problems(
    job: ImportJob, *, after: tuple[int, int] | None = None, size: int = PAGE
) -> list[ImportProblem]:
    """What is to be mended, by line; `size` + 1 rows tell that there is more. `after` is (line, key) of the last seen."""
    rows = job.problems.all()
    if after is not None:
        line, pk = after
        rows = rows.filter(line__gt=line) | rows.filter(line=line, pk__gt=pk)
    return list(rows[: size + 1])


def cursor_of(problem: ImportProblem) -> str:
    """Names the place behind a problem in the list."""
    return seal("problem", problem.line, problem.pk)


def read_cursor(text: str) -> tuple[int, int] | None:
    """The place that `cursor_of` named; None, the beginning, when it names none."""
    try:
        line, pk = unseal("problem", text, count=2)
    except NotSealed:
        return None
    return line, pk


def report_rows(job: ImportJob) -> Iterator[tuple[str, str, str, str]]:
    """Line, column, what stood there and what to mend, in the present language."""
    for problem in job.problems.iterator(chunk_size=500):
        yield str(problem.line), problem.column, problem.value, words_of(problem.code, problem.facts)


def refusal_words(job: ImportJob) -> str:
    """Why the whole file could not be used; empty when it could."""
    return words_of(job.refusal, job.refusal_facts) if job.refusal else ""
