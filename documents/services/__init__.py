from documents.services.cleaning import remove_orphans
from documents.services.correcting import Correction, reissue
from documents.services.issuing import issue_confirmation, issue_invoice, issue_packing_list
from documents.services.rendering import keep_renditions, render_versions

__all__ = [
    "Correction",
    "issue_confirmation",
    "issue_invoice",
    "issue_packing_list",
    "keep_renditions",
    "reissue",
    "remove_orphans",
    "render_versions",
]
