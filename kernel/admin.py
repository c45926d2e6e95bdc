"""The operator's view of the kernel: read events, look at parked deliveries and replay them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kernel import services
from kernel.admin_files import FiledAdmin
from kernel.events import names_of_events
from kernel.models import Delivery, Event, Switch
from kernel.queries import lanes_at_a_glance
from kernel.subscriptions import names_of_handlers


class NamedAdmin(FiledAdmin):
    """`named`: what the desk calls one row and many of them. `labels`: its columns, where the model has no words for them.

    Said here, not in the model: words of a page are no matter for a migration.
    """

    named: tuple[Any, Any] | None = None
    labels: ClassVar[dict[str, Any]] = {}

    def __init__(self, model: Any, admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        if self.named:
            self.opts.verbose_name, self.opts.verbose_name_plural = self.named
        for field, label in self.labels.items():
            self.opts.get_field(field).verbose_name = label  # type: ignore[union-attr]  # a column, no relation back


class BoundedPaginator(Paginator):
    """Counts no further than `MOST`: whoever looks for one of more filters or searches."""

    MOST = 5_000

    @cached_property
    def count(self) -> int:
        found: Any = self.object_list
        counted: int = found.order_by().values("pk")[: self.MOST].count()
        return counted


class ReadOnlyAdmin(NamedAdmin):
    """Rows that are looked at here and changed by verbs only."""

    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Headed by what it lists, not by "Select … to view"."""
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


class KnownNames(admin.SimpleListFilter):
    """By a name that the code knows: asking a year's rows which names there are would read them all."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(**{str(self.parameter_name): value}) if value else queryset


class EventNameFilter(KnownNames):
    title = _("name")
    parameter_name = "name"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [(name, name) for name in names_of_events()]


class HandlerFilter(KnownNames):
    title = _("handler")
    parameter_name = "handler"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [(name, name) for name in names_of_handlers()]


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    named = (_("event"), _("events"))
    list_display = ("id", "name", "actor", "company_id", "at")
    list_filter = (EventNameFilter,)
    paginator = BoundedPaginator
    search_fields = ("=subject_id", "=about")


class ParkedFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("parked", _("parked")), ("waiting", _("waiting")), ("done", _("done"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        match self.value():
            case "parked":
                return queryset.filter(parked_at__isnull=False)
            case "waiting":
                return queryset.filter(parked_at__isnull=True, done_at__isnull=True)
            case "done":
                return queryset.filter(done_at__isnull=False)
        return queryset


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    named = (_("delivery"), _("deliveries"))
    list_display = ("id", "handler", "lane", "due_at", "attempts", "done_at", "parked_at", "error")
    list_filter = (ParkedFilter, "lane", HandlerFilter)
    paginator = BoundedPaginator
    actions = ("replay_parked",)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        lanes = lanes_at_a_glance(timezone.now())
        return super().changelist_view(request, {**(extra_context or {}), "lanes": lanes})

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    @admin.action(description=_("Replay parked deliveries"), permissions=["replay"])
    def replay_parked(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        count = services.replay(queryset.values_list("pk", flat=True), now=timezone.now())
        self.message_user(request, _("Started again: %(count)d") % {"count": count}, messages.SUCCESS)


@admin.register(Switch)
class SwitchAdmin(NamedAdmin):
    named = (_("switch"), _("switches"))
    labels: ClassVar[dict[str, Any]] = {
        "name": _("name"),
        "on": _("switched on"),
        "valid_from": _("holds from"),
        "note": _("note"),
    }
    list_display = ("name", "on", "valid_from", "note")
    #: one control with its label; Django's pair of date and time has none
    formfield_overrides: ClassVar[dict[Any, Any]] = {
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }
    }

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False
