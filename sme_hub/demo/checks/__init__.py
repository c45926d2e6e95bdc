"""What is checked in the demo's files: codes, quantities, packs, prices, words and numbers of things. Pure functions."""

from sme_hub.demo.checks.catalogue import check_catalogue
from sme_hub.demo.checks.companies import check_companies
from sme_hub.demo.checks.findings import Finding
from sme_hub.demo.checks.listings import attributes_by_category, check_listing

__all__ = ["Finding", "attributes_by_category", "check_catalogue", "check_companies", "check_listing"]
