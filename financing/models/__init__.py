from financing.models.banks import Bank, BankMessage, FinancePreference
from financing.models.figures import FileFigures
from financing.models.offers import Offer, OfferRequest
from financing.models.registry import RegistryEntry

__all__ = [
    "Bank",
    "BankMessage",
    "FileFigures",
    "FinancePreference",
    "Offer",
    "OfferRequest",
    "RegistryEntry",
]
