"""The floor that every page is measured against: a bare Django, and never changed to make the product look better."""
