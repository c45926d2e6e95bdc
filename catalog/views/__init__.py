"""Pages of the catalogue: public ones here, the seller's workspace beside them."""
