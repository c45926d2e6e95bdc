from documents.models.numbering import NumberSeries
from documents.models.papers import Paper, PaperVersion, Rendition

__all__ = ["NumberSeries", "Paper", "PaperVersion", "Rendition"]
