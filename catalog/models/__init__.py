from catalog.models.categories import Category, CategoryAttribute
from catalog.models.imports import ImportJob, ImportPart, ImportProblem
from catalog.models.media import DataSheet, Image
from catalog.models.products import Pack, Product, Tier
from catalog.models.saved import Favourite, SavedSearch
from catalog.models.shelf import ShelfRow
from catalog.models.stock import Stock, StockMovement

__all__ = [
    "Category",
    "CategoryAttribute",
    "DataSheet",
    "Favourite",
    "Image",
    "ImportJob",
    "ImportPart",
    "ImportProblem",
    "Pack",
    "Product",
    "SavedSearch",
    "ShelfRow",
    "Stock",
    "StockMovement",
    "Tier",
]
