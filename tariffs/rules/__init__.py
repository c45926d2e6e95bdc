"""Pure knowledge of trade: units, Incoterms, the Harmonized System, countries."""
