from documents.rules.amounts import in_words
from documents.rules.packing import Packed, Packing, plan_packing

__all__ = ["Packed", "Packing", "in_words", "plan_packing"]
