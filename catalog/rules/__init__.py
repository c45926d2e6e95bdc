"""Pure decisions of the catalogue: codes, quantities, prices, what a complete listing is, what words find it."""
