"""Measures what requests cost against a fixed floor; see `bin/bench --help`."""
