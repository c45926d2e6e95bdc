"""Django's backend for PostgreSQL with one change, in `base`: settings name this package as ENGINE."""
