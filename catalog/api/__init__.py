"""`/api/v1/products/` and `/api/v1/imports/`: the seller's verbs for programs."""
