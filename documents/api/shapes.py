"""The shape of what the API of papers takes and gives."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from documents.models import Paper
from documents.states import PaperKind, PaperLanguage
from kernel.api import Asked, IdPlaceField


class ListShape(Asked):
    kind = serializers.ChoiceField(choices=PaperKind.choices, allow_blank=True, default="")
    order = serializers.CharField(max_length=40, allow_blank=True, default="", help_text="Public id, `ord_…`")
    q = serializers.CharField(
        max_length=80,
        allow_blank=True,
        default="",
        help_text="Printed number, order reference or purchase order number",
    )
    after = IdPlaceField(Paper.PREFIX)
    size = serializers.IntegerField(min_value=1, max_value=100, default=25)


class DownloadShape(Asked):
    language = serializers.ChoiceField(choices=PaperLanguage.choices, default=PaperLanguage.ENGLISH)
    version = serializers.IntegerField(
        min_value=1, max_value=32767, allow_null=True, default=None, help_text="The latest without it"
    )


class CorrectionShape(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200, help_text="Printed on the new version")
    po_number = serializers.CharField(max_length=60, allow_blank=True, default="")
    remarks = serializers.CharField(max_length=1000, allow_blank=True, default="")


class FileShape(serializers.Serializer[Any]):
    language = serializers.ChoiceField(choices=PaperLanguage.choices)
    size = serializers.IntegerField(help_text="Bytes")
    sha256 = serializers.CharField(source="digest")


class VersionShape(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    reason = serializers.CharField()
    issued_at = serializers.DateTimeField(source="created_at")
    ready = serializers.BooleanField(source="is_ready")
    files = FileShape(source="renditions", many=True)


class PaperShape(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField(choices=PaperKind.choices)
    number = serializers.CharField(source="printed_number")
    order = serializers.CharField(source="order.public_id")
    seller = serializers.CharField(source="company.legal_name")
    buyer = serializers.CharField(source="buyer.legal_name")
    issued_on = serializers.DateField()
    versions = VersionShape(many=True)


class PaperPageShape(serializers.Serializer[Any]):
    results = PaperShape(many=True)
    next = serializers.CharField(help_text="Give it as `after`; empty on the last page")


class WholePaperShape(PaperShape):
    contents = serializers.JSONField(help_text="Everything the latest version prints; decimals as text")
