"""The tree of goods: five families and their categories, with attributes of their own."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from catalog.states import AttributeKind
from kernel.naming import local


class Category(models.Model):
    """A family (no parent) or a category in it. Reference rows, loaded from `catalog/reference/`."""

    code = models.SlugField(max_length=60, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name_en = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80)
    #: UNSPSC digits that products here usually begin with
    unspsc_prefix = models.CharField(max_length=8, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return local(self)

    def name_in(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") else self.name_en


class CategoryAttribute(models.Model):
    """A fact that products of a category state, e.g. the cut level of gloves."""

    category = models.ForeignKey(Category, models.PROTECT, related_name="attributes")
    code = models.SlugField(max_length=40)
    label_en = models.CharField(max_length=80)
    label_zh = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=AttributeKind)
    #: UN/ECE Rec 20 code of a number's unit
    unit = models.CharField(max_length=3, blank=True)
    #: choices as `code` or `code=English=Chinese`
    choices = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["category", "code"], name="attribute_once_per_category")
        ]

    def __str__(self) -> str:
        return f"{self.category_id}.{self.code}"
