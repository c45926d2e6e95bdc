from documents.rules.amounts import in_words
from documents.rules.due import due_kinds
from documents.rules.packing import Packed, Packing, plan_packing

__all__ = ["Packed", "Packing", "due_kinds", "in_words", "plan_packing"]
