"""Pages of papers: the list, one paper with its versions, a file, and what a deal's page shows of them."""

from __future__ import annotations

from csp.decorators import csp_exempt
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents import queries, services
from documents.forms import CorrectionForm
from documents.models import Paper, Rendition
from documents.rows import paper_rows
from documents.rules import due_kinds
from documents.states import PaperKind
from identity.acting import CompanyRequest, for_company
from kernel.errors import Forbidden, NotFound, Refused
from kernel.refusals import add_to_form
from kernel.sheets import Row, read_as, sheet_of
from orders.models import Order


@require_safe
@for_company
def papers(request: CompanyRequest) -> HttpResponse:
    kind, words = request.GET.get("kind", ""), request.GET.get("q", "")
    lines, after = queries.lines_of(request.actor, kind=kind, words=words, after=request.GET.get("after", ""))
    shown = {
        "papers": paper_rows(lines, request.actor),
        "after": after,
        "kind": kind,
        "words": words,
        "kinds": PaperKind.choices,
        "is_waiting": not all(line.is_ready for line in lines),
    }
    return render(request, "documents/papers.html", shown)


@require_safe
@for_company
def papers_export(request: CompanyRequest, form: str) -> HttpResponseBase:
    """The papers that the list shows, as a file."""
    found = queries.exported(request.actor, kind=request.GET.get("kind", ""), words=request.GET.get("q", ""))
    columns = (
        *(_("Number"), _("Kind"), _("Issued on"), _("Order"), _("Purchase order number")),
        *(_("Seller"), _("Buyer")),
    )
    return sheet_of(f"papers-{timezone.localdate():%Y%m%d}", columns, read_as(found, _exported_row), form)


def _exported_row(paper: Paper) -> Row:
    return (
        paper.printed_number,
        paper.get_kind_display(),
        paper.issued_on,
        paper.order.reference,
        paper.order.po_number,
        paper.company.legal_name,
        paper.buyer.legal_name,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_company
def paper(request: CompanyRequest, paper: str) -> HttpResponse:
    """One paper; a POST corrects it."""
    found = queries.paper_of(request.actor, paper)
    said = queries.latest_data(found)
    form = CorrectionForm(
        request.POST or None,
        initial={"po_number": said["po_number"], "remarks": said.get("remarks", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            version = services.reissue(
                actor=request.actor, paper=paper, correction=form.correction(), now=timezone.now()
            )
        except (NotFound, Forbidden):
            raise
        except Refused as refused:
            add_to_form(form, refused)
        else:
            told = _("Version %(version)s of %(number)s is issued.")
            messages.success(request, told % {"version": version.version, "number": found.printed_number})
            return redirect("paper", company=request.actor.company.slug, paper=paper)
    shown = {
        "paper": found,
        "form": form,
        "may_correct": queries.may_correct(request.actor, found),
        "is_waiting": not all(version.is_ready for version in found.versions.all()),
    }
    return render(request, "documents/paper.html", shown)


@require_safe
@for_company
def order_papers(request: CompanyRequest, order: str) -> HttpResponse:
    """The fragment of a deal's page, which asks for itself again while papers are being prepared."""
    deal = Order.objects.visible_to(request.actor).fetch(order)
    return render(request, "documents/panel.html", panel(deal, request))


def panel(order: Order, request: CompanyRequest) -> dict[str, object]:
    """What `documents/panel.html` shows of `order`."""
    rows = queries.papers_of(order, request.actor)
    to_come = due_kinds(order.state) - {paper.kind for paper in rows}
    is_waiting = bool(to_come) or not all(paper.shown.is_ready for paper in rows)
    return {"papers": rows, "papers_are_waiting": is_waiting, "order": order}


@require_safe
@csp_exempt()  # browsers show a PDF by a page of their own, which our policy would keep from working
@for_company
def paper_file(request: CompanyRequest, rendition: str) -> FileResponse:
    """A PDF, as a download, or shown in place with `?show`."""
    found = queries.rendition_of(request.actor, rendition)
    return pdf_answer(found, as_attachment="show" not in request.GET)


def pdf_answer(rendition: Rendition, *, as_attachment: bool) -> FileResponse:
    """The stored file under its printed number; never kept by caches."""
    try:
        stored = default_storage.open(str(rendition.file.name))
    except OSError as error:
        raise Http404 from error
    answer = FileResponse(
        stored,
        as_attachment=as_attachment,
        filename=queries.file_name(rendition),
        content_type="application/pdf",
    )
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
