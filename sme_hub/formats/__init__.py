"""How Django's own pages write dates, so that the operator's desk reads as the rest does."""
